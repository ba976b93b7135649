"""The last sheet: what each sheet, status, column, attribute and point of the law means."""

from collections.abc import Sequence
from typing import Any

from pipeline.attributes import attributes
from pipeline.render.compared import Compared
from pipeline.render.points import preliminary
from pipeline.render.standings import SAID
from pipeline.render.terms import terms
from pipeline.render.xlsx import changes, evidence, tables
from pipeline.render.xlsx.completeness import GAPS, law, rule
from pipeline.render.xlsx.sheet import (
    CHANGES,
    COMPARISON,
    COMPLETENESS,
    DOCUMENT,
    ENTITIES,
    EVIDENCE,
    READ_ME,
    RETRIEVED,
    SENTENCES,
    STANDINGS,
    SUMMARY,
    TERMS,
    URL,
    VENDOR,
    Looks,
    lines,
    printed,
)
from pipeline.render.xlsx.summary import CAUTIONS

SHEETS = {
    SUMMARY: "số lượng, điều nổi bật, lưu ý, và mỗi mục có bao nhiêu nhà cung cấp nêu",
    COMPARISON: "mỗi dòng một nhà cung cấp (văn bản mới nhất), mỗi cột một mục; ghi chú của ô là câu trích "
    "dẫn; bấm vào ô để tới bằng chứng (chỉ đúng khi sheet đó chưa bị sắp xếp lại; lọc thì không sao)",
    COMPLETENESS: "mỗi dòng một nhà cung cấp, mỗi cột một điểm luật yêu cầu nêu; ghi chú của tiêu đề nói cách xét",
    CHANGES: "lần chạy vừa rồi thấy nhà cung cấp nào đổi điều gì, và bản tải nào hỏng nên được để riêng",
    STANDINGS: "mỗi chính sách khác các chính sách khác ở đâu, và có gì chung với chúng",
    TERMS: "mọi thời hạn và sự kiện kết thúc lưu trữ, sắp xếp được theo số ngày",
    EVIDENCE: "mỗi dòng một bằng chứng; mục không có câu trả lời có một dòng nêu trạng thái",
    ENTITIES: "số điện thoại, thời hạn, tổ chức, loại dữ liệu ... và vị trí của chúng",
    SENTENCES: "mọi câu của các văn bản được so sánh, kèm loại điều khoản",
}


def add(book: Any, formats: Looks, seen: Compared) -> None:
    """Adds the sheet."""
    sheet = book.add_worksheet(READ_ME)
    printed(sheet)
    widths = (24, 34, 30, 90)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    columns = [(COMPARISON, column) for column in (VENDOR, URL, RETRIEVED, DOCUMENT)]
    columns += [(COMPLETENESS, GAPS), *((EVIDENCE, column) for column in evidence.COLUMNS)]
    columns += [(CHANGES, column) for column in changes.COLUMNS]
    columns += [(name, column) for name, of_sheet in tables.COLUMNS.items() for column in of_sheet]
    points = [(regime, element) for regime in seen.regimes for element in regime.elements]
    laws = [(r.vi, e.vi, f"{r.id}/{e.id}", f"{law(e)}\n{rule(e)}") for r, e in points]
    parts: Sequence[tuple[str, Sequence[tuple[str, ...]]]] = (
        ("Lưu ý", [("", "", "", caution) for caution in (preliminary(seen.batch.as_of), *CAUTIONS)]),
        ("Các sheet", [(name, "", "", about) for name, about in SHEETS.items()]),
        ("Trạng thái", _statuses()),
        ("Các cột", [(name, column.vi, column.id, column.about) for name, column in columns]),
        ("Các mục so sánh", [(COMPARISON, a.vi, a.id, a.en) for a in attributes()]),
        ("Các loại điều nổi bật", [(STANDINGS, "", kind, words["en"]) for kind, words in SAID.items()]),
        ("Các điểm của luật", laws),
        ("Độ chắc của trích dẫn", [("", "", id, words["vi"]) for id, words in terms()["certainty"].items()]),
    )
    row = 0
    for heading, rows in parts:
        head = (heading, "Cột" if heading.startswith("Các ") else "", "Mã", "Ý nghĩa")
        row = lines(sheet, formats, row, head, rows, widths)


def _statuses() -> list[tuple[str, ...]]:
    return [
        (sheet, words["vi"], id, words["about_vi"])
        for sheet, group in ((COMPARISON, "finding"), (COMPARISON, "review"), (COMPLETENESS, "requirement"))
        for id, words in terms()[group].items()
    ]
