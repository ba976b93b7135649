"""The sheet of completeness: one row a vendor, one column a point of the law, over it the citation and its standing."""

from typing import Any

from pipeline.regimes import Element
from pipeline.render.compared import Compared
from pipeline.render.points import citation, days_in_force, preliminary, said
from pipeline.render.xlsx.comparison import beside, put_beside
from pipeline.render.xlsx.evidence import First
from pipeline.render.xlsx.sheet import COMPLETENESS, HEADER, Column, Looks, fit, headed, proved, put

GAPS = Column("Số điểm thiếu", "gaps", 10, "điểm bắt buộc không thấy hoặc chỉ có một phần; điểm khác không tính")
ABOVE = 3
"""Rows over the headings: caution, list of the law, citation."""


def add(book: Any, formats: Looks, seen: Compared, first: First) -> None:
    """Adds the sheet."""
    points = [(regime, element) for regime in seen.regimes for element in regime.elements]
    left = [*beside(seen.own), GAPS]
    columns = [*left, *(Column(e.vi, f"{r.id}/{e.id}", 22, "") for r, e in points)]
    sheet = headed(book, formats, COMPLETENESS, columns, len(seen.analyses), above=ABOVE)
    sheet.set_row(0, 30)
    sheet.set_row(2, 62)
    sheet.set_row(ABOVE, 62)
    sheet.merge_range(0, 0, 0, len(left) + 5, preliminary(seen.batch.as_of), formats["bold"])
    at = len(left)
    for regime in seen.regimes:
        last = at + len(regime.elements) - 1
        if last > at:
            sheet.merge_range(1, at, 1, last, regime.vi, formats["head"])
        else:
            sheet.write_string(1, at, regime.vi, formats["head"])
        for place, element in enumerate(regime.elements, at):
            sheet.write_string(2, place, law(element), formats["law"])
            sheet.write_comment(ABOVE, place, rule(element), {"width": 360, "height": 150, "font_size": 9})
        at = last + 1
    for number, analysis in enumerate(seen.analyses, ABOVE + HEADER):
        doc_id = analysis.policy.doc_id
        at = put_beside(sheet, formats, number, analysis.policy, seen.own)
        put(sheet, number, at, len(seen.gaps(doc_id)), formats["number"])
        for place, (regime, element) in enumerate(points, len(left)):
            found = seen.points[doc_id][regime.id, element.id]
            words = said(found.status, element)
            look = formats[f"requirement.{found.status}" if element.tier.counted or found.evidence else "law"]
            if found.evidence:
                proved(sheet, number, place, words, look, found.evidence, first[doc_id, f"{regime.id}/{element.id}"])
            else:
                sheet.write_string(number, place, fit(words), look)


def law(element: Element) -> str:
    """The articles, one a line, and the days of the first."""
    return "\n".join(filter(None, (*citation(element).split("; "), days_in_force(element))))


def rule(element: Element) -> str:
    """The tier and how the element is judged, in words."""
    return f"{element.tier.vi}.\n{element.rule.vi}\n\n{element.rule.en}"
