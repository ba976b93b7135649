"""Periods as values have them, ISO 8601 durations: measured, and brought to one form.

A unit is a letter, `TH` and `TM` those of hours and minutes. Whatever is no duration (`until_request`) has no parts.

>>> parts("P1Y6M"), parts("P1DT6H"), parts("until_request")
([(1, 'Y'), (6, 'M')], [(1, 'D'), (6, 'TH')], [])
"""

import re

IN_DAYS = {"Y": 365.25, "M": 30.4375, "W": 7.0, "D": 1.0, "TH": 1 / 24, "TM": 1 / 1440}
"""Mean lengths of the calendar's units, good enough to sort by."""

_PERIOD = re.compile(r"P(?=.)(?:\d+[YMWD])*(?:T(?:\d+[HM])+)?")
_PART = re.compile(r"(\d+)([A-Z])")


def parts(value: str) -> list[tuple[int, str]]:
    """Numbers with their units, as they stand in the value; empty for what is no duration."""
    if not _PERIOD.fullmatch(value):
        return []
    day, _, time = value.partition("T")
    return [(int(n), mark + unit) for mark, part in (("", day), ("T", time)) for n, unit in _PART.findall(part)]


def days(value: str) -> float | None:
    """The length in days, `None` for what is no duration.

    >>> [days(v) for v in ("P2W", "PT12H", "P24M", "P1Y6M", "until_request")]
    [14.0, 0.5, 730.5, 547.875, None]
    """
    found = parts(value)
    return sum(number * IN_DAYS[unit] for number, unit in found) if found else None


def in_months(value: str) -> str:
    """A duration of years, and months, in months; any other value as it is.

    >>> [in_months(v) for v in ("P2Y", "P1Y6M", "P24M", "P1W", "until_request")]
    ['P24M', 'P18M', 'P24M', 'P1W', 'until_request']
    """
    found = parts(value)
    if {unit for _, unit in found} not in ({"Y"}, {"Y", "M"}):
        return value
    return f"P{sum(12 * number if unit == 'Y' else number for number, unit in found)}M"
