"""Legal instruments, and whether each holds on a day, as `instruments.toml` says.

>>> from datetime import date
>>> [standing(n, date(2026, 11, 22)) for n in ("13/2023/NĐ-CP", "luật bảo vệ dữ liệu cá nhân", "nghị định 13")]
['expired 2026-01-01, 356/2025/NĐ-CP', 'in_force', 'unknown']
>>> [standing(n, date(2025, 12, 31)) for n in ("13/2023/NĐ-CP", "91/2025/QH15")]
['in_force', 'not_yet 2026-01-01']
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """In force from `since` until the day before `until`, `None` where no day is known; `by`: what replaces it."""

    number: str
    vi: str
    en: str
    since: date | None
    until: date | None
    by: str
    certainty: str

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@cache
def instruments() -> Mapping[str, Instrument]:
    """All instruments by number, and by the names that mean one of them alone."""
    data = tomllib.loads((files("pipeline") / "instruments.toml").read_text(encoding="utf-8"))
    found: dict[str, Instrument] = {}
    for row in data["instrument"]:
        instrument = Instrument(
            number=row["number"],
            vi=row["vi"],
            en=row["en"],
            since=row.get("from"),
            until=row.get("until"),
            by=row.get("by", ""),
            certainty=row["certainty"],
        )
        found |= dict.fromkeys([instrument.number, *row.get("names", ())], instrument)
    return found


def standing(cited: str, day: date) -> str:
    """What a cited instrument is on `day`: `in_force`, `expired DAY, SUCCESSOR`, `not_yet DAY` or `unknown`."""
    instrument = instruments().get(cited)
    if instrument is None:
        return "unknown"
    if instrument.holds_on(day):
        return "in_force"
    if instrument.until and instrument.until <= day:
        return f"expired {instrument.until}" + (f", {instrument.by}" if instrument.by else "")
    return f"not_yet {instrument.since}"
