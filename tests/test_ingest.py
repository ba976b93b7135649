"""Raw files -> policies: encodings, identity, sources.csv, and every refusal by its class."""

import io
import os
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import errors
from pipeline.ingest import LINE, decode, read
from pipeline.records import Policy
from pipeline.sources import LARGEST, Document, discover

VIETNAMESE = (
    "Chúng tôi thu thập họ tên, số điện thoại và địa chỉ của quý khách để giao hàng.\nDữ liệu được giữ hai năm.\n"
)
ENGLISH = "We collect your name, address and phone number in order to deliver your order, and never sell them.\n"
FRENCH = "Nous recueillons votre nom, votre adresse et votre numéro de téléphone afin de livrer la commande.\n"

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
VOWELS = "aăâeêioôơuưy"
CONSONANTS = "bcdđghklmnpqrstvx"
LETTERS = CONSONANTS + "".join(unicodedata.normalize("NFC", v + t) for v in VOWELS for t in ["", *sorted(TONES)])


def windows_1258(text: str) -> bytes:
    """Letters that the code page has as they are, all others as base letter and combining tone."""
    return b"".join(map(_letter, unicodedata.normalize("NFC", text)))


def _letter(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in TONES))
        return (base + "".join(c for c in parts if c in TONES)).encode("cp1258")


def document(path: Path) -> Document:
    return Document(doc_id=path.stem, vendor=path.stem, name=path.name, path=path)


def read_bytes(folder: Path, raw: bytes, name: str = "a.txt") -> Policy:
    (folder / name).write_bytes(raw)
    return read(document(folder / name))


ENCODERS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "utf-16 little with mark": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16 big with mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16 little": lambda text: text.encode("utf-16-le"),
    "utf-16 big": lambda text: text.encode("utf-16-be"),
    "windows-1258": windows_1258,
    "decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "line ends of old Macs": lambda text: text.replace("\n", "\r").encode(),
    "windows-1258 with line ends of Windows": lambda text: windows_1258(text.replace("\n", "\r\n")),
}


@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
def test_every_encoding_yields_the_same_text(tmp_path: Path, encode: Callable[[str], bytes]) -> None:
    policy = read_bytes(tmp_path, encode(VIETNAMESE))
    assert policy.text == VIETNAMESE
    assert (policy.language, policy.flags) == ("vi", {})


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_of_plain_letters_has_no_nul_in_it(encoding: str) -> None:
    assert decode("Chinh sach bao mat".encode(encoding), "a") == "Chinh sach bao mat"


def test_text_that_is_in_order_is_kept_character_for_character(tmp_path: Path) -> None:
    text = f"\n\n  {VIETNAMESE}\t\xa0Điều 1.\u200b  \n\u2028trên\x85dưới\x0c\n \n" + VIETNAMESE.strip()
    assert read_bytes(tmp_path, text.encode()).text == text


def test_policy_says_where_it_comes_from(tmp_path: Path) -> None:
    policy = read_bytes(tmp_path, VIETNAMESE.encode())
    assert policy.version == policy.sha256[:12]
    assert policy.source == "a.txt"
    assert read_bytes(tmp_path, VIETNAMESE.encode("utf-8-sig")).version != policy.version


def test_markdown_is_read_as_text(tmp_path: Path) -> None:
    policy = read_bytes(tmp_path, f"# Chính sách\n\n- **Lưu trữ**: 5 na&#774;m\n\n{VIETNAMESE}".encode(), "a.md")
    assert policy.text.startswith("Chính sách\n- Lưu trữ: 5 năm\n")


@given(st.text(LETTERS + LETTERS.upper() + " .,\n", min_size=1), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(deadline=None)
def test_any_text_of_vietnamese_letters_survives(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a") == text


@pytest.mark.parametrize(
    ("raw", "flagged"),
    [
        pytest.param(VIETNAMESE.encode(), False, id="Vietnamese"),
        pytest.param(f"{VIETNAMESE}Google Analytics, Facebook Pixel\n".encode(), False, id="names of services"),
        pytest.param((VIETNAMESE * 2 + ENGLISH).encode(), True, id="a third English"),
        pytest.param((VIETNAMESE * 6 + ENGLISH).encode(), True, id="a line of English among twelve"),
    ],
)
def test_mixed_language_is_flagged(tmp_path: Path, raw: bytes, flagged: bool) -> None:
    flags = read_bytes(tmp_path, raw).flags
    assert ("mixed_language" in flags) == flagged
    assert all(0 < score < 1 for score in flags.values())


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06" + bytes(range(256)) * 4

REFUSED: dict[str, tuple[type[errors.DocumentError], str, bytes]] = {
    "picture": (errors.BinaryFile, "a.txt", PNG),
    "NUL in text": (errors.BinaryFile, "a.txt", b"Ch\xc3\xadnh s\xc3\xa1ch\x00b\xe1\xba\xa3o m\xe1\xba\xadt"),
    "control characters": (errors.BinaryFile, "a.txt", bytes(range(1, 9)) * 9 + b"abc" * 9),
    "nothing": (errors.EmptyFile, "a.txt", b""),
    "white space": (errors.EmptyFile, "a.txt", b" \n\t\r\n "),
    "no-break spaces": (errors.EmptyFile, "a.txt", "\xa0\u3000\u2003\n".encode()),
    "zero-width characters": (errors.EmptyFile, "a.txt", "\u200b\u200c\u200d\u2060\xad\n".encode()),
    "byte order mark alone, UTF-8": (errors.EmptyFile, "a.txt", b"\xef\xbb\xbf"),
    "byte order mark alone, UTF-16": (errors.EmptyFile, "a.txt", b"\xff\xfe"),
    "Markdown without text": (errors.EmptyFile, "a.md", b"<!-- -->\n\n---\n"),
    "damaged PDF": (errors.DamagedFile, "a.pdf", b"%PDF-1.7 ..."),
    "no suffix": (errors.UnsupportedFormat, "LICENSE", VIETNAMESE.encode()),
    "half a UTF-16 letter": (errors.UndecodableText, "a.txt", b"\xff\xfea\x00b"),
    "Chinese code page": (errors.UndecodableText, "a.txt", ("我们收集您的个人信息。" * 9).encode("gbk")),
    "Russian code page": (errors.UndecodableText, "a.txt", ("Мы собираем ваши данные. " * 9).encode("koi8-r")),
    "TCVN3, the fonts of the nineties": (
        errors.LegacyEncoding,
        "a.txt",
        ("Chóng t«i thu thËp th«ng tin c¸ nh©n cña kh¸ch hµng. " * 4).encode("latin-1"),
    ),
    "fifty thousand lines": (errors.FileTooLarge, "a.txt", VIETNAMESE.encode() + b"1.\n" * 50_001),
    "as many elements": (errors.FileTooLarge, "a.html", VIETNAMESE.encode() + b"<p>" * 120_001),
    "English": (errors.NotVietnamese, "a.txt", ENGLISH.encode()),
    "French": (errors.NotVietnamese, "a.txt", FRENCH.encode()),
    "English with a Vietnamese line": (errors.NotVietnamese, "a.txt", (ENGLISH * 4 + VIETNAMESE).encode()),
}


@pytest.mark.parametrize(("error", "name", "raw"), REFUSED.values(), ids=REFUSED)
def test_refusal_by_class(tmp_path: Path, error: type[errors.DocumentError], name: str, raw: bytes) -> None:
    with pytest.raises(errors.DocumentError) as caught:
        read_bytes(tmp_path, raw, name)
    assert type(caught.value) is error
    assert_says_all(caught.value, name)


def assert_says_all(error: errors.PipelineError, subject: str) -> None:
    """One line with document, cause and remedy."""
    assert error.subject == subject
    assert error.cause
    assert error.remedy
    assert str(error) == f"{subject}: {error.cause}. {error.remedy}"
    assert "\n" not in str(error)


def test_text_encoded_twice_by_way_of_latin_1_is_mended(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, VIETNAMESE.encode().decode("latin-1").encode()).text == VIETNAMESE


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as handle:
        handle.truncate(5 * LARGEST)  # sparse: takes no room on the disk
    with pytest.raises(errors.FileTooLarge) as caught:
        read(document(path))
    assert_says_all(caught.value, "a.txt")


def test_a_link_to_nothing_is_told_from_one_that_leads_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    (found,) = discover(str(tmp_path))
    with pytest.raises(errors.UnreadableFile, match="does not exist"):
        read(found)


def test_a_line_too_long(tmp_path: Path) -> None:
    sentence = " ".join(VIETNAMESE.split()) + " "
    line = sentence * (LINE // len(sentence))
    assert read_bytes(tmp_path, line.encode()).text == line
    with pytest.raises(errors.FileTooLarge) as caught:
        read_bytes(tmp_path, (line * 2).encode())
    assert_says_all(caught.value, "a.txt")


def test_vanished(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(VIETNAMESE, encoding="utf-8")
    (found,) = discover(str(tmp_path))
    (tmp_path / "a.txt").unlink()
    with pytest.raises(errors.UnreadableFile) as caught:
        read(found)
    assert_says_all(caught.value, "a.txt")


def test_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(errors.UnreadableFile) as caught:
        read(document(tmp_path / "a.txt"))
    assert_says_all(caught.value, "a.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_forbidden(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(VIETNAMESE, encoding="utf-8")
    (tmp_path / "a.txt").chmod(0)
    with pytest.raises(errors.UnreadableFile):
        read(document(tmp_path / "a.txt"))


def tree(root: Path, *names: str, sources: str | bytes | None = None) -> list[Document]:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(VIETNAMESE, encoding="utf-8")
    if sources is not None:
        (root / "sources.csv").write_bytes(sources.encode() if isinstance(sources, str) else sources)
    return discover(str(root))


IDENTITY: dict[str, tuple[list[str], list[str], list[str]]] = {
    "a file": (["a.txt"], ["a"], ["a"]),
    "two files of one name": (["a.md", "a.txt", "b.txt"], ["a.md", "a.txt", "b"], ["a", "a", "b"]),
    "the same name in two folders": (["x/a.txt", "y/a.txt"], ["x/a", "y/a"], ["x", "y"]),
    "folders in folders": (["x/2024/a.txt"], ["x/2024/a"], ["x"]),
    "Vietnamese letters and blanks": (["Cửa hàng Đỏ/chính sách.txt"], ["Cửa hàng Đỏ/chính sách"], ["Cửa hàng Đỏ"]),
    "dots in a name": (["a.v1.2.txt", "a.v1.3.txt"], ["a.v1.2", "a.v1.3"], ["a.v1.2", "a.v1.3"]),
    "a name that looks like another with its suffix": (["a.txt", "a.txt.txt"], ["a", "a.txt.txt"], ["a", "a.txt"]),
    "no suffix beside one": (["a", "a.txt"], ["a", "a.txt"], ["a", "a"]),
    "hidden files and folders": ([".a.txt", ".git/b.txt", "c.txt"], ["c"], ["c"]),
    "any suffix, so that it can be refused by name": (["a.pdf"], ["a"], ["a"]),
}


@pytest.mark.parametrize(("names", "doc_ids", "vendors"), IDENTITY.values(), ids=IDENTITY)
def test_identity(tmp_path: Path, names: list[str], doc_ids: list[str], vendors: list[str]) -> None:
    found = tree(tmp_path, *names)
    assert [d.doc_id for d in found] == doc_ids
    assert [d.vendor for d in found] == vendors


@given(st.sets(st.from_regex(r"([ab]/)?[ab](\.(a|txt|md)){0,2}", fullmatch=True), min_size=1, max_size=8))
@settings(deadline=None, max_examples=50)
def test_no_two_documents_share_an_id(tmp_path_factory: pytest.TempPathFactory, names: set[str]) -> None:
    root = tmp_path_factory.mktemp("tree")
    folders = {name.split("/")[0] for name in names if "/" in name}
    kept = names - folders  # a file cannot have the name of a folder
    found = tree(root, *kept)
    assert len({d.doc_id for d in found}) == len(found) == len(kept)


def test_name_that_macos_decomposed_is_the_one_in_sources(tmp_path: Path) -> None:
    name = "Cửa hàng Đỏ.txt"
    (found,) = tree(tmp_path, unicodedata.normalize("NFD", name), sources=f"file,vendor\n{name},Đỏ\n")
    assert (found.doc_id, found.name, found.vendor) == ("Cửa hàng Đỏ", name, "Đỏ")
    assert read(found).text == VIETNAMESE


def test_sources_say_vendor_date_and_whatever_else_the_user_keeps(tmp_path: Path) -> None:
    sources = 'file,vendor,url,retrieved_at,sector\nx/a.txt,Hoa Sen,https://a.example,2025-03-01,"bán lẻ, thực phẩm"\n'
    with_row, without = tree(tmp_path, "x/a.txt", "x/b.txt", sources=sources)
    assert (with_row.vendor, with_row.retrieved_at) == ("Hoa Sen", "2025-03-01")
    assert with_row.meta == {"url": "https://a.example", "sector": "bán lẻ, thực phẩm"}
    assert (without.vendor, without.retrieved_at, without.meta) == ("x", None, {})
    assert read(with_row).meta == with_row.meta


SOURCES_IN_ORDER: dict[str, bytes] = {
    "byte order mark": b"\xef\xbb\xbffile,vendor,note\na.txt,A,n\n",
    "line ends of Windows": b"file,vendor,note\r\na.txt,A,n\r\n",
    "no last line end": b"file,vendor,note\na.txt,A,n",
    "quoted": b'"file","vendor","note"\n"a.txt","A","n"\n',
    "columns in another order": b"note,vendor,file\nn,A,a.txt\n",
    "rows of files that are not there": b"file,vendor,note\nb.txt,B,m\na.txt,A,n\n",
}


@pytest.mark.parametrize("sources", SOURCES_IN_ORDER.values(), ids=SOURCES_IN_ORDER)
def test_sources_in_order(tmp_path: Path, sources: bytes) -> None:
    (found,) = tree(tmp_path, "a.txt", sources=sources)
    assert (found.vendor, found.meta) == ("A", {"note": "n"})


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("", ""),
        ('"hai\ndòng"', "hai\ndòng"),
        ("trên\u2028dưới", "trên\u2028dưới"),
        ("a\x0cb", "a\x0cb"),
        ('"a ""b"""', 'a "b"'),
    ],
)
def test_cell_of_sources_is_kept(tmp_path: Path, cell: str, value: str) -> None:
    (found,) = tree(tmp_path, "a.txt", sources=f"file,note,vendor\na.txt,{cell},A\n")
    assert (found.meta, found.vendor) == ({"note": value}, "A")


def test_cells_missing_at_the_end_are_empty(tmp_path: Path) -> None:
    (found,) = tree(tmp_path, "a.txt", sources="file,vendor,retrieved_at,note\na.txt\n")
    assert (found.vendor, found.retrieved_at, found.meta) == ("a", None, {"note": ""})


SOURCES_MALFORMED: dict[str, tuple[bytes, str]] = {
    "too many cells": (b"file,vendor\na.txt,A\nb.txt,B,C\n", ":3"),
    "too many cells below a cell of two lines": (b'file,vendor\na.txt,"A\nA"\nb.txt,B,C\n', ":4"),
    "no column file": (b"name,vendor\na.txt,A\n", ":2"),
    "semicolons": (b"file;vendor\na.txt;A\n", ":2"),
    "no file named": (b"file,vendor\n,A\n", ":2"),
    "open quotation mark": (b'file,vendor\na.txt,"A\n', ""),
    "not UTF-8": (b"file,vendor\na.txt,\xff\xfe\n", ""),
}


@pytest.mark.parametrize(("sources", "line"), SOURCES_MALFORMED.values(), ids=SOURCES_MALFORMED)
def test_sources_malformed(tmp_path: Path, sources: bytes, line: str) -> None:
    with pytest.raises(errors.SourceError) as caught:
        tree(tmp_path, "a.txt", sources=sources)
    assert_says_all(caught.value, f"{tmp_path / 'sources.csv'}{line}")


def test_one_file_is_a_source(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "a.md", sources="file,vendor\na.txt,A\n")
    (found,) = discover(str(tmp_path / "a.txt"))
    assert (found.doc_id, found.vendor, found.name) == ("a", "A", "a.txt")


def test_missing_source(tmp_path: Path) -> None:
    with pytest.raises(errors.SourceError) as caught:
        discover(str(tmp_path / "none"))
    assert_says_all(caught.value, str(tmp_path / "none"))


@pytest.mark.parametrize("names", [[], ["sources.csv"], [".hidden.txt"]], ids=["nothing", "sources.csv", "hidden"])
def test_folder_without_policies(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("file\n", encoding="utf-8")
    with pytest.raises(errors.SourceError) as caught:
        discover(str(tmp_path))
    assert_says_all(caught.value, str(tmp_path))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(windows_1258(VIETNAMESE))))
    (found,) = discover("-")
    policy = read(found)
    assert (policy.doc_id, policy.vendor, policy.text) == ("stdin", "stdin", VIETNAMESE)


def test_empty_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(errors.EmptyFile):
        read(*discover("-"))


def test_a_page_in_two_languages_gives_the_vietnamese_one_and_says_so(tmp_path: Path) -> None:
    both = f"<h1>Chính sách</h1><p>{VIETNAMESE * 6}</p><h1>Privacy policy</h1><p>{ENGLISH * 8}</p>"
    policy = read_bytes(tmp_path, both.encode(), "a.html")
    assert "Privacy policy" not in policy.text
    assert VIETNAMESE.split("\n")[0][:30] in policy.text
    assert 0.25 < policy.flags["two_languages"] < 1
