"""The sheet of the comparison: one row a vendor, one column an attribute, the user's own columns beside the vendor."""

from collections.abc import Sequence
from typing import Any

from pipeline.attributes import attributes
from pipeline.records import Policy
from pipeline.render.compared import Compared
from pipeline.render.comparison import cell
from pipeline.render.xlsx.evidence import First
from pipeline.render.xlsx.sheet import (
    COMPARISON,
    DOCUMENT,
    HEADER,
    RETRIEVED,
    URL,
    VENDOR,
    Column,
    Looks,
    fit,
    headed,
    link,
    proved,
    put,
)

WIDTHS = {"entities": 26, "quotes": 46}
"""Widths of the columns of attributes by how they are answered; the others hold a few short phrases."""

HEIGHT = 150
"""Ten lines: a few vendors on a screen; the whole answer is in the cell and its note."""


def beside(own: Sequence[str]) -> list[Column]:
    """The columns that say of which vendor and text a row is."""
    return [VENDOR, URL, RETRIEVED, *(Column(key, key, 18, "") for key in own), DOCUMENT]


def put_beside(sheet: Any, formats: Looks, row: int, policy: Policy, own: Sequence[str]) -> int:
    """Writes the cells of `beside`; returns the next column."""
    put(sheet, row, 0, policy.vendor, formats["bold"])
    url = policy.meta.get("url", "")
    link(sheet, row, 1, url, url, formats["text"])
    said = [policy.retrieved_at or "", *(policy.meta.get(key, "") for key in own), policy.doc_id]
    for at, value in enumerate(said, 2):
        put(sheet, row, at, value, formats["text"])
    return 2 + len(said)


def add(book: Any, formats: Looks, seen: Compared, first: First) -> None:
    """Adds the sheet."""
    own = seen.own
    columns = [*beside(own), *(Column(a.vi, a.id, WIDTHS.get(a.rule, 34), "") for a in attributes())]
    sheet = headed(book, formats, COMPARISON, columns, len(seen.analyses))
    for number, analysis in enumerate(seen.analyses, HEADER):
        doc_id = analysis.policy.doc_id
        sheet.set_row(number, HEIGHT)
        start = put_beside(sheet, formats, number, analysis.policy, own)
        for at, attribute in enumerate(attributes(), start):
            finding = seen.cells[doc_id][attribute.id]
            look = formats[f"finding.{finding.status}"]
            if finding.evidence:
                proved(sheet, number, at, cell(finding), look, finding.evidence, first[doc_id, attribute.id])
            else:
                sheet.write_string(number, at, fit(cell(finding)), look)
