"""Sentences out to reviewers and back into gold: as workbooks, as JSON of Label Studio, whole, spoilt and twice."""

import copy
import json
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import fuzz_review
import numpy as np
import pytest
from conftest import ROOT, write_gold
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from pipeline.choose import choose
from pipeline.cli import main
from pipeline.errors import GoldError, ReviewError
from pipeline.gold import GoldDocument, Unit, read_all, read_gold
from pipeline.labels import label_ids
from pipeline.render import form
from pipeline.render.tables import COLUMNS
from pipeline.review import Reviewed, Source, folder, labelstudio, sheet
from pipeline.review.labels import choice, questions
from pipeline.train import examples

TEXT = """CHÍNH SÁCH BẢO MẬT

1. Thu thập thông tin

Cửa hàng Mây Tre thu thập họ tên và số điện thoại của khách hàng.
Dữ liệu 😀 được lưu trữ 24 tháng.

2. Chia sẻ

Chúng tôi không bán dữ liệu cho bên thứ ba.
"""
SENTENCES = [
    ("CHÍNH SÁCH BẢO MẬT", "heading", "other", 0.9),
    ("1. Thu thập thông tin", "heading", "data_collected", 0.8),
    ("Cửa hàng Mây Tre thu thập họ tên và số điện thoại của khách hàng.", "body", "data_collected", 0.95),
    ("Dữ liệu 😀 được lưu trữ 24 tháng.", "body", "retention", 0.4),
    ("2. Chia sẻ", "heading", "disclosure", 0.7),
    ("Chúng tôi không bán dữ liệu cho bên thứ ba.", "body", "disclosure", 0.3),
]
Cells = dict[str, str]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """What a run over one invented policy leaves, without a model."""
    import csv
    import hashlib

    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "mây tre.txt").write_text(TEXT, encoding="utf-8", newline="\n")
    out = tmp_path / "out"
    out.mkdir()
    sha = hashlib.sha256(TEXT.encode()).hexdigest()
    policy = dict.fromkeys(COLUMNS["policies"], "") | {
        "doc_id": "mây tre", "version": sha[:12], "vendor": "Mây Tre", "sha256": sha, "compared": True,
        "characters": len(TEXT), "sentences": len(SENTENCES),
    }  # fmt: skip
    said, clauses = [], []
    for index, (text, kind, label, score) in enumerate(SENTENCES):
        start = TEXT.index(text)
        said.append({"doc_id": "mây tre", "index": index, "start": start, "end": start + len(text), "text": text,
                     "kind": kind, "path": "CHÍNH SÁCH BẢO MẬT" if index else "", "lead_in": ""})  # fmt: skip
        for name, chance, first in ((label, score, True), ("security", 0.6, False)):
            clauses.append({"doc_id": "mây tre", "sentence": index, "label": name, "score": chance, "primary": first,
                            "unsure": score < 0.4})  # fmt: skip
    for name, rows in (("policies", [policy]), ("sentences", said), ("clauses", clauses)):
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, COLUMNS[name])
            writer.writeheader()
            writer.writerows(rows)
    (out / "run.json").write_text(json.dumps({"source": str(tmp_path / "raw")}), encoding="utf-8")
    return out


def exported(run: Path, name: str = "review.xlsx", *more: str) -> Path:
    path = run.parent / name
    assert main(["review", "export", "--for", "labels", str(run), str(path), *more]) == 0
    return path


def fill(path: Path, change: Callable[[str, Cells], Mapping[str, str]]) -> None:
    """Fills in a workbook as Excel would: `change` gets the text and cells of a row and says which become what."""
    book = load_workbook(path)
    page = book[form.ROWS]
    ids = [cell.value for cell in page[form.HEADER]]
    for row in page.iter_rows(min_row=form.HEADER + 1):
        cells = {name: str(cell.value or "") for name, cell in zip(ids, row, strict=True)}
        for name, value in change(cells["text"], cells).items():
            row[ids.index(name)].value = value or None
    book.save(path)


def keeping(text: str, cells: Cells) -> Mapping[str, str]:
    """A reviewer who finds the first retention and sharing sentences right and adds a label to one."""
    if "24 tháng" in text:
        return {"label_1": cells["said"], "label_2": choice("security"), "reviewer": "Lan", "comment": "a\tb"}
    return {"label_1": "disclosure", "reviewer": "Lan"} if "không bán" in text else {}


def imported(path: Path, gold: Path, *more: str) -> int:
    return main(["review", "import", str(path), "--gold", str(gold), *more])


def test_out_to_excel_and_back_into_gold(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = exported(run)
    fill(path, keeping)
    assert imported(path, tmp_path / "gold") == 0
    assert "2 units added, 0 there already, 0 refused" in capsys.readouterr().out
    (document,) = read_gold(tmp_path / "gold")
    assert (document.vendor, document.origin, document.partly, document.text) == ("Mây Tre", "real", True, TEXT)
    assert [(TEXT[u.start : u.end], u.kind, u.labels) for u in document.units] == [
        ("Dữ liệu 😀 được lưu trữ 24 tháng.", "s", ("retention", "security")),
        ("Chúng tôi không bán dữ liệu cho bên thứ ba.", "s", ("disclosure",)),
    ]
    (labels,) = (tmp_path / "gold" / "labels").iterdir()
    assert labels.read_text(encoding="utf-8").splitlines()[0].split("\t")[5:] == ["Lan", "a b"]
    assert imported(path, tmp_path / "gold") == 0  # twice
    assert "0 units added, 2 there already" in capsys.readouterr().out


def test_unlabelled_sentences_are_no_training_units(run: Path, tmp_path: Path) -> None:
    path = exported(run)
    fill(path, keeping)
    imported(path, tmp_path / "gold")
    found = examples(read_all([write_gold(tmp_path / "other"), tmp_path / "gold"]))
    assert found.vendors.count("Mây Tre") == 2
    assert {unit.heading for unit, v in zip(found.units, found.vendors, strict=True) if v == "Mây Tre"} == {
        "1. Thu thập thông tin",
        "2. Chia sẻ",
    }


def test_two_folders_with_one_document_are_refused(tmp_path: Path) -> None:
    one, two = write_gold(tmp_path / "one"), write_gold(tmp_path / "two")
    with pytest.raises(GoldError, match="another gold folder has it too"):
        read_all([one, two])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label_1": "lottery"}, "unknown label 'lottery'"),
        ({"label_1": "", "label_2": "security"}, "a second label without a main one"),
        ({"label_2": "disclosure"}, "label 'disclosure' twice"),
        ({"reviewer": ""}, "nobody stands as reviewer"),
        ({"id": "000000000000"}, "no sentence has the id '000000000000'"),
        ({"id": ""}, "no sentence has the id ''"),
        ({"text": "Chúng tôi bán dữ liệu cho bên thứ ba."}, "sentence or id was altered"),
    ],
)
def test_a_spoilt_row_is_refused_and_the_others_are_taken(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Cells, said: str
) -> None:
    path = exported(run)
    fill(path, lambda text, cells: {**keeping(text, cells), **(change if "không bán" in text else {})})
    assert imported(path, tmp_path / "gold") == 1
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    assert f"sheet {form.ROWS}, row " in line
    assert said in line
    assert "1 units added, 0 there already, 1 refused" in captured.out


def test_ids_that_change_places_are_noticed(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, ids = exported(run), {}
    fill(path, lambda text, cells: ids.update({text: cells["id"]}) or {})
    one, two = (next(t for t in ids if part in t) for part in ("24 tháng", "không bán"))
    fill(path, lambda text, cells: {**keeping(text, cells), **({"id": ids[two]} if text == one else {})})
    assert imported(path, tmp_path / "gold") == 1
    assert "altered" in capsys.readouterr().err


def test_a_row_that_was_copied(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = exported(run)
    fill(path, keeping)
    book = load_workbook(path)
    page = book[form.ROWS]
    for row in list(page.iter_rows(min_row=form.HEADER + 1, values_only=True)):
        if "không bán" in row[6]:
            page.append(row)
    book.save(path)
    assert imported(path, tmp_path / "gold") == 1
    assert "stands in the file twice" in capsys.readouterr().err


def test_sorted_rows_and_dropped_columns_do_no_harm(run: Path, tmp_path: Path) -> None:
    path = exported(run)
    fill(path, keeping)
    book = load_workbook(path)
    page = book[form.ROWS]
    rows = sorted(page.iter_rows(min_row=form.HEADER + 1, values_only=True), key=lambda row: row[6])
    for number, row in enumerate(rows, form.HEADER + 1):
        for at, value in enumerate(row, 1):
            page.cell(number, at).value = value
    page.delete_cols(1, 2)
    book.save(path)
    assert imported(path, tmp_path / "gold") == 0
    assert len(read_gold(tmp_path / "gold")[0].units) == 2


def test_the_reviewer_on_the_command_line(run: Path, tmp_path: Path) -> None:
    path = exported(run)
    fill(path, lambda text, cells: {"label_1": "retention"} if "24 tháng" in text else {})
    assert imported(path, tmp_path / "gold", "--reviewer", "Minh") == 0
    (labels,) = (tmp_path / "gold" / "labels").iterdir()
    assert "\tMinh\t" in labels.read_text(encoding="utf-8")


def test_what_stands_in_gold_is_not_overwritten(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = exported(run), exported(run, "two.xlsx")
    fill(one, keeping)
    imported(one, tmp_path / "gold")
    (labels,) = (tmp_path / "gold" / "labels").iterdir()
    before = labels.read_bytes()
    fill(two, lambda text, cells: {"label_1": "security", "reviewer": "Minh"} if "không bán" in text else {})
    assert imported(two, tmp_path / "gold") == 1
    assert "already labelled disclosure by Lan" in capsys.readouterr().err
    assert labels.read_bytes() == before
    fill(two, lambda text, cells: {"label_1": "other", "reviewer": "Minh"} if text.startswith("2.") else {})
    imported(two, tmp_path / "gold")
    assert [u.labels[0] for u in read_gold(tmp_path / "gold")[0].units] == ["retention", "other", "disclosure"]


def test_another_text_of_that_name_is_not_touched(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported(run)
    fill(path, keeping)
    imported(path, tmp_path / "gold")
    (text,) = (tmp_path / "gold" / "text").iterdir()
    text.write_text(TEXT + "Thêm.\n", encoding="utf-8")
    assert imported(path, tmp_path / "gold") == 1
    assert capsys.readouterr().err.count("holds another text") == 2


def test_other_documents_and_columns_of_a_gold_folder_stay(run: Path, gold_folder: Path) -> None:
    listed = gold_folder / "documents.csv"
    listed.write_text(listed.read_text(encoding="utf-8").replace("origin\n", "origin,sector\n"), encoding="utf-8")
    before = {d.doc_id: d for d in read_gold(gold_folder)}
    path = exported(run)
    fill(path, keeping)
    assert imported(path, gold_folder) == 0
    after = {d.doc_id: d for d in read_gold(gold_folder)}
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 1
    assert listed.read_text(encoding="utf-8").splitlines()[0] == "doc_id,vendor,origin,sector,annotated"


def test_broken_gold_is_refused_before_anything_is_written(run: Path, gold_folder: Path) -> None:
    (gold_folder / "labels" / "hoa-sen.tsv").write_text("0\t0\n", encoding="utf-8")
    path = exported(run)
    fill(path, keeping)
    assert imported(path, gold_folder) == 2
    assert len(list((gold_folder / "text").iterdir())) == 2


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda run: (run.parent / "raw" / "mây tre.txt").unlink(), "no longer in"),
        (lambda run: (run.parent / "raw" / "mây tre.txt").write_text(TEXT + "Thêm.", encoding="utf-8"), "has changed"),
        (lambda run: (run / "run.json").unlink(), "no run.json"),
        (lambda run: (run / "run.json").write_text('{"source": "-"}', encoding="utf-8"), "standard input"),
        (lambda run: (run / "run.json").write_text('{"source": "gone"}', encoding="utf-8"), "are not there"),
        (lambda run: (run / "clauses.csv").unlink(), "clauses.csv: cannot be read"),
        (lambda run: (run / "clauses.csv").write_text("a,b\n1,2\n", encoding="utf-8"), "not as this version writes it"),
    ],
)
def test_a_run_that_is_no_longer_whole(
    run: Path, spoil: Callable[[Path], None], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (run.parent / "raw" / "other.txt").write_text(TEXT, encoding="utf-8")
    spoil(run)
    assert main(["review", "export", str(run), str(run.parent / "review.xlsx")]) == 2
    assert said in capsys.readouterr().err
    assert not (run.parent / "review.xlsx").exists()


def test_a_filled_in_workbook_is_not_overwritten(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = exported(run)
    before = path.read_bytes()
    assert main(["review", "export", str(run), str(path)]) == 2
    assert "may hold a reviewer's work" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert exported(run, "again.xlsx").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nothing", b"\xd0\xcf\x11\xe0", "câu".encode()])
def test_files_that_are_no_form(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    assert imported(tmp_path / "a.xlsx", tmp_path / "gold") == 2
    assert "a.xlsx: no form of this program" in capsys.readouterr().err
    assert imported(tmp_path / "none.xlsx", tmp_path / "gold") == 2


HIDDEN = [("source", "a", "A", "Chúng tôi lưu 24 tháng."), ("unit", "0f3a", "a", "0", "5", "s")]


@pytest.mark.parametrize(
    "facts",
    [
        [("source", "../a", "A", "Lưu.")],
        [("source", "a", "A", "Lưu.\r\n")],
        [("source", "a", "A")],
        [HIDDEN[0], ("unit", "0f3a", "a", "0", "năm", "s")],
        [HIDDEN[0], ("unit", "0f3a", "a", "-5", "5", "s")],
        [HIDDEN[0], ("unit", "0f3a", "a", "0", "24", "s")],
        [HIDDEN[0], ("unit", "0f3a", "a", "0", "5", "q")],
        [HIDDEN[0], ("unit", "0f3a", "b", "0", "5", "s")],
        [HIDDEN[0], ("unit",)],
        [()],
    ],
)
def test_facts_that_somebody_altered_are_refused(facts: list[tuple[str, ...]], tmp_path: Path) -> None:
    assert sheet.filled(form.Filled(sheet.KIND, [], [list(fact) for fact in HIDDEN]))[1:] == ([], [])
    with pytest.raises(ReviewError, match=r"hidden sheet was altered|no name for a file|is not NFC"):
        sheet.filled(form.Filled(sheet.KIND, [], [list(fact) for fact in facts]))


def spoilt(path: Path, part: str, content: bytes) -> Path:
    """The workbook with another content of one of the files in it."""
    other = path.with_name("spoilt.xlsx")
    with ZipFile(path) as source, ZipFile(other, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, content if name == part else source.read(name))
    return other


NUMBER = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">' \
    b'<c r="A1"><v>%b</v></c></row></sheetData></worksheet>'  # fmt: skip


@pytest.mark.parametrize("content", [b"<worksheet", b"", b"\0" * 9, NUMBER % b"1e999", NUMBER % b"-1", NUMBER % b"2"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet4.xml", "xl/workbook.xml"])
def test_a_workbook_that_is_damaged_inside(run: Path, part: str, content: bytes, capsys: Any) -> None:
    path = spoilt(exported(run), part, content)
    assert imported(path, run / "gold") == 2
    assert f"{path}: " in capsys.readouterr().err


def test_a_workbook_that_unpacks_to_more_than_any_has(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = exported(run)
    for most, said in ((1_000, "it unpacks to more than"), (path.stat().st_size * 50, "")):
        monkeypatch.setattr(form, "UNPACKED", most)
        if said:
            with pytest.raises(ReviewError, match=said):
                form.read(path)
        else:
            assert form.read(path).kind == sheet.KIND
    form.write(sheet.form([], {})._replace(facts=[["x" * 10_000_000]]), run / "large.xlsx")
    with pytest.raises(ReviewError, match="no form of this program"):
        form.read(run / "large.xlsx")


def test_a_workbook_of_another_kind(run: Path, tmp_path: Path) -> None:
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "plain.xlsx")
    with pytest.raises(ReviewError, match="no form of this program"):
        form.read(tmp_path / "plain.xlsx")
    other = sheet.form([], {})._replace(kind="findings")
    form.write(other, tmp_path / "findings.xlsx")
    with pytest.raises(ReviewError, match="it asks for 'findings'"):
        sheet.filled(form.read(tmp_path / "findings.xlsx"))


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60), max_size=4))
def test_facts_come_back_as_they_were(facts: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.xlsx"
        form.write(sheet.form([], {})._replace(facts=[facts, ["x" * 40_000, *facts]]), path)
        found = form.read(path).facts
    assert [row for row in found if row] == [row for row in (facts, ["x" * 40_000, *facts]) if row]


def test_choices_are_those_of_the_guide_and_all_are_explained(run: Path) -> None:
    book = load_workbook(exported(run))
    guide = {row[0]: row[1:] for row in book[form.GUIDE].iter_rows(values_only=True)}
    for number, label in enumerate(label_ids(), 1):
        assert book[form.LISTS].cell(number, 1).value == choice(label)
        assert all(guide[choice(label)][i] for i in (0, 2, 3))
    asked = book[form.ROWS].data_validations.dataValidation
    assert [str(v.sqref)[0] for v in asked] == ["L", "M", "N"]


def test_questions_are_the_doubtful_ones_with_their_context(run: Path) -> None:
    from pipeline.render import data

    tables = {name: data.read(name, run) for name in ("policies", "sentences", "clauses")}
    first, second = questions(tables, 2)
    assert first.text == "Chúng tôi không bán dữ liệu cho bên thứ ba."
    assert (first.before, first.after, first.path) == ("2. Chia sẻ", "", "CHÍNH SÁCH BẢO MẬT")
    assert first.said == (("disclosure", 0.3), ("security", 0.6))
    assert second.text == "Dữ liệu 😀 được lưu trữ 24 tháng."
    assert TEXT[second.start : second.end] == second.text


def test_versions_left_out_and_furniture_are_not_asked(run: Path) -> None:
    from pipeline.render import data

    tables = {name: data.read(name, run) for name in ("policies", "sentences", "clauses")}
    for row in tables["sentences"][1:]:
        row["kind"] = "furniture"
    assert [q.text for q in questions(tables, 9)] == ["CHÍNH SÁCH BẢO MẬT"]
    tables["policies"][0]["compared"] = False
    assert questions(tables, 9) == []


def test_chosen_sentences_are_doubtful_and_unlike_each_other() -> None:
    stock = [f"Chúng tôi cam kết bảo mật thông tin của quý khách lần {i}." for i in range(30)]
    texts = [*stock, "Trẻ em dưới 16 tuổi cần cha mẹ đồng ý.", "Máy chủ đặt tại Singapore.", "Cảm ơn."]
    doubts = np.array([0.6] * 30 + [0.5, 0.4, 0.0])
    chosen = choose(texts, doubts, 3)
    assert chosen[0] in range(30)
    assert chosen[1:] == [30, 31]
    assert choose([], np.zeros(0), 5) == []
    assert sorted(choose(texts, doubts, 99)) == [0, 30, 31, 32]  # the stock sentence once


# --- Label Studio


def document(text: str = TEXT, **more: Any) -> GoldDocument:
    at = text.index("Dữ liệu"), text.index("Chúng tôi")
    units = (
        Unit(start=0, end=18, kind="h", labels=("other",)),
        Unit(start=at[0], end=at[0] + 32, kind="s", labels=("retention", "data_collected")),
        Unit(start=at[1], end=at[1] + 43, kind="s", labels=("disclosure", "security", "consent")),
    )
    return GoldDocument(**{"doc_id": "mây", "vendor": "Mây", "origin": "real", "text": text, "units": units,
                           "entities": (), **more})  # fmt: skip


def test_gold_to_label_studio_and_back(tmp_path: Path) -> None:
    for origin, partly in (("real", False), ("authored", True)):
        gold = document(doc_id=f"{origin}-1", origin=origin, partly=partly)
        tasks = json.loads(json.dumps(labelstudio.from_gold([gold]), ensure_ascii=False))
        sources, taken, refused = labelstudio.read(tasks, "Lan")
        assert refused == []
        assert folder.add(tmp_path / origin, sources, taken) == (3, 0, [])
        assert read_gold(tmp_path / origin) == [gold]


def test_all_gold_comes_back(annotated: list[GoldDocument], tmp_path: Path) -> None:
    sources, taken, refused = labelstudio.read(labelstudio.from_gold(annotated))
    folder.add(tmp_path, sources, taken)
    assert refused == []
    assert [(d.doc_id, d.vendor, d.text, d.units) for d in read_gold(tmp_path)] == [
        (d.doc_id, d.vendor, d.text, d.units) for d in annotated
    ]


def test_the_form_is_the_documented_one() -> None:
    (task,) = labelstudio.from_gold([document()])
    assert set(task) == {"data", "annotations"}
    labels, main_label, kind = task["annotations"][0]["result"][3:6]
    assert labels["type"] == "labels"
    said, start = "Dữ liệu 😀 được lưu trữ 24 tháng.", TEXT.index("Dữ liệu")
    place = {"start": start, "end": start + len(said), "text": said}
    assert labels["value"] == {**place, "labels": ["retention", "data_collected"]}
    assert main_label["value"]["choices"] == ["retention"]
    assert kind["value"]["choices"] == ["s"]
    assert labels["id"] == main_label["id"] == kind["id"]
    names = {part["from_name"] for part in task["annotations"][0]["result"]}
    assert all(f'name="{name}"' in labelstudio.config() for name in names)
    assert all(f'value="{label}"' in labelstudio.config() for label in label_ids())


def test_predictions_have_scores_and_are_not_read_as_labels(run: Path, tmp_path: Path) -> None:
    path = exported(run, "review.json", "--sentences", "2")
    (task,) = json.loads(path.read_text(encoding="utf-8"))
    (prediction,) = task["predictions"]
    assert prediction["score"] == pytest.approx(np.mean([score for *_, score in SENTENCES]), abs=1e-4)
    assert len([part for part in prediction["result"] if part["type"] == "labels"]) == len(SENTENCES)
    _, taken, refused = labelstudio.read([task])
    assert taken == []
    assert "no annotation" in refused[0]


def utf16(task: Any) -> None:
    """Positions as a browser counts them."""
    for part in task["annotations"][0]["result"]:
        for end in ("start", "end"):
            part["value"][end] = len(TEXT[: part["value"][end]].encode("utf-16-le")) // 2


def without_main(task: Any) -> None:
    task["annotations"][0]["result"] = [p for p in task["annotations"][0]["result"] if p["from_name"] == "labels"]


def labels_in_another_order(task: Any) -> None:
    for part in task["annotations"][0]["result"]:
        if part["from_name"] == "labels":
            part["value"]["labels"].reverse()


@pytest.mark.parametrize("change", [utf16, labels_in_another_order])
def test_what_label_studio_may_do_to_an_export(change: Callable[[Any], None]) -> None:
    (task,) = labelstudio.from_gold([document()])
    change(task)
    _, taken, refused = labelstudio.read([task])
    assert refused == []
    assert [(u.start, u.end, u.labels[0], set(u.labels)) for u in taken] == [
        (u.start, u.end, u.labels[0], set(u.labels)) for u in document().units
    ]


def test_regions_without_kind_and_main_are_sentences() -> None:
    (task,) = labelstudio.from_gold([document()])
    without_main(task)
    _, taken, _ = labelstudio.read([task])
    assert [(u.kind, u.labels) for u in taken] == [("s", u.labels) for u in document().units]


def region(task: Any) -> Any:
    return task["annotations"][0]["result"][0]["value"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda task: task.pop("data"), "task 7: no text in its data"),
        (lambda task: task["data"].update(text=""), "task 7: no text in its data"),
        (lambda task: task["data"].update(doc_id="../x"), "no name for a file"),
        (lambda task: task["data"].pop("doc_id"), "no name for a file"),
        (lambda task: task["data"].update(origin="web"), "origin 'web'"),
        (lambda task: task["data"].update(text=unicodedata.normalize("NFD", TEXT)), "is not NFC"),
        (lambda task: task["data"].update(text=TEXT.replace("\n", "\r\n")), "is not NFC with newline line ends"),
        (lambda task: task["data"].update(text=TEXT + "\ud83d"), "half characters"),
        (lambda task: task["data"].update(vendor="\udc00"), "half characters"),
        (lambda task: task.update(annotations=7), "no annotation"),
        (lambda task: task.update(annotations=[]), "no annotation"),
        (lambda task: task["annotations"][0].update(was_cancelled=True), "no annotation"),
        (lambda task: task.update(annotations=[{"result": []}, {"result": []}]), "2 annotations"),
        (lambda task: region(task).update(labels=["lottery"]), "unknown label 'lottery'"),
        (lambda task: region(task).update(labels=list(label_ids()[:4])), "labels"),
        (lambda task: region(task).update(labels="other"), "are no labels"),
        (lambda task: task["annotations"][0]["result"][2]["value"].update(choices=["q"]), "unknown kind 'q'"),
        (lambda task: [p["value"].update(start=-1) for p in task["annotations"][0]["result"][:3]], "is no span"),
        (lambda task: [p["value"].update(end=9_999) for p in task["annotations"][0]["result"][:3]], "is not where"),
        (lambda task: [p["value"].update(start=5) for p in task["annotations"][0]["result"][:3]], "is not where"),
    ],
)
def test_malformed_tasks_and_regions_are_refused_by_name(spoil: Callable[[Any], object], said: str) -> None:
    good, bad = labelstudio.from_gold([document(doc_id="a"), document(doc_id="b")])
    bad = {"id": 7, **copy.deepcopy(bad)}
    spoil(bad)
    sources, taken, refused = labelstudio.read([good, bad])
    assert said in refused[0]
    assert refused[0].startswith("task 7")
    assert "a" in sources
    assert sum(unit.document == "a" for unit in taken) == 3


def test_a_category_given_twice_is_one(tmp_path: Path) -> None:
    (task,) = labelstudio.from_gold([document()])
    region(task).update(labels=["other", "security", "security"])
    task["annotations"][0]["completed_by"] = {"id": 3}
    sources, taken, _ = labelstudio.read([task])
    folder.add(tmp_path, sources, taken)
    assert read_gold(tmp_path)[0].units[0].labels == ("other", "security")


@pytest.mark.parametrize("result", [None, 7, "x", [7], {}])
def test_an_annotation_without_regions_says_nothing(result: object) -> None:
    (task,) = labelstudio.from_gold([document()])
    task["annotations"][0]["result"] = result
    _, taken, refused = labelstudio.read([task])
    assert taken == []
    assert len(refused) == (result == [7])


@pytest.mark.parametrize("content", ["{", '{"a": 1}', "[1]", '["x"]', "[null]", "[" * 100_000])
def test_json_that_is_no_export(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    assert imported(tmp_path / "a.json", tmp_path / "gold") in (1, 2)
    assert not (tmp_path / "gold").exists()


def test_a_task_twice_and_who_annotated() -> None:
    (task,) = labelstudio.from_gold([document()])
    sources, taken, refused = labelstudio.read([task, task])
    assert len(sources) == 1
    assert "a second task of mây" in refused[0]
    assert {unit.reviewer for unit in taken} == {"Label Studio"}
    task["annotations"][0]["completed_by"] = {"id": 3, "email": "lan@maytre.example"}
    assert {unit.reviewer for unit in labelstudio.read([task])[1]} == {"lan@maytre.example"}
    assert {unit.reviewer for unit in labelstudio.read([task], "Lan")[1]} == {"Lan"}


def test_overlapping_units_are_refused(tmp_path: Path) -> None:
    unit = Reviewed(document="a", start=0, end=18, kind="h", labels=("other",), reviewer="L", comment="", where="row 3")
    source = {"a": Source(name="a", vendor="A", text=TEXT)}
    over = Reviewed(document="a", start=4, end=25, kind="h", labels=("other",), reviewer="M", comment="", where="row 4")
    found = folder.add(tmp_path, source, [unit, over])
    assert (found.new, found.known) == (1, 0)
    assert found.refused[0].startswith("row 4: already labelled other by L")


@pytest.mark.parametrize("name", fuzz_review.TARGETS)
def test_fuzzing_starts_from_what_is_taken(name: str) -> None:
    raw = fuzz_review.seed(name, TEXT.encode())
    assert "bảo mật".upper().encode() in raw or name == "judged"
    fuzz_review.TARGETS[name](raw)


# --- documentation

GUIDE = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
COMMANDS = [line.strip() for line in GUIDE.splitlines() if line.strip().startswith("vnpolicy ")]


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_of_the_guide_are_understood(line: str) -> None:
    import shlex

    from pipeline.cli import parser

    parser().parse_args(shlex.split(line, comments=True)[1:])


def test_the_guide_has_all_steps() -> None:
    said = "\n".join(COMMANDS)
    assert all(step in said for step in ("review export", "review import", "review config", "train --gold"))
    help_text = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "review", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert all(name in help_text for name in ("export", "import", "config"))
