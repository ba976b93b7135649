"""The only door to the library that tells languages, and the folding that everything which compares words rests on."""

import re
from functools import lru_cache

_TONED = {
    plain + toned: moved + plain2
    for plain, moves in {"o": "òóỏõọ", "u": "ùúủũụ"}.items()
    for plain2, tones in {"a": "àáảãạ", "e": "èéẻẽẹ", "y": "ỳýỷỹỵ"}.items()
    for toned, moved in zip(tones, moves, strict=True)
    if (plain, plain2) in {("o", "a"), ("o", "e"), ("u", "y")}
}
_NEW_STYLE = re.compile(rf"[ou](?<!q.)(?:{'|'.join(f'(?<={pair[0]}){pair[1]}' for pair in _TONED)})(?!\w)")
"""The first letter as a set and before its conditions: it is looked for fastest so."""

VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
"""Letters that only Vietnamese has."""

PLAINLY = 0.08
"""Share of such letters in a line from which it needs no library to see that it is Vietnamese: most lines have twice as
many, quotations and addresses in other languages half as many at most."""


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


def is_vietnamese(text: str) -> float:
    """Share of the text, by characters of its longer lines, that is Vietnamese (0..1): by its letters or py3langid.

    Lines under 40 characters say nothing of a language (names, menus, addresses) unless there are no others.
    """
    lines = [line.strip() for line in text.split("\n")]
    long = [line for line in lines if len(line) >= 40] or [" ".join(lines)]
    vietnamese = sum(len(line) for line in long if _is_vietnamese_line(line[:400]))
    return vietnamese / max(1, sum(map(len, long)))


@lru_cache(maxsize=4096)
def _is_vietnamese_line(line: str) -> bool:
    if len(VIETNAMESE.findall(line)) >= PLAINLY * len(line):
        return True
    import py3langid

    return bool(py3langid.classify(line)[0] == "vi")
