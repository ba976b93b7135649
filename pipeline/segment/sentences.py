"""Sentences inside a block, by underthesea, with everything that only looks like a sentence's end protected.

>>> block = "Gửi thư tới cskh@abc.vn. TP. Hà Nội, P. Láng Hạ v.v. giữ 1.500 hồ sơ. gọi 1900.1234! Cảm ơn."
>>> [block[a:b] for a, b in spans_of(block)]
['Gửi thư tới cskh@abc.vn.', 'TP. Hà Nội, P. Láng Hạ v.v. giữ 1.500 hồ sơ. gọi 1900.1234!', 'Cảm ơn.']
"""

import re

from pipeline.nlp import MASK, sentence_spans

ABBREVIATIONS = (
    "TP", "Tp", "tp", "TX", "TT", "Tx", "P", "Q", "H", "X", "Đ", "đ", "KP", "Kp", "STT", "ĐT", "Đt", "đt", "Tel", "Fax", "SĐT",
    "v.v", "V.v", "vv", "Co", "Ltd", "Corp", "Inc", "JSC", "No", "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "TS", "ThS", "PGS", "GS",
    "BS", "KS", "LS", "Ths", "CN", "ĐKKD", "tr", "vd", "VD", "Vd", "vs", "etc", "e.g", "i.e", "a.k.a", "Th", "Thg", "thg",
)
"""Abbreviations written with a full stop in addresses, titles and company names; none of them ends a sentence by itself
(`v.v.` and `Ltd.` may: what follows in upper case decides for those two in `_ends_anyway`)."""

_INSIDE = re.compile(r"(?<=\S)[.?!](?=[^\s.?!\"”’')\]»…])|(?<=[^\s.])\.(?=\.)|(?<=\.)\.(?=\S)|(?<=\s)\.(?=\w)")
"""A mark with a character on either side: e-mails, URLs, numbers, version numbers, `TP.Hà Nội`, dots of an ellipsis;
or one before it only: `tên miền .vn`."""

_SHORT = re.compile(rf"(?<![^\W\d_.])(?:{'|'.join(re.escape(a) for a in ABBREVIATIONS)})\.")
_LIST_NUMBER = re.compile(r"(?:^|(?<=[:;.!?]\s))(?:\d{1,2}|[IVXivx]{1,4}|[A-Za-zĐđ])\.(?=\s)")
_CONTINUES = re.compile(r"[.?!…]+[\"”’')\]»]*\s+(?=[^\W\d_])")
_CLOSERS = "\"”’')]»"


def spans_of(block: str, marker: int = 0) -> list[tuple[int, int]]:
    """Spans of the sentences of a block (one paragraph, list item or line), in order, only white space between.

    The first `marker` characters are a list marker; no sentence ends in it.
    """
    spans = sentence_spans(block, _masked(block, marker))
    return _joined(block, [(a, b) for a, b in spans if b > a])


def _masked(block: str, marker: int) -> str:
    """The block with a mask, one character for one, over each mark that ends no sentence."""
    masked = [MASK if c in ".?!" else c for c in block[:marker]] + list(block[marker:])
    for pattern in (_INSIDE, _SHORT, _LIST_NUMBER):
        for found in pattern.finditer(block):
            for i in range(found.start(), found.end()):
                if block[i] in ".?!":
                    masked[i] = MASK
    for found in _CONTINUES.finditer(block):
        if block[found.end()].islower():
            for i in range(found.start(), found.end()):
                if block[i] in ".?!":
                    masked[i] = MASK
    for i, char in enumerate(block):
        if char == "\n":
            masked[i] = " "
    return "".join(masked)


def _joined(block: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Closing quotes and brackets go to the sentence that they close; pieces without a word go to their neighbour."""
    result: list[tuple[int, int]] = []
    for start, end in spans:
        piece = block[start:end]
        closing = len(piece) - len(piece.lstrip(_CLOSERS))
        if result and closing and result[-1][1] == start:
            result[-1] = (result[-1][0], start + closing)
            start += closing + len(block[start + closing:end]) - len(block[start + closing:end].lstrip())
        if start >= end:
            continue
        if result and not any(c.isalnum() for c in block[start:end]):
            result[-1] = (result[-1][0], end)
        elif result and not any(c.isalnum() for c in block[result[-1][0]:result[-1][1]]):
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result
