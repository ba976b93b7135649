"""Whether a new version is a broken scrape rather than a new policy: a stub, another page, a text that breaks off.

Such a version is put aside: the last good one stays in the comparison, and nothing of what the new one lacks is called
removed. A rewritten policy is none: it is about as long as the old one, or still most of it. A user who has looked at
the page and finds it right says so with `yes` in the column `accepted` of `sources.csv`.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.changes.align import Pair, align
from pipeline.changes.wording import Line, lines
from pipeline.nlp import fold
from pipeline.records import Analysis, Quarantine

DOUBT = 0.5
"""Score of a flag from which it counts."""

SAME = 0.8
"""Share of the old sentences from which the page is the same policy, whatever its flags say of it."""

STUB = 0.4
"""Share of the old text, and of its sentences, below which a text is no shorter policy but a piece of one."""

INSTEAD = 0.5
"""Share of the old sentences and text below which a page that speaks of errors, cookies or robots shows these."""

TAIL = 0.2
"""Share of the old sentences from which, gone at the end and nowhere else, they were cut off between two sentences."""

FOREIGN = 0.3
"""Share of another language from which a page that kept little is a translation."""

ACCEPTED = "accepted"
"""Column of `sources.csv` in which the user says `yes` to a version."""


class _Compared(NamedTuple):
    """`kept` and `size` are shares of the old version's sentences and characters; `tail` of what is gone at its end."""

    kept: float
    size: float
    tail: float
    text: str


def quarantine(old: Analysis, new: Analysis) -> Quarantine | None:
    """Why `new` must not take the place of `old`, the last good version; `None` where it may."""
    compared = _compared(old, new)
    reason = "" if new.policy.meta.get(ACCEPTED, "").lower() == "yes" else _reason(old, new, compared)
    if not reason:
        return None
    left = f"{compared.kept:.0%} of the sentences and {compared.size:.0%} of the text of the last good version are left"
    return Quarantine(
        doc_id=new.policy.doc_id,
        vendor=new.policy.vendor,
        version=new.policy.version,
        instead=old.policy.version,
        reason=reason,
        kept=compared.kept,
        size=compared.size,
        message=f"{new.policy.source}: {SAID[reason]}: {left}. That version stays in the comparison; "
        f"collect the page again, or write yes into the column {ACCEPTED} of sources.csv if the page is right",
    )


SAID = {
    "error_page": "the page shows an error",
    "cookie_wall": "the page shows a question about cookies",
    "bot_check": "the page asks whether a robot reads it",
    "login_wall": "the page asks to log in",
    "other_language": "the text is in another language now",
    "not_policy": "the text is no privacy policy",
    "shell": "the page is a frame without its text",
    "cut_off": "the text breaks off",
    "stub": "the text is a fraction of what it was",
}
"""The reasons, in words."""


def _reason(old: Analysis, new: Analysis, compared: _Compared) -> str:
    whole = not _broken(new) or _broken(old)
    if compared.kept >= SAME and whole:
        return ""
    if max(compared.kept, compared.size) < INSTEAD and (shown := _shown_instead(compared.text)):
        return shown
    foreign = new.policy.flags.get("mixed_language", 0.0) >= FOREIGN > old.policy.flags.get("mixed_language", 0.0)
    if foreign or new.policy.language != old.policy.language:
        return "other_language"
    for flag in ("shell", "not_policy"):
        if new.policy.flags.get(flag, 0.0) >= DOUBT > old.policy.flags.get(flag, 0.0):
            return flag
    if (not whole and compared.kept < 1) or compared.tail >= TAIL:
        return "cut_off"
    return "stub" if compared.size < STUB and compared.kept < STUB else ""


def _broken(analysis: Analysis) -> bool:
    return analysis.policy.flags.get("cut_off", 0.0) >= DOUBT


def _compared(old: Analysis, new: Analysis) -> _Compared:
    olds, news = ([line for line in lines(a) if not line.aside] for a in (old, new))
    pairs = align(olds, news)
    kept = sum(len(p.old) for p in pairs if p.new)
    characters = [sum(len(line.sentence.text) for line in some) for some in (olds, news)]
    text = fold(new.policy.text)
    return _Compared(kept / max(1, len(olds)), characters[1] / max(1, characters[0]), _tail(pairs, olds), text)


def _tail(pairs: Sequence[Pair], olds: Sequence[Line]) -> float:
    """Share of the old lines that are gone at the end, 0 where anything else differs."""
    if any(p.how not in ("equal", "removed") for p in pairs):
        return 0.0
    gone = [p.old[0] for p in pairs if p.how == "removed"]
    at_end = bool(gone) and gone == list(range(len(olds) - len(gone), len(olds)))
    return len(gone) / len(olds) if at_end else 0.0


def _shown_instead(text: str) -> str:
    """What is shown instead of a policy, by the words for it; empty where there are none."""
    return next((reason for reason, pattern in _pages_instead().items() if pattern.search(text)), "")


@cache
def _pages_instead() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads((files("pipeline") / "vocabulary" / "pages_instead.toml").read_text(encoding="utf-8"))
    return {reason: re.compile("|".join(f"(?:{p})" for p in patterns)) for reason, patterns in data.items()}
