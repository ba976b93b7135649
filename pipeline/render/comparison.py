"""The comparison for people: CSV for a spreadsheet, Markdown to read, a table for the terminal."""

from collections.abc import Mapping, Sequence
from csv import writer
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.attributes import attributes
from pipeline.batch import Batch
from pipeline.records import EVIDENCED, Finding
from pipeline.render.words import PREFIX, STATUS, in_words

if TYPE_CHECKING:
    from rich.console import Console

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters with which a spreadsheet would take a text for a formula."""

SHORT = 70
"""Characters of a quote in a table; the evidence below it, and `findings.csv`, have it whole."""


def cell(finding: Finding) -> str:
    """What stands in a vendor's cell; a cell without an answer says why."""
    if finding.status not in EVIDENCED:
        return STATUS[finding.status]
    return PREFIX.get(finding.status, "") + "; ".join(in_words(value) for value in finding.answer)


def _cells(batch: Batch) -> Mapping[str, Mapping[str, Finding]]:
    """Findings by document and attribute, of the documents that are compared."""
    cells: dict[str, dict[str, Finding]] = {doc_id: {} for doc_id in batch.compared}
    for finding in batch.findings:
        if finding.doc_id in cells:
            cells[finding.doc_id][finding.attribute] = finding
    return cells


def _vendors(batch: Batch) -> Mapping[str, str]:
    return {a.policy.doc_id: a.policy.vendor for a in batch.analyses}


def csv(batch: Batch, path: Path) -> None:
    """One row a vendor, one column an attribute; with a byte order mark, and no text that a spreadsheet would run."""
    vendors = _vendors(batch)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        table = writer(handle)
        table.writerow(["vendor", "doc_id", "version", *(f"{a.vi} ({a.id})" for a in attributes())])
        versions = {a.policy.doc_id: a.policy.version for a in batch.analyses}
        for doc_id, found in _cells(batch).items():
            row = [vendors[doc_id], doc_id, versions[doc_id], *(cell(found[a.id]) for a in attributes())]
            table.writerow([neutral(text) for text in row])


def neutral(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would read it as a formula."""
    return "'" + text if text.startswith(FORMULA) else text


def markdown(batch: Batch, path: Path) -> None:
    """One row an attribute, one column a vendor; below it every answer with the sentences that support it."""
    vendors, cells = _vendors(batch), _cells(batch)
    lines = [
        "# So sánh chính sách bảo mật",
        "",
        "Mỗi ô dẫn tới câu làm căn cứ ở phần dưới. `—`: không tìm thấy; `✂`: văn bản bị cắt nên không kết luận được; "
        "`⚠`: các câu mâu thuẫn nhau; `[ngoài chính sách]`: chỉ có ở biểu mẫu hoặc chân trang.",
        "",
    ]
    lines += ["| | " + " | ".join(_piped(vendors[d]) for d in cells) + " |", "|---" * (len(cells) + 1) + "|"]
    for attribute in attributes():
        row = [_piped(_shortened(found[attribute.id])) for found in cells.values()]
        lines.append(f"| **{attribute.vi}** | " + " | ".join(row) + " |")
    for doc_id, found in cells.items():
        lines += ["", f"## {vendors[doc_id]}", ""]
        for attribute in attributes():
            lines += _evidence(attribute.vi, found[attribute.id])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _shortened(finding: Finding) -> str:
    if finding.status not in EVIDENCED:
        return cell(finding)
    values = [in_words(value) for value in finding.answer]
    return PREFIX.get(finding.status, "") + "; ".join(
        v if len(v) <= SHORT else v[:SHORT].rsplit(" ", 1)[0] + " …" for v in values
    )


def _evidence(name: str, finding: Finding) -> list[str]:
    if finding.status not in EVIDENCED:
        return [f"- **{name}**: {cell(finding)}"]
    quotes = dict.fromkeys((e.sentence, " ".join(e.quote.split())) for e in finding.evidence)
    return [f"- **{name}**: {cell(finding)}", *(f"  - câu {sentence}: “{quote}”" for sentence, quote in quotes)]


def _piped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def terminal(batch: Batch, console: "Console", names: Sequence[str] = ()) -> None:
    """The comparison as a table, attributes down and vendors across, as many vendors as the terminal is wide for."""
    from rich.table import Table
    from rich.text import Text  # plain text: "[...]" is no markup here

    vendors, cells = _vendors(batch), _cells(batch)
    fitting = max(1, (console.width - 22) // 22)
    shown = list(cells)[:fitting]
    table = Table(
        show_lines=True, caption=f"{len(cells) - len(shown)} more in comparison.md" if len(shown) < len(cells) else None
    )
    table.add_column("", style="bold", width=18)
    for doc_id in shown:
        table.add_column(Text(vendors[doc_id]), overflow="fold", ratio=1)
    for attribute in attributes():
        table.add_row(attribute.vi, *(Text(_brief(cells[doc_id][attribute.id])) for doc_id in shown))
    console.print(table)


def _brief(finding: Finding) -> str:
    """At most four values, each at most fifty characters: what a glance takes in."""
    if finding.status not in EVIDENCED:
        return cell(finding)
    values = [in_words(value) for value in finding.answer]
    brief = [v if len(v) <= 50 else v[:50].rsplit(" ", 1)[0] + " …" for v in values[:4]]
    more = f" (+{len(values) - 4})" if len(values) > 4 else ""
    return PREFIX.get(finding.status, "") + "; ".join(brief) + more
