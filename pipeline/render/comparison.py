"""The comparison for people: what stands in a cell, CSV for a spreadsheet, a table for the terminal."""

from collections.abc import Sequence
from csv import writer
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.attributes import attributes
from pipeline.batch import Batch
from pipeline.records import EVIDENCED, Finding
from pipeline.render.compared import compared
from pipeline.render.terms import terms
from pipeline.render.words import PREFIX, STATUS, in_words

if TYPE_CHECKING:
    from rich.console import Console

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters with which a spreadsheet would take a text for a formula."""


def cell(finding: Finding) -> str:
    """What stands in a vendor's cell; a cell without an answer says why, one that people reviewed what they said."""
    if finding.status not in EVIDENCED:
        return mark(finding) + STATUS[finding.status]
    return mark(finding) + PREFIX.get(finding.status, "") + "; ".join(in_words(value) for value in finding.answer)


def mark(finding: Finding) -> str:
    """What stands before an answer that people reviewed."""
    if finding.review is None:
        return ""
    words = terms()["review"][finding.review.state]
    return f"{words['sign']} [{words['vi']}] "


def csv(batch: Batch, path: Path) -> None:
    """One row a vendor, one column an attribute; with a byte order mark, and no text that a spreadsheet would run."""
    seen = compared(batch)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        table = writer(handle)
        head = ["vendor", "doc_id", "version", "url", "retrieved_at", *seen.own]
        table.writerow([*map(neutral, head), *(f"{a.vi} ({a.id})" for a in attributes())])
        for policy in (a.policy for a in seen.analyses):
            found = seen.cells[policy.doc_id]
            row = [policy.vendor, policy.doc_id, policy.version, policy.meta.get("url", ""), policy.retrieved_at or ""]
            row += [*(policy.meta.get(key, "") for key in seen.own), *(cell(found[a.id]) for a in attributes())]
            table.writerow([neutral(text) for text in row])


def neutral(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would read it as a formula."""
    return "'" + text if text.startswith(FORMULA) else text


def short(finding: Finding, longest: int, most: int | None = None) -> str:
    """The cell with each value cut between words at `longest` characters; beyond `most` values their number only."""
    if finding.status not in EVIDENCED:
        return cell(finding)
    values = [in_words(value) for value in finding.answer]
    cut = [v if len(v) <= longest else v[:longest].rsplit(" ", 1)[0] + " …" for v in values[:most]]
    more = f" (+{len(values) - most})" if most is not None and len(values) > most else ""
    return mark(finding) + PREFIX.get(finding.status, "") + "; ".join(cut) + more


def terminal(batch: Batch, console: "Console", names: Sequence[str] = ()) -> None:
    """The comparison as a table, attributes down and vendors across, as many vendors as the terminal is wide for."""
    from rich.table import Table
    from rich.text import Text  # plain text: "[...]" is no markup here

    seen = compared(batch)
    vendors, cells = seen.vendors, seen.cells
    fitting = max(1, (console.width - 22) // 22)
    shown = list(cells)[:fitting]
    table = Table(
        show_lines=True, caption=f"{len(cells) - len(shown)} more in comparison.md" if len(shown) < len(cells) else None
    )
    table.add_column("", style="bold", width=18)
    for doc_id in shown:
        table.add_column(Text(vendors[doc_id]), overflow="fold", ratio=1)
    for attribute in attributes():
        table.add_row(attribute.vi, *(Text(short(cells[doc_id][attribute.id], 50, 4)) for doc_id in shown))
    console.print(table)
