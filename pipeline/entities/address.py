"""A postal address of the company that collects the data.

An address is a run of parts (number, street, floor, building, quarter, ward, district, province, country), separated by
commas or spaced dashes, that may run on over the next lines. It stands after a label, after "có trụ sở tại", or alone
where it begins with a part finer than a commune and names a commune or more. The value is the text with single spaces,
without the label and the full stop.

>>> [m.value for m in find("Trụ sở chính: Tầng 6, Số 1B Yết Kiêu, P. Trần Hưng Đạo, Q. Hoàn Kiếm, Hà Nội. ĐT: 024")]
['Tầng 6, Số 1B Yết Kiêu, P. Trần Hưng Đạo, Q. Hoàn Kiếm, Hà Nội']
>>> match, = find("Mây Xanh có trụ sở tại 12/3 Lê Lợi, phường Bến Thành, TP.HCM là đơn vị chủ quản.")
>>> match.value, match.detail["label"], match.detail["province"]
('12/3 Lê Lợi, phường Bến Thành, TP.HCM', 'head_office', 'Hồ Chí Minh')
>>> list(find("Chúng tôi thu thập họ tên, địa chỉ email, địa chỉ: số nhà, phường/xã, tỉnh/thành phố."))
[]
>>> canonical("Số 5  Lê Lợi,\\nHuế.")
'Số 5 Lê Lợi, Huế'

No addresses: e-mail, IP and delivery addresses, lists of data types, a bare city, places of courts and authorities.

`detail`: `label`, what announces it: `head_office`, `office`, `branch`, `contact` ("Địa chỉ", "Địa chỉ liên hệ"),
`none`; `province`, as `vocabulary/provinces.toml` names it (before or after the merger of 2025, as written), absent
where none is written.

Rules: `labelled`, `in_sentence`, `unlabelled`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.entities.address_parts import (
    FINE,
    LABELS,
    PART,
    PARTS,
    Reading,
    any_of,
    begins_with_number,
    place_strings,
    read,
    standing,
)
from pipeline.entities.cues import cues, left, pattern, spell
from pipeline.entities.match import Context, Match
from pipeline.entities.triggers import DIGITS, Trigger
from pipeline.records import Entity, Sentence

KIND = "address"
_cue = cues("address_parts")
_IN_SENTENCE = ("head_office", "office", "contact")
_LABEL = re.compile(
    rf"(?<![\w/])(?P<label>{any_of(LABELS)})(?: (?:[^:\n,;.()]|\.(?=\w)){{1,35}})?(?: ?\([^()\n]{{1,40}}\))?"
    r"[ *_]{0,3}[:：][ *_]{0,3}")
_OPENING = re.compile(r"^(?:[\W_]|[\divx]{1,3}[.)] )*")
_BEGINS = re.compile(rf"(?:{any_of(FINE)})[. ]{{0,2}}\w|\w{{0,2}}\d")
_FREE = re.compile(
    r"[,;:(|–\-tởvđl](?:(?<=[,;:(|])[ *_]{0,3}|(?<=[–-]) |(?<!\w.)(?:(?<=t)(?:ại|ới)|(?<=ở)|(?<=v)ề|(?<=đ)ến|(?<=l)à) )"
    rf"(?={_BEGINS.pattern})")
""" "tại", "tới", "ở", "về", "đến", "là", or a sign, and what may begin an address. """
_DIGIT = re.compile(r"\d")
_ANNOUNCED = pattern(
    rf"^[\W\d]*(?P<label>{any_of(LABELS)})(?: của (?:chúng tôi|công ty|đơn vị)[^.:]{{0,60}})?\s*:?\W*$")
_LOOKAHEAD = 40  # characters in the longest phrase that ends an address before it
_LEFT = 90  # characters before an address that can say whose it is
_ANNOUNCEMENT = 120  # characters of a line that has nothing but the label of the address below it


def triggers() -> Iterable[Trigger]:
    """A label with a colon, also that of the line before; the words before an address in a sentence; a number and a
    place in what follows it."""
    labels = [string for label in LABELS for string in standing(label)]
    yield Trigger((":", "："), also=labels)
    yield Trigger((), announced=lambda above: bool(_announced(above.before) or _announced(above.lead_in)))
    yield Trigger(PARTS["in_sentence"]["anchors"])
    yield Trigger(DIGITS, also=place_strings(), within_reach=True)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    """Addresses in `text`, in order, without overlaps; one that runs on may end in `context.rest`."""
    spelled, whole, reach, poor = spell(text), text, 0, 0
    for start, label, rule in sorted(_candidates(spelled, context)):
        if start < reach or start >= len(text):
            continue
        if rule == "unlabelled" and (start < poor or not (
                PART.match(spelled, start) or begins_with_number(text, spelled, start, len(text), lenient=False))):
            continue
        reading = read(whole, spelled, start, lenient=rule == "labelled")
        runs_on = reading.seen + _LOOKAHEAD >= len(text) and (reading.parts or rule == "labelled")
        if whole is text and context.rest and runs_on:
            whole, spelled = text + context.rest, spelled + spell(context.rest)
            reading = read(whole, spelled, start, lenient=rule == "labelled")
        if not _is_enough(reading, rule):
            poor = max(poor, reading.end)  # what begins later in it says even less
        elif not _is_foreign(spelled, start, context):
            reach = reading.end
            detail = {"label": label} | ({"province": reading.province} if reading.province else {})
            value = " ".join(whole[start:reading.end].split())
            yield Match(start=start, end=reading.end, value=value, rule=rule, detail=detail)


def canonical(surface: str) -> str:
    """The address with single spaces, without what ends a sentence.

    >>> canonical("email@vidu.vn")
    Traceback (most recent call last):
    ValueError: no address: 'email@vidu.vn'
    """
    value = " ".join(surface.split()).rstrip(" .,;-–")
    if "@" in value or not _is_enough(read(value, spell(value), 0, lenient=True), "labelled"):
        raise ValueError(f"no address: {surface!r}")
    return value


def settle(entities: Sequence[Entity], sentences: Sequence[Sentence]) -> list[Entity]:
    """All but those that lie inside another: the second line of an address that runs on."""
    spans = [(e.start, e.end) for e in entities]
    return [e for e in entities
            if not any(start <= e.start and e.end <= end and end - start > e.end - e.start for start, end in spans)]


def _candidates(spelled: str, context: Context) -> set[tuple[int, str, str]]:
    """(start, label, rule) of what may be an address; the rules in order of trust where they meet."""
    opening = _OPENING.match(spelled)
    start = opening.end() if opening else 0
    found: dict[int, tuple[str, str]] = {}
    if ":" in spelled or "：" in spelled:
        found |= {m.end(): (_label(m), "labelled") for m in _LABEL.finditer(spelled)}
    for above in (context.before, context.lead_in):
        if label := _announced(above):
            found.setdefault(start, (label, "labelled"))
    if any(anchor in spelled for anchor in PARTS["in_sentence"]["anchors"]):
        for label in _IN_SENTENCE:
            for m in _cue(label).finditer(spelled):
                found.setdefault(m.end(), (label, "in_sentence"))
    if _DIGIT.search(spelled):  # without a number nothing tells a free-standing address from a list of places
        starts = [m.end() for m in _FREE.finditer(spelled)] + [start] * bool(_BEGINS.match(spelled, start))
        for position in starts:
            found.setdefault(position, ("none", "unlabelled"))
    return {(position, *how) for position, how in found.items()}


@lru_cache(maxsize=1024)
def _announced(line: str) -> str:
    """The label that a line has nothing but, of the address below it; empty where it has none or more."""
    announced = _ANNOUNCED.match(spell(line)) if 0 < len(line) < _ANNOUNCEMENT else None
    return _label(announced) if announced else ""


def _label(labelled: re.Match[str]) -> str:
    return LABELS[re.sub(" +", " ", labelled["label"])]


def _is_enough(reading: Reading, rule: str) -> bool:
    """Whether what was read is an address and no bare place: the less announces it, the more it must say."""
    if rule == "labelled":
        return reading.fine + reading.coarse > 0 and (reading.parts > 1 or reading.fine + reading.coarse > 1)
    if rule == "in_sentence":
        return reading.fine + reading.coarse > 1 and (reading.fine > 0 or reading.parts > 1)
    return reading.fine > 0 and (reading.coarse > 0 or ("country" in reading.kinds and reading.parts > 2))


def _is_foreign(spelled: str, start: int, context: Context) -> bool:
    """Whether what stands before the address says that it is an authority's, a court's, a customer's or an example."""
    near = left(spelled, start, _LEFT)
    if start < _LEFT // 2 and len(context.before) < _LEFT:
        near = f"{spell(context.before)} {near}"
    return bool(_cue("foreign").search(near)) and not _cue("issued").search(near)
