"""The sheet of changes: what the last run brought, a row a change, and each version put aside as a broken scrape."""

from collections.abc import Iterator
from typing import Any

from pipeline.batch import Diff
from pipeline.records import Change, Evidence
from pipeline.render.compared import Compared
from pipeline.render.diff import NOTHING, entries, put_aside, side_in_words
from pipeline.render.xlsx.sheet import CHANGES, DOCUMENT, VENDOR, Column, Looks, Value, table

LEVELS = {"value": "câu trả lời", "clause": "câu"}

COLUMNS = (
    VENDOR,
    DOCUMENT,
    Column("Cấp", "level_vi", 14, "câu trả lời (một giá trị khác đi), câu (lời văn khác đi) hoặc bản tải"),
    Column("Thay đổi", "kind_vi", 18, "thêm, bỏ, đổi, chuyển chỗ; nếu chỉ khác về hình thức: khác ở chỗ nào"),
    Column("Mục", "subject_vi", 28, "mục so sánh, hoặc loại điều khoản của câu"),
    Column("Bản cũ", "old", 60, "giá trị hoặc nguyên văn trước đó; trống khi được thêm"),
    Column("Bản mới", "new", 60, "giá trị hoặc nguyên văn nay; trống khi bị bỏ"),
    Column("Mã", "kind", 14, "mã như trong changes.csv; cosmetic: chỉ hình thức; quarantined: bản tải hỏng"),
    Column("Mã mục", "subject", 20, "mã của mục, của loại điều khoản, hoặc lý do để riêng bản tải"),
    Column("Câu cũ", "old_sentences", 10, "thứ tự câu trong bản cũ, tính từ 0"),
    Column("Câu mới", "new_sentences", 10, "thứ tự câu trong bản mới, tính từ 0"),
    Column("Tệp cũ", "old_version", 34, "tệp, ngày và mã của bản cũ"),
    Column("Tệp mới", "new_version", 34, "tệp, ngày và mã của bản mới"),
)


def add(book: Any, formats: Looks, seen: Compared) -> None:
    """Adds the sheet; where nothing changed, it says so."""
    rows = [row for diff in seen.batch.diffs for row in _rows(diff)]
    nothing: list[Value] = [NOTHING, *[""] * (len(COLUMNS) - 1)]
    table(book, formats, CHANGES, COLUMNS, rows or [nothing])


def _rows(diff: Diff) -> Iterator[list[Value]]:
    head: list[Value] = [diff.vendor, diff.doc_id]
    sides = str(diff.old), str(diff.new)
    if diff.quarantine:
        said = ["bản tải", "bản tải hỏng", "", "", put_aside(diff.quarantine), "quarantined", diff.quarantine.reason]
        yield [*head, *said, "", "", *sides]
    for change, entry in zip(diff.changes, entries(diff.changes), strict=True):
        texts = side_in_words(change, change.old), side_in_words(change, change.new)
        said = [LEVELS[change.level], entry.kind, entry.title, *texts, change.kind, change.subject]
        yield [*head, *said, *_sentences(change), *sides]


def _sentences(change: Change) -> Iterator[str]:
    return (_numbers(evidence) for evidence in (change.old_evidence, change.new_evidence))


def _numbers(evidence: tuple[Evidence, ...]) -> str:
    return ", ".join(str(number) for number in dict.fromkeys(e.sentence for e in evidence))
