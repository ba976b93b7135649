"""The sheet that is seen first: counts, what stands out, cautions, and how many vendors answer each attribute."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pipeline.attributes import attributes
from pipeline.records import EVIDENCED, Finding, Standing
from pipeline.regimes import elements
from pipeline.render.compared import Compared
from pipeline.render.points import preliminary
from pipeline.render.terms import terms
from pipeline.render.words import in_words
from pipeline.render.xlsx.sheet import COMPARISON, LINE, SENTENCES, SUMMARY, Looks, height, lines, names, printed

CAUTIONS = (
    "Bảng này do máy lập: mỗi ô cần được đối chiếu với câu trích dẫn trước khi dùng.",
    "Đây không phải là tư vấn pháp lý và không kết luận nhà cung cấp có tuân thủ pháp luật hay không.",
    "Bảng chỉ phản ánh văn bản đã tải về, không phản ánh những gì nhà cung cấp thực sự làm.",
)

WIDTHS = (36, 8, 76)
"""Characters of the columns of a line: what, how many, which."""

Fact = tuple[str, int, str]
"""A line of the summary: what, how many, which."""

MANY = 0.5
"""Share of sentences from which a policy is worth naming as boilerplate."""


def add(book: Any, formats: Looks, seen: Compared) -> None:
    """Adds the sheet."""
    sheet = book.add_worksheet(SUMMARY)
    sheet.hide_gridlines(2)
    printed(sheet)
    statuses = terms()["finding"]
    for at, width in enumerate((*WIDTHS, 3, 32, *(11 for _ in statuses))):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, "So sánh chính sách bảo mật", formats["title"])
    row = 2
    for heading, facts in (
        ("Số lượng", counts(seen)),
        ("Điều nổi bật", outstanding(seen)),
        ("Lưu ý", cautions(seen)),
    ):
        row = lines(sheet, formats, row, (heading, "Số", ""), facts, WIDTHS)
    for number, caution in enumerate((preliminary(seen.batch.as_of), *CAUTIONS), row):
        sheet.merge_range(number, 0, number, 2, caution, formats["text"])
        sheet.set_row(number, height([caution], [sum(WIDTHS)]))
    sheet.set_row(2, 2 * LINE)
    for at, heading in enumerate(("Số nhà cung cấp theo từng mục", *(s["vi"] for s in statuses.values())), 4):
        sheet.write_string(2, at, heading, formats["head"])
    for number, attribute in enumerate(attributes(), 3):
        counted: Counter[str] = Counter(found[attribute.id].status for found in seen.cells.values())
        sheet.write_string(number, 4, attribute.vi, formats["text"])
        for at, status in enumerate(statuses, 5):
            if counted[status]:
                sheet.write_number(number, at, counted[status], formats[f"finding.{status}"])


def counts(seen: Compared) -> list[Fact]:
    """How much was read."""
    batch, number = seen.batch, len(seen.analyses)
    errors = Counter(f.error for f in batch.failures)
    older = len(batch.analyses) - number - errors["NotAPolicy"]
    answered = sum(f.status in EVIDENCED for found in seen.cells.values() for f in found.values())
    return [
        ("Nhà cung cấp được so sánh", number, names(list(seen.vendors.values()))),
        ("Phiên bản cũ, để ngoài bảng", older, "có trong các tệp CSV"),
        ("Tài liệu không dùng được", len(batch.failures), names([f"{e}: {n}" for e, n in errors.most_common()])),
        ("Câu", sum(len(a.sentences) for a in seen.analyses), ""),
        ("Thực thể", sum(len(a.entities) for a in seen.analyses), ""),
        ("Ô có câu trả lời", answered, f"trong {number * len(attributes())} ô của sheet {COMPARISON}"),
    ]


def outstanding(seen: Compared) -> list[Fact]:
    """What an analyst asks first, each with the vendors it is true of."""
    return [
        _standing("Lưu lâu nhất", seen, "longest"),
        _standing("Thời hạn lưu ngắn nhất", seen, "shortest"),
        _standing("Lưu không có điểm kết thúc", seen, "open_ended"),
        _cells("Chia sẻ không kèm điều kiện", seen, "third_party_sharing", lambda f: "unconditional" in f.answer),
        _conflicts(seen),
        _cells("Không nêu cách xóa dữ liệu", seen, "deletion", lambda f: f.status == "not_found"),
        _cells("Không nêu thời gian lưu trữ", seen, "retention", lambda f: f.status == "not_found"),
        _cells("Dẫn văn bản đã hết hiệu lực", seen, "cited_laws", lambda f: any("(expired" in a for a in f.answer)),
        _gaps(seen),
        _missed_by_most(seen),
        _alone(seen),
        _boilerplate(seen),
        _groups("Nhóm cùng khuôn mẫu", seen, "template"),
        _groups("Số, địa chỉ dùng chung", seen, "shared"),
    ]


def cautions(seen: Compared) -> list[Fact]:
    """What to read again before one relies on it."""
    cells = seen.cells
    unsure = sum(c.primary and c.unsure for a in seen.analyses for c in a.clauses)
    site = sum(bool(f.answer) and not f.in_policy for found in cells.values() for f in found.values())
    cut = {doc_id: sum(f.status == "cut_off" for f in found.values()) for doc_id, found in cells.items()}
    return [
        _fact("Văn bản bị cắt", [f"{seen.vendors[d]} ({n} mục không kết luận được)" for d, n in cut.items() if n]),
        ("Câu chưa chắc loại", unsure, f"cột “Chưa chắc” của sheet {SENTENCES}: nên đọc lại"),
        ("Ô chỉ có ngoài chính sách", site, "lấy từ biểu mẫu hoặc chân trang, không phải lời của chính sách"),
        *[_fact(words["brief"], [a.policy.vendor for a in seen.analyses if flag in a.policy.flags])
          for flag, words in terms()["doubt"].items() if flag != "cut_off"],
        _fact("Không rõ ngày lấy văn bản", [a.policy.vendor for a in seen.analyses if not a.policy.retrieved_at]),
    ]


def _fact(name: str, which: Sequence[str]) -> Fact:
    return name, len(which), names(which)


def _all(seen: Compared, kind: str) -> Iterable[Standing]:
    return (s for standings in seen.standings.values() for s in standings if s.kind == kind)


def _standing(name: str, seen: Compared, kind: str) -> Fact:
    return _fact(name, [f"{seen.vendors[s.doc_id]}: {in_words(s.value)}" for s in _all(seen, kind)])


def _cells(name: str, seen: Compared, attribute: str, holds: Callable[[Finding], bool]) -> Fact:
    return _fact(name, [seen.vendors[d] for d, found in seen.cells.items() if holds(found[attribute])])


def _conflicts(seen: Compared) -> Fact:
    in_vietnamese = {a.id: a.vi for a in attributes()}
    found = [f for cells in seen.cells.values() for f in cells.values() if f.status == "conflict"]
    return _fact("Câu mâu thuẫn nhau", [f"{seen.vendors[f.doc_id]}: {in_vietnamese[f.attribute]}" for f in found])


def _gaps(seen: Compared) -> Fact:
    """The vendors with most gaps first; how many have any."""
    gaps = sorted(((len(seen.gaps(d)), d) for d in seen.vendors), key=lambda pair: -pair[0])
    return _fact("Thiếu điểm luật định (sơ bộ)", [f"{seen.vendors[d]} ({n})" for n, d in gaps if n])


def _missed_by_most(seen: Compared) -> Fact:
    """The points of the law that most vendors do not meet."""
    missed = Counter((r.regime, r.element) for doc_id in seen.vendors for r in seen.gaps(doc_id))
    most = [f"{elements()[point].vi} ({n})" for point, n in missed.most_common() if 2 * n > len(seen.vendors)]
    return "Điểm mà quá nửa còn thiếu (sơ bộ)", len(most), names(most, most=3)


def _alone(seen: Compared) -> Fact:
    in_vietnamese = {a.id: a.vi for a in attributes()}
    return _fact(
        "Chỉ một chính sách nêu",
        [f"{in_vietnamese[s.subject]}: {seen.vendors[s.doc_id]}" for s in _all(seen, "only_one")],
    )


def _boilerplate(seen: Compared) -> Fact:
    """Policies of which half or more stands elsewhere, those with most first."""
    shares = sorted(((float(s.value), s.doc_id) for s in _all(seen, "boilerplate")), key=lambda pair: -pair[0])
    return _fact(
        "Quá nửa số câu giống chính sách khác", [f"{seen.vendors[d]} ({n:.0%})" for n, d in shares if n >= MANY]
    )


def _groups(name: str, seen: Compared, kind: str) -> Fact:
    """Values that several vendors have, once each, those with most vendors first."""
    counted = {(s.subject, s.value): s.count for s in _all(seen, kind)}
    most_first = sorted(counted.items(), key=lambda pair: -pair[1])
    return _fact(name, [f"{in_words(value)} ({n})" for (_, value), n in most_first])
