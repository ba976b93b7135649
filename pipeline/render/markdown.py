"""`comparison.md`: the comparison to read, what stands out, what changed, completeness, and every answer."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.attributes import attributes
from pipeline.batch import Batch
from pipeline.records import Evidence, Finding, Review
from pipeline.regimes import Element, Regime
from pipeline.render.compared import Compared, compared
from pipeline.render.comparison import cell, short
from pipeline.render.diff import NOTHING, markdown_lines
from pipeline.render.points import citation, days_in_force, preliminary, said
from pipeline.render.standings import in_a_clause
from pipeline.render.words import STATUS, in_words

SHORT = 70
"""Characters of a quote in a table; the evidence below it, and `findings.csv`, have it whole."""

INTRODUCTION = (
    "Mỗi ô dẫn tới câu làm căn cứ ở phần dưới. `—`: không tìm thấy; `✂`: văn bản bị cắt nên không kết luận được; "
    "`⚠`: các câu mâu thuẫn nhau; `[ngoài chính sách]`: chỉ có ở biểu mẫu hoặc chân trang."
)


def markdown(batch: Batch, path: Path) -> None:
    """One row an attribute, one column a vendor; then what stands out, what changed, completeness, and the evidence."""
    seen = compared(batch)
    lines = ["# So sánh chính sách bảo mật", "", INTRODUCTION, "", *_head(seen, "")]
    for attribute in attributes():
        row = [_piped(short(found[attribute.id], SHORT)) for found in seen.cells.values()]
        lines.append(_row(f"**{attribute.vi}**", *row))
    lines += ["", "## Điều nổi bật", ""]
    for doc_id, vendor in seen.vendors.items():
        clauses = [in_a_clause(s, seen.vendors) for s in seen.standings[doc_id]]
        lines += [f"- **{_piped(vendor)}**: {_piped('; '.join(clauses))}"] if clauses else []
    lines += ["", "## Thay đổi từ lần chạy trước", *(markdown_lines(batch.diffs, 3) if batch.diffs else ("", NOTHING))]
    lines += ["", "## Mức đầy đủ theo luật", "", preliminary(batch.as_of), ""]
    for regime in seen.regimes:
        lines += _regime(seen, regime)
    for doc_id, vendor in seen.vendors.items():
        lines += ["", f"## {_piped(vendor)}", ""]
        for attribute in attributes():
            lines += _answer(attribute.vi, seen.cells[doc_id][attribute.id])
        lines += [line for regime in seen.regimes for line in _points(seen, regime, doc_id)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _head(seen: Compared, *left: str) -> list[str]:
    width = len(left) + len(seen.vendors)
    return [_row(*left, *(_piped(vendor) for vendor in seen.vendors.values())), "|---" * width + "|"]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _regime(seen: Compared, regime: Regime) -> list[str]:
    """One row a point with its citations and the rule by which it is judged."""
    lines = [f"### {regime.vi}", "", *_head(seen, "", "Căn cứ", "Cách xét")]
    for element in regime.elements:
        cited = "; ".join(filter(None, (citation(element), days_in_force(element))))
        found = [said(points[regime.id, element.id].status, element) for points in seen.points.values()]
        lines.append(_row(f"**{element.vi}**", cited, f"{element.rule.vi} ({element.tier.vi})", *found))
    return [*lines, ""]


def _answer(name: str, finding: Finding) -> list[str]:
    machine = _machine(finding.review) if finding.review else []
    return [f"- **{name}**: {_flat(cell(finding))}", *machine, *_quotes(finding.evidence)]


def _machine(review: Review) -> list[str]:
    """Who reviewed it, and what the machine said where that is not what is shown."""
    who = f"  - người xem: {_flat(', '.join(review.reviewers))}"
    if review.state != "corrected":
        return [who]
    said = "; ".join(in_words(value) for value in review.said) or STATUS[review.status]
    return [f"{who}; máy trả lời: {_flat(said)}"]


def _points(seen: Compared, regime: Regime, doc_id: str) -> Iterable[str]:
    yield from ("", f"{regime.vi}:", "")
    for element in regime.elements:
        yield from _point(seen, regime, element, doc_id)


def _point(seen: Compared, regime: Regime, element: Element, doc_id: str) -> Iterable[str]:
    found = seen.points[doc_id][regime.id, element.id]
    yield f"- **{element.vi}**: {said(found.status, element)}"
    yield from _quotes(found.evidence)


def _quotes(evidence: Iterable[Evidence]) -> list[str]:
    quotes = dict.fromkeys((e.sentence, _flat(e.quote)) for e in evidence)
    return [f"  - câu {sentence}: “{quote}”" for sentence, quote in quotes]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _piped(text: str) -> str:
    return _flat(text).replace("|", "\\|")
