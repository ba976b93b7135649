"""Sentences inside a block: at every mark that ends one, and at none that only looks so.

The sentence splitters of libraries know neither contact lines nor list markers. When all that they get wrong is kept
from them, nothing is left for them to decide, so none is asked.

>>> block = "Gửi thư tới cskh@abc.vn. TP. Hà Nội, P. Láng Hạ v.v. giữ 1.500 hồ sơ. Gọi 1900.1234! Cảm ơn."
>>> [block[a:b] for a, b in spans_of(block)]
['Gửi thư tới cskh@abc.vn.', 'TP. Hà Nội, P. Láng Hạ v.v. giữ 1.500 hồ sơ.', 'Gọi 1900.1234!', 'Cảm ơn.']

A sentence may begin without a capital or a space where the word before the mark is an ordinary one.

>>> block = "Quầy giữ phiếu.Khách xem tại abc.vn. khách sửa ở quầy! phiếu cũ bị hủy... sau 10 ngày."
>>> [block[a:b] for a, b in spans_of(block)]
['Quầy giữ phiếu.', 'Khách xem tại abc.vn. khách sửa ở quầy!', 'phiếu cũ bị hủy... sau 10 ngày.']
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.nlp import fold
from pipeline.segment.cues import cues

_MARK = re.compile(r"[.?!…](?=[\s\"”’')\]»]|[?!….]|[^\W\d_a-z]|\Z)(?<!\.(?=[?!….]))")
"""A mark that may end a sentence; most others (`1.500`, `abc.vn`) are told by what stands behind them."""
_CLOSERS = "\"”’')]»"
_BEHIND = re.compile(r"([\"”’')\]»]*)(\s*)(\S?)")
_LETTERS = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[^\s\"“‘'(\[«,;:|/-]+$")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|\.){0,9}$")
_NAME = re.compile(r"(?<!\S)([^\W\d_])[^\W\d_]*\s$")
_LIST_NUMBER = re.compile(r"(?:^|(?<=[:;.!?]\s))(?:[A-ZĐ]?\d{1,2}|[IVXivx]{1,4}|[A-Za-zĐđ])$")
_SPACED_NUMBER = re.compile(r"(?<=\s)\d{1,2}$")


def spans_of(block: str, marker: int = 0) -> list[tuple[int, int]]:
    """Spans of the sentences of a block (one paragraph, list item or line), in order, only white space between.

    The first `marker` characters are a list marker; no sentence ends in it.
    """
    first = _MARK.search(block, marker)
    if first is None or first.start() >= len(block.rstrip(".?!…" + _CLOSERS)):
        return [(0, len(block))]
    return _joined(block, _stripped(block, _ends(block, marker)))


def _ends(block: str, marker: int) -> Iterator[int]:
    """Where sentences end: behind each mark that is not inside a word or a number and after which none goes on."""
    awaited = 0  # the number that comes next in "gồm: 1. Họ tên 2. Tuổi 3. Nghề"
    for found in _MARK.finditer(block, marker):
        at = found.start()
        if _is_inside(block, at):
            continue
        if _LIST_NUMBER.search(block, max(0, at - 7), at):
            awaited = 2 if block[max(0, at - 3):at] in (": 1", "; 1") else awaited
        elif awaited and (number := _SPACED_NUMBER.search(block, max(0, at - 3), at)) and int(number[0]) == awaited:
            awaited += 1
        elif not _goes_on(block, at):
            yield at + 1
    yield len(block)


def _stripped(block: str, ends: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The spans between the ends without the white space around them."""
    start = 0
    for end in ends:
        piece = block[start:end]
        if kept := piece.strip():
            start += len(piece) - len(piece.lstrip())
            yield start, start + len(kept)
        start = end


def _is_inside(block: str, at: int) -> bool:
    """Whether the mark has a character behind it: in e-mails, URLs, numbers, `TP.Huế`, ` .vn`, dots of an ellipsis."""
    closed, space, following = _BEHIND.match(block, at + 1).groups()  # type: ignore[union-attr]  # matches nothing at least
    if space or not following:
        return False
    if not closed and following in ".?!…":
        return block[at] == "."
    return bool(closed) or not _is_glued(block, at)


def _is_glued(block: str, at: int) -> bool:
    """Whether a new sentence begins right behind the mark, as in "được mã hóa.Chúng tôi"."""
    found = _LETTERS.match(block, at + 1, at + 12)
    following = found[0] if found else ""
    return following.istitle() and following.lower() not in cues().domains and _is_plain_word(block, at)


def _goes_on(block: str, at: int) -> bool:
    """Whether the sentence goes on behind a mark and a space: after an abbreviation, and before most small letters."""
    closed, _, following = _BEHIND.match(block, at + 1).groups()  # type: ignore[union-attr]  # matches nothing at least
    if following == "|" or block[max(0, at - 4):at] == "....":  # a cell of a table ends; a blank to fill in
        return True
    if block[at] == "…" or block[at - 1:at] in (".", "…"):
        return following.islower() or following.isdigit() or following == "("
    if following.islower():
        return bool(closed) or not _is_plain_word(block, at)
    return block[at] == "." and bool(following) and _is_abbreviation(block, at, following)


def _is_abbreviation(block: str, at: int, following: str) -> bool:
    """Whether the full stop belongs to the word before it; the letter of a part has none ("tại mục V. Khách hàng")."""
    found = _WORD.search(block, max(0, at - 12), at)
    if found is None or cues().before_a_letter.search(fold(block[max(0, at - 12):at])):
        return False
    dotted, word = found[0], found[0].rsplit(".", 1)[-1]
    if dotted in cues().inside_a_sentence or word in cues().before_a_name:
        return True
    if dotted in cues().before_a_capital or word in cues().before_a_capital:
        return not following.isupper()
    if len(word) == 1 and word.isupper():  # the initial of a name: "Trần V. Bình"
        before = _NAME.search(block, max(0, found.start() - 8), found.start())
        return before is not None and before[1].isupper()
    return word in cues().before_a_number and (following.isdigit() or following in "(+")


def _is_plain_word(block: str, at: int) -> bool:
    """Whether an ordinary word in small letters stands before the mark: no name, abbreviation or web address."""
    found = _TOKEN.search(block, max(0, at - 12), at)
    word = found[0] if found else ""
    return len(word) > 1 and word.isalpha() and word.islower() and word not in cues().abbreviations


def _joined(block: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Closing quotes and brackets go to the sentence that they close; pieces without a word go to their neighbour."""
    result: list[tuple[int, int]] = []
    wordless = False  # whether the last of `result` is
    for start, end in spans:
        piece = block[start:end]
        closing = len(piece) - len(piece.lstrip(_CLOSERS))
        if result and closing and result[-1][1] == start:
            result[-1] = (result[-1][0], start + closing)
            start = end - len(piece[closing:].lstrip())
        if start >= end:
            continue
        has_word = any(map(str.isalnum, block[start:end]))
        if result and (wordless or not has_word):
            result[-1] = (result[-1][0], end)
            wordless = wordless and not has_word
        else:
            result.append((start, end))
            wordless = not has_word
    return result
