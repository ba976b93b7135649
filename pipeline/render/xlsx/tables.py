"""The sheets that are plain tables: what stands out, terms of storage, entities, sentences."""

from collections.abc import Mapping
from typing import Any

from pipeline.labels import labels
from pipeline.render.compared import Compared
from pipeline.render.standings import in_a_clause, subject
from pipeline.render.tables import PATH, as_json
from pipeline.render.terms import terms
from pipeline.render.words import in_words
from pipeline.render.xlsx.sheet import (
    DOCUMENT,
    ENTITIES,
    QUOTE,
    SENTENCE,
    SENTENCES,
    STANDINGS,
    TERMS,
    VENDOR,
    Column,
    Looks,
    Value,
    table,
)

KINDS = {"heading": "tiêu đề", "body": "câu", "item": "mục liệt kê", "furniture": "ngoài chính sách"}
BOUNDS = {"exact": "đúng", "at_least": "ít nhất", "at_most": "nhiều nhất", "": ""}

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    STANDINGS: (
        VENDOR,
        DOCUMENT,
        Column("Điều nổi bật", "said", 70, "so với mọi chính sách được so sánh"),
        Column("Mã", "kind", 14, "loại điều nổi bật, xem bảng dưới"),
        Column("Mục", "subject_vi", 28, "mục, điểm luật định hoặc loại thực thể mà nó nói tới"),
        Column("Mã mục", "subject", 24, "mã của mục"),
        Column("Giá trị", "value", 24, "giá trị chuẩn hóa; tỷ lệ câu giống nhau; tên khuôn mẫu"),
        Column("Số chính sách", "count", 10, "bao nhiêu chính sách như vậy (lacks: có nêu; boilerplate: số câu)"),
        Column("Trên", "of", 8, "bao nhiêu chính sách xét được (boilerplate: số câu)"),
        Column("Chính sách khác", "others", 36, "văn bản khác ở cùng vị trí (lacks: những văn bản có nêu), tối đa 20"),
        SENTENCE,
        QUOTE,
    ),
    TERMS: (
        VENDOR,
        DOCUMENT,
        Column("Thời hạn", "value_vi", 34, "thời hạn, hoặc sự kiện kết thúc việc lưu"),
        Column("Số ngày", "days", 12, "để sắp xếp; trống khi là sự kiện"),
        Column("Giới hạn", "bound_vi", 12, "đúng, ít nhất hoặc nhiều nhất chừng đó"),
        Column("Áp dụng cho", "applies_to", 36, "loại dữ liệu, theo lời chính sách; trống là tất cả"),
        Column("Giá trị chuẩn hóa", "value", 22, "ISO 8601 hoặc mã sự kiện"),
        Column("Ngoài chính sách", "site", 12, "“ngoài chính sách” khi chỉ có ở biểu mẫu hoặc chân trang"),
        SENTENCE,
        QUOTE,
    ),
    ENTITIES: (
        VENDOR,
        DOCUMENT,
        Column("Loại", "kind_vi", 20, "loại thực thể"),
        Column("Mã loại", "kind", 16, "mã của loại trong entities.csv"),
        Column("Giá trị", "value_vi", 36, "giá trị chuẩn hóa, viết bằng lời"),
        Column("Giá trị chuẩn hóa", "value", 30, "dạng dùng để so sánh và lọc"),
        Column("Nguyên văn", "text", 46, "như viết trong chính sách"),
        SENTENCE,
        Column("Chi tiết", "detail", 36, "JSON; said_by = site: chỉ có ở biểu mẫu hoặc chân trang"),
    ),
    SENTENCES: (
        VENDOR,
        DOCUMENT,
        SENTENCE,
        Column("Kiểu", "kind", 16, "tiêu đề, câu, mục liệt kê; ngoài chính sách: menu, biểu mẫu, chân trang"),
        Column("Nội dung", "text", 90, "nguyên văn"),
        Column("Nằm dưới tiêu đề", "path", 40, "các tiêu đề phía trên, từ ngoài vào trong"),
        Column("Phân loại", "label_vi", 26, "loại điều khoản chính của câu"),
        Column("Mã loại", "label", 18, "mã của loại trong clauses.csv"),
        Column("Xác suất", "score", 10, "xác suất đã hiệu chỉnh của loại chính, 0 đến 1"),
        Column("Chưa chắc", "unsure", 12, "“chưa chắc” khi xác suất thấp: nên đọc lại"),
    ),
}
"""The columns of each sheet; the read-me is made from them."""


def add_standings(book: Any, formats: Looks, seen: Compared) -> None:
    """Adds the sheet of what stands out: a row a standing, its quotes below each other."""
    rows: list[list[Value]] = []
    for doc_id, standings in seen.standings.items():
        for s in standings:
            row: list[Value] = [
                *(seen.vendors[doc_id], doc_id, in_a_clause(s, seen.vendors), s.kind, subject(s.subject, "vi")),
                *(s.subject, s.value, s.count, s.of, "; ".join(s.others)),
            ]
            quotes = "\n".join(f"“{e.quote}”" for e in s.evidence)
            rows.append([*row, ", ".join(str(e.sentence) for e in s.evidence), quotes])
    table(book, formats, STANDINGS, COLUMNS[STANDINGS], rows)


def add_terms(book: Any, formats: Looks, seen: Compared) -> None:
    """Adds the sheet of the terms of storage."""
    rows: list[list[Value]] = [
        [
            *(seen.vendors[t.doc_id], t.doc_id, in_words(t.value), "" if t.days is None else round(t.days, 2)),
            *(BOUNDS[t.bound], t.applies_to, t.value, "ngoài chính sách" if t.site else ""),
            *(t.evidence.sentence, t.evidence.quote),
        ]
        for terms_of in seen.terms.values()
        for t in terms_of
    ]
    table(book, formats, TERMS, COLUMNS[TERMS], rows)


def add_entities(book: Any, formats: Looks, seen: Compared) -> None:
    """Adds the sheet of entities."""
    kinds = terms()["entity"]
    rows: list[list[Value]] = [
        [
            *(a.policy.vendor, e.doc_id, kinds[e.kind]["vi"] if e.kind in kinds else e.kind, e.kind),
            *(in_words(e.value), e.value, e.text, e.sentence, as_json(e.detail)),
        ]
        for a in seen.analyses
        for e in a.entities
    ]
    table(book, formats, ENTITIES, COLUMNS[ENTITIES], rows)


def add_sentences(book: Any, formats: Looks, seen: Compared) -> None:
    """Adds the sheet of sentences with their categories."""
    names = {label.id: label.vi for label in labels()}
    rows: list[list[Value]] = []
    for a in seen.analyses:
        main = {c.sentence: c for c in a.clauses if c.primary}
        for s in a.sentences:
            clause = main[s.index]
            said: list[Value] = [names[clause.label], clause.label, clause.score, "chưa chắc" if clause.unsure else ""]
            rows.append([a.policy.vendor, s.doc_id, s.index, KINDS[s.kind], s.text, PATH.join(s.path), *said])
    table(book, formats, SENTENCES, COLUMNS[SENTENCES], rows)
