"""Which lines are headings.

A numbered line is judged together with the lines of its numbering: the numbers of headings have text between them, the
numbers of a list follow each other. A line without a number is judged by its form and by what stands around it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from pipeline.nlp import fold
from pipeline.segment.cues import LONGEST_PLAIN, cues, is_lead_in
from pipeline.segment.furniture import is_table_row, is_title
from pipeline.segment.lines import Line, Marker
from pipeline.segment.sentences import spans_of

LONGEST = 40
"""Syllables in the longest heading; the stock heading on complaints has 34."""

SHORT = 8
"""Syllables, those in brackets apart, in the longest heading without a number that ends in a full stop or `!`."""

FURTHEST = 300
"""Characters in the longest heading that has no number."""

NARROW = 60
"""Characters of a line that may be the last of a paragraph or a list even without a mark at its end."""

DEPTH = 8
"""Numberings that can be open at a time, one inside the other; deeper ones are no numberings."""

_STRONG = ("điều", "chương", "mục", "phần", "phụ lục")
_BRACKETS = re.compile(r"\([^()]*\)")
_SENTENCE = re.compile(r"[.!?:;…][\"”’')\]]*$")


def headings(lines: Sequence[Line], skip: Collection[int]) -> frozenset[int]:
    """Positions in `lines` of headings; `skip` are positions of page furniture and of rows of tables."""
    kept = [i for i in range(len(lines)) if i not in skip]
    below = dict(pairwise(kept))
    above = {j: i for i, j in below.items()}
    found = {i for run in _runs(lines, kept) for i in _of_run(lines, run, above, below)}
    plain = [place for place, i in enumerate(kept) if lines[i].marker is None and not is_table_row(lines, i)]
    for place in plain:
        if _is_plain(lines, kept, place, found):
            found.add(kept[place])
    for place in reversed(plain):  # a heading above a heading is seen only when the lower one is known
        if lines[kept[place]].blank and below.get(kept[place]) in found and _is_plain(lines, kept, place, found):
            found.add(kept[place])
    return frozenset(found)


def _numbered(line: Line) -> Marker:
    if line.marker is None:
        raise ValueError(f"no number before {line.text!r}")
    return line.marker


def _runs(lines: Sequence[Line], kept: Sequence[int]) -> list[list[int]]:
    """Numbered lines by numbering: 1, 2, 3 of the sections apart from the 1, 2, 3 of a list inside one of them."""
    runs: list[list[int]] = []
    open_runs: dict[str, list[list[int]]] = {}
    for i in kept:
        marker = lines[i].marker
        if marker is None or marker.is_bullet:
            continue
        stack = open_runs.setdefault(marker.style, [])
        run = _continued(lines, stack, i)
        if run is None:
            run = []
            runs.append(run)
            stack.append(run)
            del stack[:-DEPTH]
        run.append(i)
    return runs


def _continued(lines: Sequence[Line], stack: list[list[int]], i: int) -> list[int] | None:
    """The open numbering that line `i` continues, with the numberings inside it closed; `None` if it begins one."""
    number = _numbered(lines[i]).number
    last = [_numbered(lines[run[-1]]).number for run in stack]
    follows = [depth for depth, n in enumerate(last) if n + 1 == number]
    titled = not lines[i].text.endswith(".") and _could_be(lines[i])
    if titled and len(follows) > 1 and not _could_be(lines[stack[-1][-1]]):
        follows = follows[:1]
    if not follows and number > 1:
        follows = [depth for depth, n in enumerate(last) if n <= number <= n + 3]
    if not follows:
        return None
    del stack[follows[-1] + 1:]
    return stack[-1]


def _of_run(lines: Sequence[Line], run: Sequence[int], above: Mapping[int, int], below: Mapping[int, int]) -> list[int]:
    """The headings among the lines of one numbering: all that have the form, or none. `above`, `below`: neighbours."""
    formed = [i for i in run if _could_be(lines[i]) and not (i in below and _introduces(lines[i], lines[below[i]]))]
    strong = _numbered(lines[run[0]]).style in _STRONG
    if len(formed) < 0.6 * len(run) and not strong:
        return []
    members = set(run)
    following = [below.get(i) for i in run]
    parted = sum(j is not None and j not in members for j in following)
    introduced = run[0] in above and is_lead_in(lines[above[run[0]]].text)
    if len(run) > 1 and (parted < 0.5 * len(run) or (introduced and parted < 0.8 * len(run))):
        return []
    if len(run) == 1 and (introduced or following[0] is None or lines[run[0]].text.endswith(".")) and not strong:
        return []
    return formed


def _could_be(line: Line) -> bool:
    """The form of a numbered heading: short, no sentence, no value after a label."""
    body = line.body
    words = len(body.split())
    if line.is_number_alone:
        return True
    if words > LONGEST or body.endswith((";", ",")):
        return False
    folded = fold(body)
    if cues().label.match(folded) or cues().postal.search(folded) or _is_foreign_address(body):
        return False
    if body.endswith("."):
        return words <= 9 and not cues().statement.search(folded) and not cues().predicate.search(folded)
    if body.endswith(":"):
        return words <= LONGEST_PLAIN and not (cues().lead_in.search(folded) and cues().statement.search(folded))
    return not (words > 24 and body[0].islower())


def _is_foreign_address(body: str) -> bool:
    """Whether a line that begins with a number is the street of an address: two commas, and figures behind one."""
    return body.count(",") >= 2 and any(map(str.isdigit, body.partition(",")[2]))


def _introduces(line: Line, below: Line) -> bool:
    """Whether a line of a lower level is the lead-in of the fragments below it: "2.1. Dữ liệu cơ bản:"."""
    marker = _numbered(line)
    return line.text.endswith(":") and (marker.depth > 1 or "1" not in marker.style) and below.text.endswith((";", ","))


def _is_plain(lines: Sequence[Line], kept: Sequence[int], place: int, found: Collection[int]) -> bool:
    """Whether an unnumbered line is a heading: its own form first, then its neighbours."""
    line = lines[kept[place]]
    if place + 1 == len(kept):
        return False
    below = lines[kept[place + 1]]
    if line.is_number_alone:
        return len(below.text.split()) <= LONGEST and not below.text.endswith((".", ";"))
    above = lines[kept[place - 1]] if place else None
    if above is None and is_title(line) and not is_lead_in(line.text):
        return True
    if not _has_plain_form(line) or (line.text.endswith(":") and below.marker is not None):
        return False
    if above is not None and _is_last_of_section(line, below, kept[place + 1] in found):
        return False
    if above is not None and kept[place - 1] not in found and _belongs_above(line, above, below):
        return False
    if line.text.endswith("."):
        apart = (above is not None and line.blank > 0) or cues().topic.match(fold(line.text)) is not None
        return apart and below.marker is None and len(below.text) > 2 * len(line.text)
    if line.text.isupper() or line.text.endswith("?") or kept[place + 1] in found:
        return True
    return _stands_out(line, above, below, is_table_row(lines, kept[place + 1]))


def _has_plain_form(line: Line) -> bool:
    """The form of a heading without a number: a short line that is no sentence, value, name, date or greeting."""
    text, folded, words = line.text, fold(line.text), len(line.text.split())
    if words > LONGEST_PLAIN or len(text) > FURTHEST or text.endswith((";", ",", "…", "..")) or is_lead_in(text):
        return False
    first = next(filter(str.isalnum, text), "")
    if not first or (first.islower() and not line.blank and line.start):
        return False
    states = cues().statement.search(folded) or cues().predicate.search(folded)
    if text.endswith((".", "!")) and (len(_BRACKETS.sub("", text).split()) > SHORT or states):
        return False
    if words > 4 and folded.rsplit(" ", 1)[-1] in cues().dangling:  # "Thông tin của khách được dùng để"
        return False
    return not _is_value(text, folded, words) and len(spans_of(text)) == 1


def _is_value(text: str, folded: str, words: int) -> bool:
    """Whether the line is a value with its label, a date, an address, the name of a company, or a greeting."""
    if "@" in text or "://" in text or sum(map(str.isdigit, text)) > 6:
        return True
    if cues().label.match(folded) or cues().greeting.match(folded):
        return True
    if cues().dated.search(folded) or cues().postal.search(folded):
        return True
    return not text.endswith("?") and (": " in text or (words < 14 and cues().company.search(folded) is not None))


def _belongs_above(line: Line, above: Line, below: Line) -> bool:
    """Whether the line goes with what stands above it: a list that is not over, or a paragraph that it is nearer to."""
    if above.text.endswith((",", ";")) or is_lead_in(above.text):
        return True
    if line.text.endswith(".") and not _SENTENCE.search(above.text):
        return True
    return line.blank < below.blank and not line.text.isupper()


def _is_last_of_section(line: Line, below: Line, titled: bool) -> bool:
    """Whether the heading below (`titled`) goes on with a numbering: what stands right above "3. ..." is text of 2."""
    return titled and below.marker is not None and below.marker.number > 1 and not line.text.isupper()


def _stands_out(line: Line, above: Line | None, below: Line, in_table: bool) -> bool:
    """A line in mixed case is a heading where a sentence, a list or a table follows it and no such line goes before."""
    text_below = below.marker is not None or in_table or bool(_SENTENCE.search(below.text))
    if next(filter(str.isalpha, line.text), "").islower():
        return text_below and (above is None or line.blank > below.blank or bool(_SENTENCE.search(above.text)))
    if len(line.text.split()) <= SHORT and cues().topic.match(fold(line.text)):
        return True
    if not text_below and len(below.text.split()) <= LONGEST_PLAIN:
        return above is None or (line.blank > 0 and line.blank > below.blank)
    if above is None or line.blank > 0 or above.marker is not None:
        return True
    return len(above.text) < NARROW or _SENTENCE.search(above.text) is not None
