"""The only door to the Vietnamese language libraries, and the folding that everything which compares words rests on."""

import re
from functools import lru_cache

MASK = "\ue000"
"""Stands for a mark that ends no sentence while the tokeniser looks at the text; private use, one character wide."""

_TONED = {
    plain + toned: moved + plain2
    for plain, moves in {"o": "òóỏõọ", "u": "ùúủũụ"}.items()
    for plain2, tones in {"a": "àáảãạ", "e": "èéẻẽẹ", "y": "ỳýỷỹỵ"}.items()
    for toned, moved in zip(tones, moves, strict=True)
    if (plain, plain2) in {("o", "a"), ("o", "e"), ("u", "y")}
}
_NEW_STYLE = re.compile(rf"(?<!q)(?:{'|'.join(_TONED)})(?!\w)")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case, one tone placement, plain spaces; as many characters as `text`, so that positions carry over.

    >>> fold("Xoá tài khoản, uỷ quyền; TOÁN HỌC, quý khách")
    'xóa tài khoản, ủy quyền; toán học, quý khách'
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # only İ grows when lowered
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return _NEW_STYLE.sub(lambda m: _TONED[m.group()], lowered.replace("\xa0", " "))


def sentence_spans(block: str, masked: str) -> list[tuple[int, int]]:
    """Spans of the sentences of `block`, one block without line breaks, as `underthesea` sees them in `masked`.

    `masked` is `block` with every mark that ends no sentence (in e-mails, numbers, abbreviations) replaced by `MASK`.
    """
    from underthesea import sent_tokenize

    spans, position = [], 0
    for sentence in sent_tokenize(masked):
        start = masked.index(sentence, position)
        position = start + len(sentence)
        spans.append((start, position))
    return spans


def is_vietnamese(text: str) -> float:
    """Share of the text, by characters of its longer lines, that is Vietnamese (0..1), as py3langid sees each line.

    Lines under 40 characters say nothing of a language (names, menus, addresses) unless there are no others.
    """
    import py3langid

    lines = [line.strip() for line in text.split("\n")]
    long = [line for line in lines if len(line) >= 40] or [" ".join(lines)]
    vietnamese = sum(len(line) for line in long if py3langid.classify(line[:400])[0] == "vi")
    return vietnamese / max(1, sum(map(len, long)))
