"""The gold format: what is read, which line is refused, and how labels are laid on sentences."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ANNOTATED, LINES, write_gold
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import GoldError
from pipeline.gold import Unit, aligned, read_gold
from pipeline.labels import label_ids
from pipeline.records import Sentence


def test_what_was_written_is_read(gold_folder: Path) -> None:
    second, first = documents = read_gold(gold_folder)
    assert [(d.doc_id, d.vendor, d.origin) for d in documents] == [
        ("gio-bien", "Gio-Bien", "authored"),
        ("hoa-sen", "Hoa-Sen", "real"),
    ]
    assert [(first.text[u.start : u.end], u.kind, ",".join(u.labels)) for u in first.units] == LINES["hoa-sen"]
    assert [(e.kind, e.value, e.unit, e.optional, e.surface) for e in first.entities] == [
        ("retention", "P24M", 5, False, "24 tháng"),
        ("email", "gop-y@hoasenmoc.example", 7, False, "gop-y@hoasenmoc.example"),
    ]
    assert second.entities == ()
    assert (first.policy().doc_id, first.policy().vendor, first.policy().text) == ("hoa-sen", "Hoa-Sen", first.text)


def test_without_documents_csv_each_document_is_a_real_vendor(gold_folder: Path) -> None:
    (gold_folder / "documents.csv").unlink()
    assert [(d.vendor, d.origin) for d in read_gold(gold_folder)] == [("gio-bien", "real"), ("hoa-sen", "real")]


def test_surface_over_two_lines(gold_folder: Path) -> None:
    row = "address\tSố 1 Đường 2\t0\toptional\tSố 1\\nĐường 2\n"
    (gold_folder / "entities" / "gio-bien.tsv").write_text(row, encoding="utf-8")
    (entity,) = read_gold(gold_folder)[0].entities
    assert (entity.surface, entity.optional) == ("Số 1\nĐường 2", True)


def test_files_may_have_line_ends_of_windows(gold_folder: Path) -> None:
    before = read_gold(gold_folder)
    for path in [*gold_folder.glob("*/*.tsv"), gold_folder / "documents.csv"]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_gold(gold_folder) == before


def test_the_annotations_of_the_project_are_well_formed() -> None:
    documents = read_gold(ANNOTATED)
    assert {d.origin for d in documents} == {"real", "authored"}
    for document in documents:
        assert document.units, document.doc_id
        assert all(document.text[u.start : u.end].strip() == document.text[u.start : u.end] for u in document.units)
        assert all(u.labels == ("other",) for u in document.units if u.kind == "x"), document.doc_id


def line(number: int, new: str) -> Callable[[str], str]:
    """Puts `new` in the place of a line, counted from 1."""
    return lambda text: "".join(new if i == number else old for i, old in enumerate(text.splitlines(keepends=True), 1))


MALFORMED: dict[str, tuple[str, Callable[[str], str], str]] = {
    "unknown label": ("labels/hoa-sen.tsv", line(2, "1\t35\t63\th\tprivacy\n"), ":2"),
    "unknown second label": ("labels/hoa-sen.tsv", line(2, "1\t35\t63\th\tother,\n"), ":2"),
    "unknown kind": ("labels/hoa-sen.tsv", line(2, "1\t35\t63\tz\tother\n"), ":2"),
    "four labels": ("labels/hoa-sen.tsv", line(2, "1\t35\t63\ts\tother,contact,consent,cookies\n"), ":2"),
    "label twice": ("labels/hoa-sen.tsv", line(2, "1\t35\t63\ts\tcontact,contact\n"), ":2"),
    "too few columns": ("labels/hoa-sen.tsv", line(3, "2\t72\t99\th\n"), ":3"),
    "blanks for tabs": ("labels/hoa-sen.tsv", line(3, "2 72 99 h other\n"), ":3"),
    "blank line": ("labels/hoa-sen.tsv", line(3, "\n"), ":3"),
    "offset no number": ("labels/hoa-sen.tsv", line(1, "0\tx\t10\tx\tother\n"), ":1"),
    "offset a number for readers only": ("labels/hoa-sen.tsv", line(1, "0\t0\t²\tx\tother\n"), ":1"),
    "negative offset": ("labels/hoa-sen.tsv", line(1, "0\t-1\t10\tx\tother\n"), ":1"),
    "empty span": ("labels/hoa-sen.tsv", line(1, "0\t10\t10\tx\tother\n"), ":1"),
    "overlap": ("labels/hoa-sen.tsv", line(2, "1\t3\t63\th\tother\n"), ":2"),
    "beyond the text": ("labels/hoa-sen.tsv", line(8, "7\t400\t9999\ts\tcontact\n"), ":8"),
    "unit left out": ("labels/hoa-sen.tsv", line(2, ""), ":2"),
    "no units": ("labels/hoa-sen.tsv", lambda _: "", ":1"),
    "entity neither required nor optional": ("entities/hoa-sen.tsv", line(2, "email\ta@b.example\t7\tyes\tx\n"), ":2"),
    "entity without a unit": ("entities/hoa-sen.tsv", line(1, "email\ta@b.example\t\trequired\tx\n"), ":1"),
    "entity in a unit that is not there": (
        "entities/hoa-sen.tsv",
        line(1, "email\ta@b.example\t8\trequired\tx\n"),
        ":1",
    ),
    "entity with too few columns": ("entities/hoa-sen.tsv", line(2, "email\ta@b.example\t7\trequired\n"), ":2"),
    "unknown origin": ("documents.csv", line(3, "gio-bien,Gió Biển,invented\n"), ":3"),
    "no vendor": ("documents.csv", line(3, "gio-bien,,real\n"), ":3"),
    "no doc_id": ("documents.csv", line(2, ",Hoa Sen,real\n"), ":2"),
    "bad row below a cell of two lines": ("documents.csv", lambda t: t.replace("Hoa-Sen", '"Hoa\nSen"') + "x\n", ":5"),
    "open quotation mark": ("documents.csv", line(3, '"gio-bien,Gió Biển,real\n'), ""),
    "decomposed text": ("text/hoa-sen.txt", lambda text: text.replace("ủ", "u\u0309"), ""),
    "text with line ends of Windows": ("text/hoa-sen.txt", lambda text: text.replace("\n", "\r\n"), ""),
}


@pytest.mark.parametrize(("name", "spoil", "where"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_line_is_named(gold_folder: Path, name: str, spoil: Callable[[str], str], where: str) -> None:
    path = gold_folder / name
    path.write_bytes(spoil(path.read_text(encoding="utf-8")).encode())
    with pytest.raises(GoldError) as caught:
        read_gold(gold_folder)
    assert caught.value.subject == f"{path}{where}"
    assert caught.value.cause
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["text/hoa-sen.txt", "labels/hoa-sen.tsv", "entities/hoa-sen.tsv", "documents.csv"])
def test_file_that_is_not_utf_8_is_named(gold_folder: Path, name: str) -> None:
    (gold_folder / name).write_bytes(b"0\t0\t5\ts\tother\xff\n")
    with pytest.raises(GoldError, match=re.escape(name)):
        read_gold(gold_folder)


def test_missing_text_is_named(gold_folder: Path) -> None:
    (gold_folder / "text" / "hoa-sen.txt").unlink()
    with pytest.raises(GoldError, match=r"hoa-sen\.txt: cannot be read"):
        read_gold(gold_folder)


def test_a_text_may_lie_beside_the_gold_folder_as_it_was_scraped(gold_folder: Path) -> None:
    expected = read_gold(gold_folder)
    (gold_folder.parent / "raw").mkdir()
    (gold_folder / "text" / "hoa-sen.txt").rename(gold_folder.parent / "raw" / "hoa-sen.txt")
    assert read_gold(gold_folder) == expected


@pytest.mark.parametrize("folder", ["none", "labels"])
def test_folder_without_annotations(tmp_path: Path, folder: str) -> None:
    write_gold(tmp_path / "empty", {}, {})
    with pytest.raises(GoldError, match=r"labels/\*\.tsv"):
        read_gold(tmp_path / "empty" / folder)


def sentence(start: int, end: int) -> Sentence:
    return Sentence(doc_id="a", index=0, start=start, end=end, text="x" * (end - start), kind="body")


def unit(start: int, end: int) -> Unit:
    return Unit(start=start, end=end, kind="s", labels=("other",))


ALIGNED: dict[str, tuple[list[tuple[int, int]], list[tuple[int, int]], list[int | None]]] = {
    "the same": ([(0, 9), (10, 20)], [(0, 9), (10, 20)], [0, 1]),
    "a unit cut in two sentences": ([(0, 5), (5, 20)], [(0, 20)], [0, 0]),
    "a sentence over two units": ([(0, 20)], [(0, 8), (8, 20)], [1]),
    "of two equal units the first": ([(0, 20)], [(0, 10), (10, 20)], [0]),
    "less than half of both": ([(0, 10)], [(6, 30)], [None]),
    "just half of the shorter": ([(0, 10)], [(5, 30)], [0]),
    "no unit there": ([(0, 5), (50, 60)], [(10, 20)], [None, None]),
    "touching is not sharing": ([(0, 10)], [(10, 20)], [None]),
    "no units at all": ([(0, 5)], [], [None]),
    "a sentence left out by the annotator": ([(0, 5), (6, 9), (10, 15)], [(0, 5), (10, 15)], [0, None, 1]),
}


@pytest.mark.parametrize(("sentences", "units", "expected"), ALIGNED.values(), ids=ALIGNED)
def test_aligned(sentences: list[tuple[int, int]], units: list[tuple[int, int]], expected: list[int | None]) -> None:
    made = [unit(*span) for span in units]
    assert aligned([sentence(*span) for span in sentences], made) == [None if i is None else made[i] for i in expected]


SPANS = (
    st.lists(st.integers(0, 60), unique=True, max_size=24)
    .map(sorted)
    .map(lambda cuts: list(zip(cuts[::2], cuts[1::2], strict=False)))
)
"""Ordered, disjoint spans with gaps."""


@given(SPANS, SPANS)
def test_a_sentence_gets_the_unit_that_shares_most(
    sentences: list[tuple[int, int]], units: list[tuple[int, int]]
) -> None:
    found = aligned([sentence(*span) for span in sentences], [unit(*span) for span in units])
    assert len(found) == len(sentences)
    for (start, end), got in zip(sentences, found, strict=True):
        shared = [(min(end, e) - max(start, s), e - s) for s, e in units]
        fit = [common for common, length in shared if common > 0 and 2 * common >= min(length, end - start)]
        assert (got is None) == (not fit)
        assert got is None or min(end, got.end) - max(start, got.start) == max(fit)


@given(SPANS)
def test_spans_of_the_units_themselves_get_their_units(spans: list[tuple[int, int]]) -> None:
    units = [unit(*span) for span in spans]
    assert aligned([sentence(*span) for span in spans], units) == units


def test_guide_and_labels_agree() -> None:
    assert len(set(label_ids())) == len(label_ids()) == 19
