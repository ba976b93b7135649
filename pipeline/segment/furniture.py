"""Which lines of a scraped text are page furniture: menus, forms, adverts and footers around the policy.

Four mechanisms: lines that are furniture wherever they stand (copyright, breadcrumbs, rows of links); tables of
contents; what stands above the title; what stands below the policy, from the first call to action on, as long as no
policy follows.

>>> from pipeline.segment.lines import lines_of
>>> lines = lines_of("Trang chủ » Tin\\nCHÍNH SÁCH BẢO MẬT\\nMục lục\\nLưu trữ\\nLưu trữ\\nGiữ 5 năm.\\n© 2024 Mây")
>>> [lines[i].text for i in sorted(furniture(lines))]
['Trang chủ » Tin', 'Mục lục', 'Lưu trữ', '© 2024 Mây']
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.nlp import fold
from pipeline.segment.cues import cues
from pipeline.segment.lines import Line

HEAD = 15
"""Lines in which a title is looked for: longer menus are dropped by the reader of HTML, not here."""

TAIL_FROM = 0.4
"""Share of a text after which its tail may begin; calls to action further up stand between two parts of the policy."""

SLOGAN = 18
"""Syllables in the longest line above a title that is taken for a brand line or an advert."""

TITLE = 25
"""Syllables in the longest title of a policy."""

LONGEST = 200
"""Characters in the longest line that can be furniture or a title by its wording; longer ones are text."""

_LINKS = re.compile(r"\s*(?:[|»›·•▾]|\s/\s|\s>\s|\s{3,}|\s–\s)\s*")
_LINK_MARK = re.compile(r"[|»›▾·]|\s{3,}|\s>\s")
_CRUMB = re.compile(r"\s[/>›»]\s")
_SENTENCE_END = re.compile(r"[.;:!?…]$")


def furniture(lines: Sequence[Line]) -> frozenset[int]:
    """Positions in `lines` of page furniture."""
    found = {i for i, line in enumerate(lines) if _always(line) and not is_table_row(lines, i)}
    contents = set(_contents(lines))
    head = _head(lines, found | contents)
    tail = _tail(lines, found, max(head, *contents, 0))
    return frozenset(found | contents | set(range(head)) | set(range(tail, len(lines))))


def is_link(sentence: str) -> bool:
    """Whether a whole sentence is the text of a link: "Tìm hiểu thêm"."""
    return len(sentence) < 40 and bool(cues().link.match(fold(sentence)))


def is_title(line: Line) -> bool:
    """Whether the line could be the title of a policy."""
    return (len(line.text) <= LONGEST and len(line.text.split()) <= TITLE and not line.text.endswith((".", ";", ","))
            and bool(cues().title.search(fold(line.text))))


def is_table_row(lines: Sequence[Line], i: int) -> bool:
    """Whether line `i` is a row of a table: another with as many columns stands next to it."""
    columns = _columns(lines[i])
    return columns > 0 and any(_columns(lines[j]) == columns for j in (i - 1, i + 1) if 0 <= j < len(lines))


def _columns(line: Line) -> int:
    return line.text.count("|") or line.text.count("\t")


def _always(line: Line) -> bool:
    if not any(map(str.isalnum, line.text)):
        return True  # rules, ornaments, a full stop that lost its sentence
    if len(line.text) >= LONGEST:
        return False
    folded = fold(line.text)
    return bool(cues().line.match(folded) or cues().line_anywhere.search(folded)) or _is_row_of_links(line)


def _is_row_of_links(line: Line) -> bool:
    """`Trang chủ | Sản phẩm | Tin tức`: at least three short parts and no sentence."""
    if line.marker is not None or _SENTENCE_END.search(line.text) or "@" in line.text:
        return False
    if not _LINK_MARK.search(line.text):
        return False
    parts = [p for p in _LINKS.split(line.text) if p]
    return len(parts) >= 3 and len(_LINK_MARK.findall(line.text)) >= 2 and all(len(p.split()) <= 6 for p in parts)


def _contents(lines: Sequence[Line]) -> Iterator[int]:
    """The lines below "Mục lục" that come again further down."""
    left = Counter(line.text for line in lines)
    inside = False
    for i, line in enumerate(lines):
        left[line.text] -= 1
        if inside and left[line.text]:
            yield i
        else:
            inside = len(line.text) < LONGEST and bool(cues().contents.match(fold(line.text)))


def _head(lines: Sequence[Line], found: set[int]) -> int:
    """Number of lines above the title, 0 where there is none or where what stands above it is text."""
    for i, line in enumerate(lines[:HEAD]):
        if i in found:
            continue
        if is_title(line) and not _CRUMB.search(line.text):
            return i
        numbered = line.marker is not None and not line.marker.is_bullet
        if numbered or len(line.text.split()) > SLOGAN or _SENTENCE_END.search(line.text):
            return 0
    return 0


def _tail(lines: Sequence[Line], found: set[int], above: int) -> int:
    """First line of the part below the policy, after line `above`; `len(lines)` where the policy goes on to the end."""
    start = len(lines)
    for i in range(len(lines) - 1, max(above, int(TAIL_FROM * len(lines)) - 1), -1):
        folded = fold(lines[i].text)
        if i in found or cues().tail.match(folded) or cues().tail_anywhere.search(folded):
            start = i if any(map(str.isalnum, folded)) else start
        elif _belongs_to_policy(lines[i], folded):
            break
    while start < len(lines) and start - 1 not in found and _is_slogan(lines[start - 1], lines[start]):
        start -= 1
    return start


def _belongs_to_policy(line: Line, folded: str) -> bool:
    words = len(line.text.split())
    numbered = line.marker is not None and not line.marker.is_bullet and words > 2
    return numbered or (words >= 7 and bool(cues().policy.search(folded))) or "@" in line.text


def _is_slogan(line: Line, below: Line) -> bool:
    """A short line right above the tail, parted from the policy by a blank line, that says nothing of the policy."""
    return (line.blank > 0 and below.blank <= line.blank and len(line.text.split()) <= 12 and line.marker is None
            and not _SENTENCE_END.search(line.text) and ":" not in line.text and not any(map(str.isdigit, line.text))
            and not cues().title.search(fold(line.text)))
