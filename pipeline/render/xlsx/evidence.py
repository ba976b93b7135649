"""The sheet of findings: one row a piece of evidence, to which the cells of comparison and completeness lead."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.attributes import attributes
from pipeline.records import Evidence
from pipeline.render.compared import Compared
from pipeline.render.comparison import mark
from pipeline.render.terms import terms
from pipeline.render.words import in_words
from pipeline.render.xlsx.sheet import (
    COMPARISON,
    DOCUMENT,
    EVIDENCE,
    QUOTE,
    SENTENCE,
    VENDOR,
    Column,
    Looks,
    Value,
    table,
)

COLUMNS = (
    VENDOR,
    DOCUMENT,
    Column("Mục", "attribute_vi", 30, f"tên cột trong sheet {COMPARISON}, hoặc nội dung mà danh mục của luật yêu cầu"),
    Column("Mã mục", "attribute", 22, "mã của mục trong findings.csv; danh mục/điểm như trong requirements.csv"),
    Column("Trạng thái", "status", 16, "xem bảng trạng thái"),
    Column("Trả lời", "answer", 46, "các giá trị chuẩn hóa, viết bằng lời"),
    SENTENCE,
    QUOTE,
)

First = Mapping[tuple[str, str], int]
"""In which row (from 0) the evidence begins, by document and attribute or `regime/element`."""


def rows(seen: Compared) -> tuple[list[list[Value]], First]:
    """The rows of the sheet, and where those of each finding and requirement begin."""
    found: list[list[Value]] = []
    first: dict[tuple[str, str], int] = {}
    for doc_id, vendor in seen.vendors.items():
        for id, name, status, answer, evidence in _said(seen, doc_id):
            first[doc_id, id] = len(found)
            row: list[Value] = [vendor, doc_id, name, id, status, answer]
            found += [[*row, e.sentence, e.quote] for e in evidence] or [[*row, "", ""]]
    return found, first


def _said(seen: Compared, doc_id: str) -> Iterable[tuple[str, str, str, str, Sequence[Evidence]]]:
    """Id, name, status and answer in words, and evidence of each finding and requirement of a document."""
    for attribute in attributes():
        finding = seen.cells[doc_id][attribute.id]
        status = terms()["finding"][finding.status]["vi"]
        answer = mark(finding) + "; ".join(in_words(value) for value in finding.answer)
        yield attribute.id, attribute.vi, status, answer, finding.evidence
    for regime in seen.regimes:
        for element in regime.elements:
            point = seen.points[doc_id][regime.id, element.id]
            status = terms()["requirement"][point.status]["vi"]
            yield f"{regime.id}/{element.id}", element.vi, status, "", point.evidence


def add(book: Any, formats: Looks, found: Sequence[Sequence[Value]]) -> None:
    """Adds the sheet."""
    table(book, formats, EVIDENCE, COLUMNS, found)
