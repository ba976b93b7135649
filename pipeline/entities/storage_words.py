"""The words of `vocabulary/retention.toml`, and whether a part of a sentence says that data are kept or deleted."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.entities import patterns, phrase_index
from pipeline.entities.duration import spell


class Vocabulary(NamedTuple):
    """The file `retention.toml`, compiled."""

    events: phrase_index.Index
    """Key: the value, a blank and what the phrase needs around it, as the head of the vocabulary says."""
    cues: re.Pattern[str]
    """Groups `keep` and `delete`."""
    heading: re.Pattern[str]
    sentence: re.Pattern[str]
    whole: frozenset[str]
    other_period: re.Pattern[str]
    collect: re.Pattern[str]
    idle: re.Pattern[str]
    reclaim: re.Pattern[str]
    other_matter: re.Pattern[str]
    data: re.Pattern[str]
    states: re.Pattern[str]
    penalty: re.Pattern[str]


@cache
def vocabulary() -> Vocabulary:
    """`vocabulary/retention.toml`, read at first use, since `vnpolicy --help` must not wait for it."""
    table = patterns.vocabulary("retention")
    topic, cue, near, words = table["topic"], table["cue"], table["near"], table["words"]
    events = [(f"{event['value']} {event['needs']}", phrase) for event in table["event"] for phrase in event["phrases"]]
    return Vocabulary(
        events=phrase_index.index(events, words),
        cues=patterns.grouped(cue),
        heading=re.compile(patterns.regex([*topic["heading"], *topic["sentence"]], words)),
        sentence=re.compile(patterns.regex(topic["sentence"], words)),
        whole=frozenset(map(spell, topic["whole"])),
        other_period=re.compile(patterns.regex(near["other_period"])
                                + r"(?: (?:là|trong|sau|vòng|ít nhất|khoảng))*\s*$"),
        collect=re.compile(patterns.regex(near["collect"]) + r"(?:\s+(?:được|bởi|từ|về|khách hàng|bạn))*\s*$"),
        idle=re.compile(patterns.regex(near["idle"])),
        reclaim=re.compile(patterns.regex(near["reclaim"])),
        other_matter=re.compile(patterns.regex(near["other_matter"]) + r"(?:(?! và )[^,;.]){0,45}$"),
        data=re.compile(patterns.regex(near["data"])),
        states=re.compile(patterns.regex(near["states"])),
        penalty=re.compile(patterns.regex(near["penalty"])))


LIES = re.compile(r"(?<!\w)nằm (?:ở|trong|tại|trên) (?:[^\s,;:]+ )?(?:thùng rác|kho|máy|hệ thống|phần mềm|"
                  r"cơ sở dữ liệu|đám mây|cloud|server|tủ|ổ|sổ|bộ nhớ|backup|bản sao)(?!\w)[^;:]{0,60}$")
_PART = re.compile(r"[;•\n|\t]|\.\s")


def parts(folded: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind, up to the next semicolon, cell or full stop; 300 characters at most."""
    return _PART.split(folded[max(0, start - 300):start])[-1], _PART.split(folded[end:end + 300])[0]


def cues(text: str, name: str) -> list[re.Match[str]]:
    """The places in `text` that speak of storage; `name` is `keep` or `delete`."""
    return [cue for cue in _found(text) if cue.lastgroup == name]


@lru_cache(maxsize=64)
def _found(text: str) -> Sequence[re.Match[str]]:
    """All cues; kept because the rules ask several things of the same words."""
    return tuple(patterns.found(vocabulary().cues, text))


def keeps(text: str) -> bool:
    """Whether `text` speaks of keeping."""
    return bool(cues(text, "keep"))


def deletes(text: str) -> bool:
    """Whether `text` speaks of deleting."""
    return bool(cues(text, "delete"))
