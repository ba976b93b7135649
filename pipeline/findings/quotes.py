"""Answers that are the decisive sentences, where no vocabulary could hold them."""

import re

from pipeline.attributes import Attribute
from pipeline.findings.statements import Said, Statement, finding
from pipeline.records import Analysis, Finding

MOST = 3
"""Sentences quoted for one attribute: more than a reader takes in from one cell."""

OF_PURPOSES = frozenset({"purpose", "marketing", "cookies", "children"})
"""Categories that an item of a list of purposes can state besides."""

_MARKER = re.compile(r"^(?:[^\w\s(\[“\"]\s*)+|^\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zđA-ZĐ]|[ivxIVX]+)[.)/]\s*")

LONGEST = 200
"""Characters of a quote in an answer; the evidence has it whole."""


def quotes(attribute: Attribute, said: Said, analysis: Analysis) -> Finding:
    """The likeliest sentences of the attribute, in order of place; `unsure` where none is likely enough."""
    proven = _proven(attribute, said)
    about = {p for p in said.labelled(attribute.labels) if not attribute.says or attribute.says.search(said[p].whole)}
    candidates = [place for place in sorted(proven | about) if _counts(attribute, said[place])]
    sure = [said[place] for place in candidates if not said[place].main.unsure or place in proven]
    if not sure:
        return finding(attribute, analysis, "unsure" if candidates else "not_found")
    chosen = sorted(sorted(sure, key=lambda s: -_weight(attribute, s))[:MOST], key=lambda s: s.sentence.index)
    return finding(
        attribute,
        analysis,
        "stated",
        answer=tuple(dict.fromkeys(short(s) for s in chosen)),
        evidence=tuple(s.evidence() for s in chosen),
        confidence=max(_weight(attribute, s) for s in chosen),
    )


def _counts(attribute: Attribute, statement: Statement) -> bool:
    if statement.main.label == "purpose" and not attribute.labels & OF_PURPOSES:
        return False  # "Giải quyết khiếu nại" among the purposes says nothing on how complaints are handled
    return not (attribute.unless and attribute.unless.search(statement.whole))


def _proven(attribute: Attribute, said: Said) -> set[int]:
    """Places of the statements whose words, or a concept found in them, say it whatever their category."""
    named = (place for place, entity in said.of_kind(attribute.kind) if entity.value in attribute.only)
    return {*named, *said.matching(attribute.proves)}


def _weight(attribute: Attribute, statement: Statement) -> float:
    """A sentence whose main category it is goes before one that says it besides; lead-ins only announce."""
    score = statement.score(attribute.labels) or 0.5
    first = statement.main.label in attribute.labels
    return round(score * (1.0 if first else 0.7) * (0.5 if statement.announces else 1.0), 4)


def short(statement: Statement) -> str:
    """The sentence without its list marker, cut between words."""
    text = " ".join(_MARKER.sub("", statement.sentence.text).split()).rstrip(";,")
    text = text.rstrip(".")
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
