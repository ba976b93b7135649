"""Files as they are collected -> the policy's own text, or a refusal by its class.

`cases/pages` holds invented pages of many builds with the text that a careful reader would copy, written before the
reader of HTML was run on them. PDF and DOCX are made here.
"""

import contextlib
import io
import os
import re
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import errors
from pipeline.formats import docx as word
from pipeline.formats import html, pdf
from pipeline.formats.encodings import decode, mended
from pipeline.formats.pdf_tables import unruled
from pipeline.ingest import read
from pipeline.sources import Document, discover

PAGES = sorted((Path(__file__).parent / "cases" / "pages").glob("*.html"))
POLICY = [
    "Chính sách bảo mật",
    "Chúng tôi thu thập họ tên và số điện thoại của khách hàng.",
    "Dữ liệu cá nhân được lưu trữ trong hai năm.",
]
PROSE = " ".join(POLICY[1:])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page(path: Path) -> None:
    assert html.plain_text(path.read_text(encoding="utf-8")) == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_pages_of_many_builds() -> None:
    assert len(PAGES) >= 25


DEEP = "<div>" * 100_000 + f"<p>{PROSE}</p>" + "</div>" * 100_000

HOSTILE: Mapping[str, tuple[str, str]] = {
    "100,000 elements deep": (DEEP, PROSE + "\n"),
    "scripts only": ("<html><script>var a='Chính sách'</script><div id=app></div>", ""),
    "frames only": ("<frameset cols='20%,80%'><frame src=a><frame src=b></frameset>", ""),
    "nothing": ("", ""),
    "NUL": (f"<p>{PROSE}\x00</p>", PROSE + "\n"),
    "half a surrogate": (f"<p>{PROSE}\ud800</p>", PROSE + "?\n"),
    "unclosed": (f"<p><b><i><div>{PROSE}", PROSE + "\n"),
}


@pytest.mark.parametrize(("page", "text"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_page(page: str, text: str) -> None:
    assert html.plain_text(page) == text


@given(st.text("<>/=\"'&;#! abpdivulotrhbs1ăếơ\n\x00", max_size=200))
@settings(deadline=None)
def test_any_markup_is_read(page: str) -> None:
    html.plain_text(page)


RUNS = {
    "div": "<div>",
    "open": "<",
    "amp": "&",
    "digits": "1",
    "dots": ".",
    "brackets": "(",
    "a@": "a@",
    "table": "<table><tr><td>",
    "list": "<ul><li>",
    "hidden": "<div hidden>",
    "nav": "<nav>",
    "br": "<br>",
    "spaces": "  ",
    "class": "<p class=menu>x",
    "entities": "&agrave;",
}


@pytest.mark.parametrize("unit", RUNS.values(), ids=RUNS)
def test_time_is_linear_in_runs(unit: str) -> None:
    html.plain_text("<p>a")  # loads the library
    started = time.process_time()
    html.plain_text(unit * (200_000 // len(unit)))
    assert time.process_time() - started < 3


def test_a_page_of_too_many_lines() -> None:
    with pytest.raises(errors.FileTooLarge):
        html.plain_text("<p>a" * 87_000)


def test_a_page_of_100_kb_is_read_in_time() -> None:
    page = f"<ul>{'<li><a href=/x>Trang chủ</a></li>' * 100}</ul>" + f"<h2>1. Lưu trữ</h2><p class=a>{PROSE}</p>" * 560
    assert 90_000 < len(page.encode()) < 120_000
    html.plain_text("<p>a")
    started = time.process_time()
    html.plain_text(page)
    assert time.process_time() - started < 0.3


# --- encodings

ALMOST: Mapping[str, bytes] = {
    "cut off within a letter": PROSE.encode() * 9 + "ữ".encode()[:2],
    "one byte of another code": (PROSE * 9).encode() + b"\x96 " + PROSE.encode(),
}


@pytest.mark.parametrize("raw", ALMOST.values(), ids=ALMOST)
def test_almost_utf_8_is_utf_8(raw: bytes) -> None:
    assert decode(raw, "a").startswith(PROSE)


def twice(text: str) -> str:
    """UTF-8 read as windows-1252, as browsers do it: the five bytes without a letter as control characters."""
    return "".join(bytes([b]).decode("cp1252") if b not in b"\x81\x8d\x8f\x90\x9d" else chr(b) for b in text.encode())


def test_text_that_was_encoded_twice_is_mended() -> None:
    assert mended(twice(PROSE)) == PROSE
    assert decode(twice(PROSE).encode(), "a") == PROSE


@given(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹ “”–…©®«»°²Â ã\xa0\n.,", max_size=120))
@settings(deadline=None)
def test_text_in_order_is_not_mended(text: str) -> None:
    assert mended(text) == text


LEGACY = {
    "TCVN3": "Chóng t«i thu thËp th«ng tin c¸ nh©n cña kh¸ch hµng ®Ó giao hµng. " * 4,
    "VNI": "Chuùng toâi thu thaäp thoâng tin caù nhaân cuûa khaùch haøng ñeå giao haøng. " * 4,
}


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("text", LEGACY.values(), ids=LEGACY)
def test_fonts_of_the_nineties_are_refused_by_name(text: str, encoding: str) -> None:
    with pytest.raises(errors.LegacyEncoding):
        decode(text.encode(encoding), "a")


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parent.parent / "data" / "raw").glob("*.txt")), ids=lambda p: p.stem
)
def test_real_policies_are_kept_character_for_character(path: Path) -> None:
    raw = path.read_bytes()
    assert decode(raw, "a") == raw.decode("utf-8-sig")


# --- PDF

Placed = tuple[float, float, str]
"""A text at its place: points from the left and from the bottom of the page."""


def make_pdf(pages: Sequence[Sequence[Placed]], *, extra: str = "", size: int = 10, rise: float = 0.0) -> bytes:
    """A PDF whose letters are named by their code points, each half as wide as high.

    Letters beyond Latin-1 are from a second font, set higher by `rise`, as where the first has none of them.
    """
    letters = sorted({letter for page in pages for _, _, text in page for letter in text})
    codes = {letter: code for code, letter in enumerate(letters, 33)}
    names = " ".join(f"/uni{ord(letter):04X}" for letter in letters)
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "",
        *(
            f"<</Type/Font/Subtype/Type1/BaseFont/{font}/FirstChar 33/LastChar {32 + len(letters)}"
            f"/Widths[{'500 ' * len(letters)}]/Encoding<</Type/Encoding/Differences[33 {names}]>>>>"
            for font in ("Helvetica", "Courier")
        ),
    ]

    def typed(text: str) -> str:
        return "".join(
            f"/F{1 + other} {size} Tf {rise * other} Ts <{bytes(map(codes.__getitem__, run)).hex()}> Tj "
            for other, run in groupby(text, lambda letter: ord(letter) > 255)
        )

    kids = []
    for page in pages:
        shown = "".join(f"BT {x} {y} Td {typed(text)}ET\n" for x, y, text in page)
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {len(objects) + 2} 0 R"
            f"/Resources<</Font<</F1 3 0 R/F2 4 0 R>>{extra}>>>>"
        )
        content = shown + ("q 500 0 0 700 0 0 cm /I Do Q\n" if extra else "")
        objects.append(f"<</Length {len(content)}>>stream\n{content}endstream")
    if extra:
        objects.append(
            "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
            "/Length 1>>stream\nA\nendstream"
        )
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode() + trailer.encode()


def lines(x: float, top: float, *texts: str) -> list[Placed]:
    return [(x, top - 14 * i, text) for i, text in enumerate(texts)]


PRINTED = sorted((Path(__file__).parent / "cases" / "pdf").glob("*.pdf"))


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.stem)
def test_printed_page(path: Path) -> None:
    """`columns`: running lines, two columns, headings of several lines, drawn bullets, a table in a column.

    `report`: bullets of a font that names no letters for them. `office`: bullets of a symbol font, headings close to
    each other, a table without rules with a cell of two lines.
    """
    assert pdf.plain_text(path.read_bytes(), "a") == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_pdf_words_in_two_fonts_stay_whole() -> None:
    """Browsers print the letters that a page's font lacks in another, which may stand higher."""
    said = "Chính sách bảo mật", "Điện thoại, địa chỉ"
    page = make_pdf([[(50.0, 700.0, said[0]), (50.0, 660.0, said[1])]], size=24, rise=5.2)
    assert pdf.plain_text(page, "a").split() == " ".join(said).split()


def test_pdf_leaves_out_what_a_browser_prints_around_the_page() -> None:
    page = [
        (20.0, 785.0, "3/2/26, 9:05 AM Chính sách bảo mật"),
        *lines(50, 700, *POLICY),
        (20.0, 15.0, "https://vuon.example/bao-mat 1/1"),
    ]
    assert pdf.plain_text(make_pdf([page]), "a").split() == " ".join(POLICY).split()


def test_pdf_joins_wrapped_lines_and_keeps_items() -> None:
    page = lines(
        50,
        700,
        "Chính sách bảo mật",
        "Chúng tôi thu thập họ tên và số điện thoại của khách hàng để giao hàng cho",
        "khách đúng hẹn.",
        "1. Lưu trữ",
        "- Hai năm trên máy chủ",
        "- Một năm trên giấy",
    )
    assert pdf.plain_text(make_pdf([page]), "a") == (
        "Chính sách bảo mật\n"
        "Chúng tôi thu thập họ tên và số điện thoại của khách hàng để giao hàng cho khách đúng hẹn.\n"
        "1. Lưu trữ\n- Hai năm trên máy chủ\n- Một năm trên giấy\n"
    )


def test_pdf_drops_running_lines_and_page_numbers() -> None:
    pages = [
        [
            (50, 770, "Công ty Lá Chanh"),
            *lines(50, 600, f"Điều khoản thứ {word} nói về dữ liệu."),
            (290, 30, f"Trang {i}/3"),
        ]
        for i, word in enumerate(("nhất", "hai", "ba"), 1)
    ]
    assert pdf.plain_text(make_pdf(pages), "a") == "".join(
        f"Điều khoản thứ {word} nói về dữ liệu.\n" for word in ("nhất", "hai", "ba")
    )


def test_pdf_reads_two_columns_one_after_the_other() -> None:
    left = [f"Cột trái dòng số {w} của bài." for w in ("một", "hai", "ba", "bốn", "năm", "sáu")]
    right = [f"Cột phải dòng số {w} của bài." for w in ("một", "hai", "ba", "bốn", "năm", "sáu")]
    text = pdf.plain_text(make_pdf([lines(40, 650, *left) + lines(330, 650, *right)]), "a")
    assert text.split() == " ".join(left + right).split()  # full lines run on as one paragraph


def test_pdf_columns_as_near_as_a_letter_is_high() -> None:
    left = [f"Cột trái dòng số {w} của bài viết dài." for w in ("một", "hai", "ba", "bốn", "năm", "sáu")]
    right = [f"Cột phải dòng số {w} của bài." for w in ("một", "hai", "ba", "bốn", "năm", "sáu")]
    page = lines(40, 650, *left) + lines(40 + 5 * max(map(len, left)) + 9, 648, *right)
    assert pdf.plain_text(make_pdf([page]), "a").split() == " ".join(left + right).split()


def test_pdf_reads_three_columns() -> None:
    columns = [[f"Cột {c} dòng {w} của bài." for w in ("một", "hai", "ba", "tư", "năm", "sáu")] for c in "ABC"]
    page = [placed for i, column in enumerate(columns) for placed in lines(20 + 190 * i, 650, *column)]
    assert pdf.plain_text(make_pdf([page]), "a").split() == " ".join(chain(*columns)).split()


ROWS = [("Dữ liệu", "Dùng để", "Hạn"), ("Họ tên", "Gọi lại", "1 năm"), ("Ảnh", "Xác minh", "30 ngày")]


def table(columns: Sequence[float], *rows: Sequence[str], top: float = 600.0, step: float = 14.0) -> list[Placed]:
    return [
        (x, top - step * i, text) for i, row in enumerate(rows) for x, text in zip(columns, row, strict=True) if text
    ]


ABOVE = (50.0, 640.0, "Bảng này kể từng loại dữ liệu mà cửa hàng giữ và hạn giữ của từng loại một.")
BELOW = "Hết hạn thì xóa."
AS_TEXT = [" | ".join(row) for row in ROWS]
UNRULED: Mapping[str, tuple[list[Placed], list[str]]] = {
    "rows": ([*table((50, 200, 320), *ROWS), (50, 550, BELOW)], [*AS_TEXT, BELOW]),
    "text close below": ([*table((50, 200, 320), *ROWS), (50, 558, BELOW)], [*AS_TEXT, BELOW]),
    "two columns": (table((50, 200), *(row[:2] for row in ROWS)), [" | ".join(row[:2]) for row in ROWS]),
    "cells close to each other": (table((50, 91, 136), *ROWS), AS_TEXT),
    "a cell of two lines": (
        table((50, 200, 320), *ROWS, ("Số", "Báo khi giao", "1 năm"), ("", "và khi trễ", "")),
        [*AS_TEXT, "Số | Báo khi giao và khi trễ | 1 năm"],
    ),
    "cells set in the middle": (
        [*table((50, 200, 320), *ROWS, step=20), (200, 540, "Báo khi giao"), (50, 533, "Số"), (320, 533, "1 năm"),
         (200, 526, "và khi trễ")],
        [*AS_TEXT, "Số | Báo khi giao và khi trễ | 1 năm"],
    ),
    "numbers at a distance are markers": (
        table((50, 90), ("1.", "Họ tên."), ("2.", "Số máy."), ("3.", "Địa chỉ.")),
        ["1. Họ tên.", "2. Số máy.", "3. Địa chỉ."],
    ),
    "two lines": (table((50, 200), *(row[:2] for row in ROWS[:2])), ["Dữ liệu Dùng để", "Họ tên Gọi lại"]),
    "words below each other in spaced lines": (
        [*table((50, 85, 125, 160), ("Cửa", "hàng", "xin", "lỗi.")),
         *table((50, 97, 133, 160), ("Khách", "gọi", "tới", "gặp."), top=586),
         *table((50, 90, 130, 160), ("Ngày", "giờ", "nào", "ghi."), top=572)],
        ["Cửa hàng xin lỗi.", "Khách gọi tới gặp.", "Ngày giờ nào ghi."],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("placed", "text"), UNRULED.values(), ids=UNRULED)
def test_pdf_table_without_rules(placed: list[Placed], text: list[str]) -> None:
    assert pdf.plain_text(make_pdf([[ABOVE, *placed]]), "a").split("\n")[1:] == [*text, ""]


def test_words_of_one_length_below_each_other_are_no_column() -> None:
    """Letters of one width: every line begins with a word of four, and no space is wider than another."""
    texts = ("dùng vào việc gì khác", "nhận tin mãi về sau này", "gạch tên khỏi danh sách")
    rows = []
    for y, text in enumerate(texts):
        places = [found.span() for found in re.finditer(r"\S+", text)]
        rows.append([
            {"text": text[a:b], "x0": 6.0 * a, "x1": 6.0 * b, "top": 12.0 * y, "bottom": 12.0 * y + 10}
            for a, b in places
        ])  # fmt: skip
    assert list(unruled(rows)) == []


def test_pdf_capital_after_a_colon_begins_a_line() -> None:
    page = lines(50, 700, "Ai cần hỏi thêm về dữ liệu cá nhân thì liên hệ:", "Xưởng giày Bước Nhẹ, Đà Nẵng")
    assert pdf.plain_text(make_pdf([page]), "a").count("\n") == 2


def test_pdf_hyphen_at_the_end_of_a_line() -> None:
    page = lines(
        50,
        700,
        "Trang web dùng dịch vụ phân tích của bên ngoài với tên gọi là inter-",
        "national analytics.",
        "Hết trang.",
    )
    assert "international analytics." in pdf.plain_text(make_pdf([page]), "a")


def encrypted_pdf() -> bytes:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(make_pdf([lines(50, 700, *POLICY)])))
    writer.encrypt("khóa", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def flate_bomb() -> bytes:
    import zlib

    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 10_000_000) for _ in range(20)) + packer.flush()
    head = f"%PDF-1.4\n1 0 obj<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode()
    return head + packed + b"\nendstream\nendobj\ntrailer<<>>\n%%EOF\n"


GOOD_PDF = make_pdf([lines(50, 700, *POLICY)])
BAD_PDF: Mapping[str, tuple[type[errors.DocumentError], Callable[[], bytes]]] = {
    "cut off": (errors.DamagedFile, lambda: GOOD_PDF[: len(GOOD_PDF) // 2]),
    "no PDF": (errors.DamagedFile, lambda: b"<html>404</html>"),
    "nothing but head and foot": (errors.DamagedFile, lambda: b"%PDF-1.7\n%%EOF"),
    "scans": (errors.ScannedPdf, lambda: make_pdf([[]], extra="/XObject<</I 7 0 R>>")),
    "password": (errors.EncryptedPdf, encrypted_pdf),
    "bomb": (errors.FileTooLarge, flate_bomb),
}


@pytest.mark.parametrize(("error", "make"), BAD_PDF.values(), ids=BAD_PDF)
def test_bad_pdf_is_refused_by_name(error: type[errors.DocumentError], make: Callable[[], bytes]) -> None:
    with pytest.raises(errors.DocumentError) as caught:
        pdf.plain_text(make(), "a.pdf")
    assert type(caught.value) is error


@given(st.integers(9, len(GOOD_PDF) - 8), st.binary(min_size=1, max_size=8))
@settings(deadline=None, max_examples=150)
def test_a_damaged_pdf_is_read_or_refused(place: int, noise: bytes) -> None:
    with contextlib.suppress(errors.DocumentError):
        pdf.plain_text(GOOD_PDF[:place] + noise + GOOD_PDF[place + len(noise) :], "a.pdf")


# --- DOCX


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_docx_keeps_headings_lists_and_tables() -> None:
    document = docx.Document()
    document.add_heading("Chính sách bảo mật", 0)
    document.add_paragraph("Chúng tôi thu thập:")
    for item in ("Họ tên", "Email"):
        document.add_paragraph(item, style="List Bullet")
    document.add_heading("Thời hạn", 1)
    for item in ("Một năm", "Hai năm"):
        document.add_paragraph(item, style="List Number")
    table = document.add_table(2, 2)
    for i, text in enumerate(("Dữ liệu", "Hạn", "Email", "1 năm")):
        table.cell(i // 2, i % 2).text = text
    document.sections[0].header.paragraphs[0].text = "Đầu trang"
    assert word.plain_text(saved(document), "a") == (
        "Chính sách bảo mật\n\nChúng tôi thu thập:\n- Họ tên\n- Email\n\nThời hạn\n\n1. Một năm\n2. Hai năm\n\n"
        "Dữ liệu | Hạn\nEmail | 1 năm\n"
    )


def test_docx_bold_beginning_of_a_paragraph_is_a_line() -> None:
    document = docx.Document()
    document.add_paragraph("Vườn giữ ít dữ liệu.")
    for bold, rest in (("Lưu trữ.", " Hai năm."), ("Email:", " Để gọi lại."), ("Không", " bán dữ liệu.")):
        paragraph = document.add_paragraph()
        paragraph.add_run(bold).bold = True
        paragraph.add_run(rest)
    assert word.plain_text(saved(document), "a") == (
        "Vườn giữ ít dữ liệu.\n\nLưu trữ.\nHai năm.\n\nEmail: Để gọi lại.\n\nKhông bán dữ liệu.\n"
    )


def archive(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


GOOD_DOCX = saved(docx.Document())
BAD_DOCX: Mapping[str, tuple[type[errors.DocumentError], Callable[[], bytes]]] = {
    "two letters": (errors.DamagedFile, lambda: b"PK"),
    "an older or encrypted file": (errors.DamagedFile, lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)),
    "another archive": (errors.DamagedFile, lambda: archive({"a.txt": b"a"})),
    "cut off": (errors.DamagedFile, lambda: GOOD_DOCX[: len(GOOD_DOCX) // 2]),
    "no XML": (errors.DamagedFile, lambda: archive({"word/document.xml": b"<a", "[Content_Types].xml": b"<"})),
    "bomb": (errors.ZipBomb, lambda: archive({"word/document.xml": bytes(101_000_000)})),
    "bomb of many parts": (errors.ZipBomb, lambda: archive({f"word/{i}": b"" for i in range(5_001)})),
}


@pytest.mark.parametrize(("error", "make"), BAD_DOCX.values(), ids=BAD_DOCX)
def test_bad_docx_is_refused_by_name(error: type[errors.DocumentError], make: Callable[[], bytes]) -> None:
    with pytest.raises(errors.DocumentError) as caught:
        word.plain_text(make(), "a.docx")
    assert type(caught.value) is error


@given(st.integers(0, len(GOOD_DOCX) - 8), st.binary(min_size=1, max_size=8))
@settings(deadline=None, max_examples=150)
def test_a_damaged_docx_is_read_or_refused(place: int, noise: bytes) -> None:
    with contextlib.suppress(errors.DocumentError):
        word.plain_text(GOOD_DOCX[:place] + noise + GOOD_DOCX[place + len(noise) :], "a.docx")


# --- files


def test_a_page_without_text_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(HOSTILE["scripts only"][0], encoding="utf-8")
    with pytest.raises(errors.PageWithoutText):
        read(*discover(str(tmp_path)))


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text(PROSE, encoding="utf-8")
    (tmp_path / "in" / "a.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(errors.LinkOutside):
        read(*discover(str(tmp_path / "in")))


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(PROSE, encoding="utf-8")
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    assert {read(document).text for document in discover(str(tmp_path))} == {PROSE}


def test_a_link_that_leads_nowhere_is_refused_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    with pytest.raises(errors.UnreadableFile):
        read(*discover(str(tmp_path)))


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(PROSE, encoding="utf-8")
    look, seen = os.fstat, []

    def grown(handle: int) -> os.stat_result:
        if seen:
            path.write_text(PROSE * 2, encoding="utf-8")
        seen.append(handle)
        return look(handle)

    monkeypatch.setattr("pipeline.sources.os.fstat", grown)
    with pytest.raises(errors.ChangedWhileRead):
        read(Document(doc_id="a", vendor="a", name="a.txt", path=path))


def test_odd_names(tmp_path: Path) -> None:
    for name in (b"a\nb.txt", b"\xff\xfe.txt", "Cửa hàng.txt".encode()):
        (tmp_path / os.fsdecode(name)).write_text("", encoding="utf-8")
    for document in discover(str(tmp_path)):
        document.name.encode("utf-8")
        with pytest.raises(errors.EmptyFile) as caught:
            read(document)
        assert "\n" not in str(caught.value)


W_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_docx_reads_text_boxes_and_footnotes() -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    document = docx.Document()
    paragraph = document.add_paragraph("Dữ liệu được lưu tại Việt Nam.")
    inside = "<w:p><w:r><w:t>Trong khung</w:t></w:r></w:p>"
    box = f"<w:r {W_NAMES}><w:pict><w:txbxContent>{inside}</w:txbxContent></w:pict></w:r>"
    paragraph._p.append(parse_xml(box))
    notes = (
        f'<w:footnotes {W_NAMES}><w:footnote w:type="separator"><w:p><w:r><w:t>--</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>Theo luật.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    assert word.plain_text(saved(document), "a") == "Dữ liệu được lưu tại Việt Nam.\n\nTrong khung\n\nTheo luật.\n"
