"""A page with the same policy in two languages -> its Vietnamese part.

The other version may stand below or above, paragraph by paragraph between the Vietnamese one, or beside it in a table.

>>> vietnamese = "Chúng tôi thu thập họ tên, số điện thoại và địa chỉ của khách hàng để giao hàng.\\n"
>>> english = "We collect the name, the telephone number and the address of customers to deliver.\\n"
>>> text, left_out = vietnamese_part(vietnamese * 5 + "Privacy Policy\\n" + english * 5)
>>> text == vietnamese * 5, round(left_out, 1)
(True, 0.5)
>>> vietnamese_part((vietnamese + english) * 5)[0] == vietnamese * 5
True
>>> vietnamese_part(f"{vietnamese[:-1]} | {english}" * 5)[0] == vietnamese * 5
True
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from pipeline.nlp import VIETNAMESE, is_vietnamese

SHORT = 40
"""Characters under which a line says nothing of its language: it is read with the lines below it."""

FOREIGN = 0.25
"""Share of a text that a run of lines in another language has where it is the policy once more, and no quotation."""

LEAST, FEW = 600, 200
"""Characters of such a run; and of one in a short text, where it must be as long as the Vietnamese part."""

HALF = (0.35, 0.65)
"""Share of a text that is in another language where it is a translation of the rest: they are of one length."""

TURNS = 4
"""Paragraphs in another language, each between Vietnamese ones, from which they are a translation, no quotations."""

MENTIONS = 3
"""Mentions of privacy from which a part of a page in English is a policy."""

CELL = " | "
_MARKED = re.compile("[\u00c0-\u024f\u1ea0-\u1ef9]")
_NUMBER = re.compile(r"\s*\d[\d.]*")
_PRIVACY = re.compile(r"\b(?:privacy|personal (?:data|information))\b", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|of|and|your|our|we|you|us|how|what|for|by|is|are|policy)\b", re.IGNORECASE)
"""Words by which a short line tells that it is English."""


def vietnamese_part(text: str) -> tuple[str, float]:
    """The text without its versions in other languages, and the share of it that they were: 0 where it has none."""
    lines = _vietnamese_columns(text.splitlines(keepends=True))
    kept = "".join(line for line, other in zip(lines, foreign(lines), strict=True) if not other)
    return kept, 1 - len(kept) / max(1, len(text))


def bare(text: str) -> float:
    """The share of a Vietnamese text, by its longer lines, that is written without the marks of its letters.

    >>> bare("Chung toi thu thap ho ten va so dien thoai cua khach hang de giao hang.")
    1.0
    """
    long = [line for line in text.split("\n") if len(line) >= SHORT]
    return sum(len(line) for line in long if not _MARKED.search(line)) / max(1, sum(map(len, long)))


def is_translation(page: str, own: str) -> bool:
    """Whether what a page has beyond its own Vietnamese text is a policy, and no menu or article."""
    return len(_PRIVACY.findall(page)) - len(_PRIVACY.findall(own)) >= MENTIONS


def foreign(lines: Sequence[str]) -> list[bool]:
    """For each line whether it is of a version of the text in another language."""
    own = _told(lines)
    runs = [(language, list(run)) for language, run in groupby(range(len(lines)), key=own.__getitem__)]
    sizes = [sum(len(lines[i]) for i in run) for _, run in runs]
    total = sum(sizes)
    others = [size for (language, _), size in zip(runs, sizes, strict=True) if not language]
    translated = HALF[0] * total <= sum(others) <= HALF[1] * total and total - sum(others) >= FEW
    turns = sum(size >= SHORT for size in others)
    least = 0 if translated and turns >= TURNS else FEW if translated else max(LEAST, FOREIGN * total)
    out = {i for (language, run), size in zip(runs, sizes, strict=True) if not language and size >= least for i in run}
    left = total - sum(len(lines[i]) for i in out)
    return [i in out and left >= FEW for i in range(len(lines))]


def _told(lines: Sequence[str]) -> list[bool]:
    """Whether each line is Vietnamese; one too short to tell is as the next long one, the last as the one before."""
    own = [_is_own(line.strip()) for line in lines]
    numbers = [found[0] if (found := _NUMBER.match(line)) else None for line in lines]
    filled = [i for i, line in enumerate(lines) if line.strip()]
    for i, j in (*pairwise(filled), *pairwise(filled[::-1])):
        if own[i] and own[j] is None and numbers[i] is not None and numbers[i] == numbers[j]:
            own[j] = False  # "3. Chia sẻ" beside "3. Sharing"
    last = next((language for language in reversed(own) if language is not None), True)
    told = []
    for language in reversed(own):
        last = last if language is None else language
        told.append(last)
    return told[::-1]


def _is_own(line: str) -> bool | None:
    """Whether a line is Vietnamese, `None` where it is too short to tell."""
    if len(line) >= SHORT:
        return is_vietnamese(line) >= 0.5
    if VIETNAMESE.search(line):
        return True
    return False if len(_ENGLISH.findall(line)) > 0 and len(line.split()) > 1 else None


def _vietnamese_columns(lines: Sequence[str]) -> list[str]:
    """The lines; of a table with the same text in two languages, a column each, only the Vietnamese one."""
    kept: list[str] = []
    for columns, run in groupby(lines, key=lambda line: line.count(CELL)):
        rows = list(run)
        kept += rows if not columns else _own_cells(rows)
    return kept


def _own_cells(rows: Sequence[str]) -> Iterator[str]:
    cells = [row.rstrip("\n").split(CELL) for row in rows]
    columns = ["\n".join(column) for column in zip(*cells, strict=True)]
    own = [is_vietnamese(column) >= 0.5 for column in columns]
    size = sum(len(column) for column, told in zip(columns, own, strict=True) if told)
    others = sum(map(len, columns)) - size
    if not (others and size and others >= FEW and HALF[0] <= others / (size + others) <= HALF[1]):
        yield from rows
        return
    for row, parts in zip(rows, cells, strict=True):
        yield CELL.join(part for part, told in zip(parts, own, strict=True) if told) + "\n" * row.endswith("\n")
