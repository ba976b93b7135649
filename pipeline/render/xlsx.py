"""The comparison as an Excel workbook: what stands out, one row a vendor, and behind each cell its sentences.

Vietnamese headings with the ids of the data tables in the row below. Policy text is written as text, never as
formula or link. A workbook that a person has changed is kept: the hash of what a run wrote stands in a file beside
it, and where the two differ the next run writes `comparison-2.xlsx`.

>>> _fit("Dữ liệu được lưu 24 tháng", 19), _fit("24 tháng", 18)
('Dữ liệu được… [cắt]', '24 tháng')
>>> _names(["An", "Bình", "Cúc"], most=2)
'An; Bình … và 1 mục khác'
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.attributes import attributes
from pipeline.batch import Batch
from pipeline.labels import labels
from pipeline.records import EVIDENCED, Analysis, Finding
from pipeline.render.comparison import cell
from pipeline.render.tables import PATH, as_json
from pipeline.render.words import in_words

Value = str | int | float
Cells = Mapping[str, Mapping[str, Finding]]
"""Findings of the compared documents by doc_id and attribute."""


class Column(NamedTuple):
    """A column: Vietnamese heading, id in the row below, width in characters, what it means (for the read-me)."""

    vi: str
    id: str
    width: int
    about: str


class Status(NamedTuple):
    """A status of a finding in Vietnamese, the colour of its cells, what it means."""

    vi: str
    colour: str
    about: str


ROWS = 1_048_576
"""Rows that a sheet of Excel has."""

LONGEST = 32_767
"""Characters (UTF-16 units) that a cell of Excel holds."""

LONGEST_NOTE = 1_500
"""Characters of quotes in a note: what still reads as a note; the sheet of evidence has them whole."""

LINKS = 65_530
"""Links that Excel opens in one sheet; cells beyond are written without."""

LONGEST_URL = 2_000
"""Below Excel's limit of 2,079; a longer address is written as text."""

CUT = "… [cắt]"
HEADER = 2
"""Rows of a header: headings, ids."""

CREATED = datetime(2000, 1, 1)
"""Date of creation in the file's properties: fixed, so that the same findings give the same bytes."""

SUMMARY, COMPARISON, EVIDENCE, ENTITIES, SENTENCES, READ_ME = (
    "Tóm tắt", "So sánh", "Bằng chứng", "Thực thể", "Câu", "Đọc tôi",
)  # fmt: skip

STATUSES: Mapping[str, Status] = {
    "stated": Status("có nêu", "#E2F0D9", "chính sách nêu rõ, có câu làm căn cứ"),
    "partly": Status("nêu một phần", "#FFF2CC", "chỉ nêu chung hoặc chưa đủ, có câu làm căn cứ"),
    "conflict": Status("mâu thuẫn", "#F8CBAD", "các câu mâu thuẫn nhau; cả hai phía đều có trong bằng chứng"),
    "not_found": Status("không tìm thấy", "#EDEDED", "đã đọc hết văn bản mà không thấy; máy vẫn có thể bỏ sót"),
    "cut_off": Status("văn bản bị cắt", "#DDEBF7", "văn bản đứt trước chỗ đáng lẽ phải có: không kết luận được"),
    "unsure": Status("chưa chắc", "#E4DFEC", "máy không đủ chắc chắn; cần người đọc"),
    "unreadable": Status("không đọc được", "#D9D9D9", "phần văn bản này không đọc được"),
}  # fmt: skip

KINDS: Mapping[str, str] = {
    "phone": "Điện thoại", "email": "Email", "url": "Địa chỉ web", "retention": "Thời hạn lưu trữ",
    "response_time": "Thời hạn trả lời", "organization": "Tổ chức", "address": "Địa chỉ", "tax_code": "Mã số thuế",
    "effective_date": "Ngày hiệu lực", "legal_ref": "Văn bản pháp luật", "data_type": "Loại dữ liệu",
    "recipient": "Bên nhận", "right": "Quyền", "measure": "Biện pháp bảo mật",
}  # fmt: skip
"""Kinds of entities in Vietnamese; a kind that is not here stands under its id."""

SENTENCE_KINDS = {"heading": "tiêu đề", "body": "câu", "item": "mục liệt kê", "furniture": "ngoài chính sách"}

VENDOR = Column("Nhà cung cấp", "vendor", 24, "theo sources.csv, nếu không có thì theo thư mục hoặc tên tệp")
DOCUMENT = Column("Văn bản", "doc_id", 22, "đường dẫn của tệp, không có phần mở rộng")
SENTENCE = Column("Câu số", "sentence", 9, f"thứ tự câu trong văn bản, tính từ 0, như trong sheet {SENTENCES}")
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    EVIDENCE: (
        VENDOR,
        DOCUMENT,
        Column("Mục", "attribute_vi", 26, f"tên cột trong sheet {COMPARISON}"),
        Column("Mã mục", "attribute", 20, "mã của mục trong findings.csv"),
        Column("Trạng thái", "status", 16, "xem bảng trạng thái"),
        Column("Trả lời", "answer", 46, "các giá trị chuẩn hóa, viết bằng lời"),
        SENTENCE,
        Column("Trích dẫn", "quote", 90, "nguyên văn trong chính sách"),
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
}  # fmt: skip
"""The sheets that are plain tables; the read-me is made from them."""

BESIDE = (
    Column("Nguồn", "url", 26, "địa chỉ trang, theo sources.csv"),
    Column("Ngày lấy", "retrieved_at", 12, "ngày tải văn bản về, theo sources.csv"),
)
WIDTHS = {"entities": 26, "quotes": 46}
"""Widths of the columns of attributes by how they are answered; the others hold a few short phrases."""

CAUTIONS = (
    "Bảng này do máy lập: mỗi ô cần được đối chiếu với câu trích dẫn trước khi dùng.",
    "Đây không phải là tư vấn pháp lý và không kết luận nhà cung cấp có tuân thủ pháp luật hay không.",
    "Bảng chỉ phản ánh văn bản đã tải về, không phản ánh những gì nhà cung cấp thực sự làm.",
)
SHEETS = {
    SUMMARY: "số lượng, điều nổi bật, lưu ý, và mỗi mục có bao nhiêu nhà cung cấp nêu",
    COMPARISON: "mỗi dòng một nhà cung cấp (văn bản mới nhất), mỗi cột một mục; ghi chú của ô là câu trích "
    "dẫn; bấm vào ô để tới bằng chứng (chỉ đúng khi sheet đó chưa bị sắp xếp lại; lọc thì không sao)",
    EVIDENCE: "mỗi dòng một bằng chứng; mục không có câu trả lời có một dòng nêu trạng thái",
    ENTITIES: "số điện thoại, thời hạn, tổ chức, loại dữ liệu ... và vị trí của chúng",
    SENTENCES: "mọi câu của các văn bản được so sánh, kèm loại điều khoản",
}

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, or Excel would show as `_x0001_`."""


def write(batch: Batch, folder: Path, replaced: Callable[[Path, Callable[[Path], None]], None]) -> Path:
    """Writes the workbook through `replaced`, beside one that a person has changed; returns its path."""
    wanted = folder / "comparison.xlsx"
    beside = (folder / f"comparison-{number}.xlsx" for number in count(2))
    path = wanted if _ours(wanted) else next(other for other in beside if _ours(other))
    if path != wanted:
        print(f"vnpolicy: {wanted}: not as a run left it, so it is kept; this run is in {path.name}", file=sys.stderr)
    replaced(path, partial(xlsx, batch))
    replaced(_sidecar(path), partial(_seal, path))
    return path


def _ours(path: Path) -> bool:
    """Whether there is no such file, or it is as a run left it."""
    try:
        return _sidecar(path).read_bytes() == _digest(path)
    except OSError:
        return not path.exists()


def _seal(written: Path, path: Path) -> None:
    path.write_bytes(_digest(written))


def _sidecar(path: Path) -> Path:
    return path.with_name(f".{path.name}.sha256")


def _digest(path: Path) -> bytes:
    return sha256(path.read_bytes()).hexdigest().encode()


def xlsx(batch: Batch, path: Path) -> None:
    """Writes the workbook; the same batch gives the same bytes."""
    from xlsxwriter import Workbook

    by_doc = {a.policy.doc_id: a for a in batch.analyses}
    analyses = [by_doc[doc_id] for doc_id in batch.compared]
    cells: dict[str, dict[str, Finding]] = {doc_id: {} for doc_id in batch.compared}
    for finding in batch.findings:
        if finding.doc_id in cells:
            cells[finding.doc_id][finding.attribute] = finding
    evidence, first = _evidence(analyses, cells)
    with Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"title": "So sánh chính sách bảo mật", "created": CREATED})
        looks = _looks(book)
        _summary(book, looks, batch, analyses, cells)
        _comparison(book, looks, analyses, cells, first)
        _table(book, looks, EVIDENCE, evidence)
        _table(book, looks, ENTITIES, _entities(analyses))
        _table(book, looks, SENTENCES, _sentences(analyses))
        _read_me(book, looks)


def _looks(book: Any) -> Mapping[str, Any]:
    """Formats by name; each status in Vietnamese has one of its colour."""
    text = {"text_wrap": True, "valign": "top"}
    framed = {**text, "border": 1, "border_color": "#BFBFBF"}
    named = {
        "text": text,
        "bold": {**text, "bold": True},
        "title": {"bold": True, "font_size": 16},
        "head": {**framed, "bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF"},
        "id": {**framed, "italic": True, "font_size": 9, "bg_color": "#D6DCE4", "font_color": "#404040"},
        "score": {**text, "num_format": "0.00"},
    }
    coloured = {status.vi: {**framed, "bg_color": status.colour} for status in STATUSES.values()}
    return {name: book.add_format(look) for name, look in (named | coloured).items()}


def _evidence(analyses: Sequence[Analysis], cells: Cells) -> tuple[list[list[Value]], dict[tuple[str, str], int]]:
    """Rows of the sheet of evidence, and in which of them (from 0) the evidence of each finding begins."""
    rows: list[list[Value]] = []
    first: dict[tuple[str, str], int] = {}
    for analysis in analyses:
        doc_id, vendor = analysis.policy.doc_id, analysis.policy.vendor
        for attribute in attributes():
            finding = cells[doc_id][attribute.id]
            answer = "; ".join(in_words(value) for value in finding.answer)
            row: list[Value] = [vendor, doc_id, attribute.vi, attribute.id, STATUSES[finding.status].vi, answer]
            first[doc_id, attribute.id] = len(rows)
            rows += [[*row, e.sentence, e.quote] for e in finding.evidence] or [[*row, "", ""]]
    return rows, first


def _entities(analyses: Sequence[Analysis]) -> list[list[Value]]:
    return [
        [
            *(a.policy.vendor, e.doc_id, KINDS.get(e.kind, e.kind), e.kind),
            *(in_words(e.value), e.value, e.text, e.sentence, as_json(e.detail)),
        ]
        for a in analyses
        for e in a.entities
    ]


def _sentences(analyses: Sequence[Analysis]) -> list[list[Value]]:
    names = {label.id: label.vi for label in labels()}
    rows: list[list[Value]] = []
    for a in analyses:
        main = {c.sentence: c for c in a.clauses if c.primary}
        for s in a.sentences:
            clause = main[s.index]
            said: list[Value] = [names[clause.label], clause.label, clause.score, "chưa chắc" if clause.unsure else ""]
            kind = SENTENCE_KINDS[s.kind]
            rows.append([a.policy.vendor, s.doc_id, s.index, kind, s.text, PATH.join(s.path), *said])
    return rows


def _headed(book: Any, looks: Mapping[str, Any], name: str, columns: Sequence[Column], rows: int) -> Any:
    """A sheet with headings, ids and widths; header and first column stay in view, the row of ids filters."""
    sheet = book.add_worksheet(name)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, _fit(column.vi), looks["head"])
        sheet.write_string(1, at, _fit(column.id), looks["id"])
    sheet.freeze_panes(HEADER, 1)
    sheet.autofilter(HEADER - 1, 0, max(HEADER, HEADER + rows - 1), len(columns) - 1)
    return sheet


def _table(book: Any, looks: Mapping[str, Any], name: str, rows: Sequence[Sequence[Value]]) -> None:
    """A sheet of `COLUMNS`; rows beyond what Excel holds are counted in its last row."""
    columns = COLUMNS[name]
    fitting = len(rows) if len(rows) <= ROWS - HEADER else ROWS - HEADER - 1
    sheet = _headed(book, looks, name, columns, fitting)
    for number, row in enumerate(rows[:fitting], HEADER):
        for at, (column, value) in enumerate(zip(columns, row, strict=True)):
            look = looks.get(str(value) if column.id == "status" else column.id, looks["text"])
            _put(sheet, number, at, value, look)
    if fitting < len(rows):
        note = f"… còn {len(rows) - fitting} dòng: Excel không chứa hết, xem các tệp CSV"
        sheet.write_string(HEADER + fitting, 0, note, looks["bold"])


def _put(sheet: Any, row: int, column: int, value: Value, look: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, _fit(value), look)
    else:
        sheet.write_number(row, column, value, look)


def _comparison(
    book: Any,
    looks: Mapping[str, Any],
    analyses: Sequence[Analysis],
    cells: Cells,
    first: Mapping[tuple[str, str], int],
) -> None:
    own = [key for key in dict.fromkeys(k for a in analyses for k in a.policy.meta) if key != "url"]
    columns = [
        *(VENDOR, *BESIDE, *(Column(key, key, 18, "") for key in own), DOCUMENT),
        *(Column(a.vi, a.id, WIDTHS.get(a.rule, 34), "") for a in attributes()),
    ]
    sheet = _headed(book, looks, COMPARISON, columns, len(analyses))
    for number, analysis in enumerate(analyses, HEADER):
        policy = analysis.policy
        sheet.set_row(number, 150)  # ten lines: a few vendors on a screen; the whole answer is in the cell and its note
        sheet.write_string(number, 0, _fit(policy.vendor), looks["bold"])
        _link(sheet, number, 1, policy.meta.get("url", ""), policy.meta.get("url", ""), looks["text"])
        beside = [policy.retrieved_at or "", *(policy.meta.get(key, "") for key in own), policy.doc_id]
        for at, value in enumerate(beside, 2):
            _put(sheet, number, at, value, looks["text"])
        for at, attribute in enumerate(attributes(), 2 + len(beside)):
            finding = cells[policy.doc_id][attribute.id]
            look = looks[STATUSES[finding.status].vi]
            if not finding.evidence:
                _put(sheet, number, at, cell(finding), look)
                continue
            target = f"internal:'{EVIDENCE}'!A{first[policy.doc_id, attribute.id] + HEADER + 1}"
            _link(sheet, number, at, target, cell(finding), look)
            note = _fit("\n\n".join(f"câu {e.sentence}: “{e.quote}”" for e in finding.evidence), LONGEST_NOTE)
            sheet.write_comment(number, at, note, {"width": 420, "height": 60 + len(note) // 4, "font_size": 9})


def _link(sheet: Any, row: int, column: int, target: str, text: str, look: Any) -> None:
    """A cell that leads to a place in the workbook or to a web page; plain text where the target is neither."""
    leads = target.startswith(("internal:", "https://", "http://")) and len(target) <= LONGEST_URL
    if leads and sheet.hlink_count < LINKS:
        sheet.write_url(row, column, _fit(target), look, _fit(text))
    else:
        sheet.write_string(row, column, _fit(text), look)


def _summary(book: Any, looks: Mapping[str, Any], batch: Batch, analyses: Sequence[Analysis], cells: Cells) -> None:
    sheet = book.add_worksheet(SUMMARY)
    sheet.hide_gridlines(2)
    for at, width in enumerate((34, 9, 56, 3, 32, *(11 for _ in STATUSES))):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, "So sánh chính sách bảo mật", looks["title"])
    row = 2
    for heading, facts in (
        ("Số lượng", _counts(batch, analyses, cells)),
        ("Điều nổi bật", _outstanding(analyses, cells)),
        ("Lưu ý", _cautions(analyses, cells)),
    ):
        row = _lines(sheet, looks, row, (heading, "Số", ""), facts)
    for number, caution in enumerate(CAUTIONS, row):
        sheet.merge_range(number, 0, number, 2, caution, looks["text"])
    for at, heading in enumerate(("Số nhà cung cấp theo từng mục", *(s.vi for s in STATUSES.values())), 4):
        sheet.write_string(2, at, heading, looks["head"])
    for number, attribute in enumerate(attributes(), 3):
        counted: Counter[str] = Counter(found[attribute.id].status for found in cells.values())
        sheet.write_string(number, 4, attribute.vi, looks["text"])
        for at, (status, shown) in enumerate(STATUSES.items(), 5):
            if counted[status]:
                sheet.write_number(number, at, counted[status], looks[shown.vi])


Fact = tuple[str, int, str]
"""A line of the summary: what, how many, which."""


def _counts(batch: Batch, analyses: Sequence[Analysis], cells: Cells) -> list[Fact]:
    errors = Counter(f.error for f in batch.failures)
    older = len(batch.analyses) - len(analyses) - errors["NotAPolicy"]
    answered = sum(f.status in EVIDENCED for found in cells.values() for f in found.values())
    return [
        ("Nhà cung cấp được so sánh", len(analyses), _names([a.policy.vendor for a in analyses])),
        ("Phiên bản cũ, để ngoài bảng", older, "có trong các tệp CSV"),
        ("Tài liệu không dùng được", len(batch.failures), _names([f"{e}: {n}" for e, n in errors.most_common()])),
        ("Câu", sum(len(a.sentences) for a in analyses), ""),
        ("Thực thể", sum(len(a.entities) for a in analyses), ""),
        ("Ô có câu trả lời", answered, f"trong {len(analyses) * len(attributes())} ô của sheet {COMPARISON}"),
    ]


def _outstanding(analyses: Sequence[Analysis], cells: Cells) -> list[Fact]:
    vendors = {a.policy.doc_id: a.policy.vendor for a in analyses}
    names = {a.id: a.vi for a in attributes()}
    conflicts = [
        f"{vendors[doc_id]}: {names[f.attribute]}"
        for doc_id, found in cells.items()
        for f in found.values()
        if f.status == "conflict"
    ]
    cut = {doc_id: sum(f.status == "cut_off" for f in found.values()) for doc_id, found in cells.items()}
    facts = [
        ("Câu mâu thuẫn nhau", len(conflicts), _names(conflicts)),
        _fact("Văn bản bị cắt", [f"{vendors[d]} ({n} mục không kết luận được)" for d, n in cut.items() if n]),
    ]
    for attribute in ("retention", "deletion"):
        silent = [vendors[d] for d, found in cells.items() if found[attribute].status == "not_found"]
        facts.append(_fact(f"Không nêu: {names[attribute]}", silent))
    return facts


def _cautions(analyses: Sequence[Analysis], cells: Cells) -> list[Fact]:
    unsure = sum(c.primary and c.unsure for a in analyses for c in a.clauses)
    site = [f for found in cells.values() for f in found.values() if f.answer and all(map(_said_by_site, f.answer))]
    return [
        ("Câu chưa chắc loại", unsure, f"cột “Chưa chắc” của sheet {SENTENCES}: nên đọc lại"),
        ("Ô chỉ có ngoài chính sách", len(site), "lấy từ biểu mẫu hoặc chân trang, không phải lời của chính sách"),
        _fact("Không rõ ngày lấy văn bản", [a.policy.vendor for a in analyses if not a.policy.retrieved_at]),
    ]


def _said_by_site(value: str) -> bool:
    return value.startswith("site:")


def _fact(name: str, which: Sequence[str]) -> Fact:
    return name, len(which), _names(which)


def _read_me(book: Any, looks: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(READ_ME)
    for at, width in enumerate((24, 30, 24, 90)):
        sheet.set_column(at, at, width)
    ours = [(COMPARISON, column) for column in (VENDOR, *BESIDE, DOCUMENT)]
    ours += [(name, column) for name, columns in COLUMNS.items() for column in columns]
    parts: Sequence[tuple[str, Sequence[tuple[str, ...]]]] = (
        ("Lưu ý", [("", "", "", caution) for caution in CAUTIONS]),
        ("Các sheet", [(name, "", "", about) for name, about in SHEETS.items()]),
        ("Trạng thái", [(status.vi, "", id, status.about) for id, status in STATUSES.items()]),
        ("Các cột", [(name, column.vi, column.id, column.about) for name, column in ours]),
        ("Các mục so sánh", [(COMPARISON, a.vi, a.id, a.en) for a in attributes()]),
    )
    row = 0
    for heading, lines in parts:
        row = _lines(sheet, looks, row, (heading, "Cột" if heading.startswith("Các ") else "", "Mã", "Ý nghĩa"), lines)


def _lines(
    sheet: Any, looks: Mapping[str, Any], row: int, heading: Sequence[str], lines: Sequence[Sequence[Value]]
) -> int:
    """Writes lines below a heading; returns where the next part begins, a blank row below."""
    for at, text in enumerate(heading):
        sheet.write_string(row, at, text, looks["head"])
    for number, line in enumerate(lines, row + 1):
        for at, value in enumerate(line):
            _put(sheet, number, at, value, looks["text"] if at else looks.get(str(value), looks["bold"]))
    return row + len(lines) + 2


def _names(names: Sequence[str], most: int = 6) -> str:
    """The first names, and how many more there are: one screen must do for five hundred vendors."""
    more = f" … và {len(names) - most} mục khác" if len(names) > most else ""
    return "; ".join(names[:most]) + more


def _fit(text: str, longest: int = LONGEST) -> str:
    """The text without what XML cannot hold, cut with a mark where it is longer than Excel takes."""
    clean = _UNWRITABLE.sub("\ufffd", text)
    if 2 * len(clean) <= longest:  # however many of its characters count as two
        return clean
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return clean
    return units[: 2 * (longest - len(CUT))].decode("utf-16-le", "ignore") + CUT
