"""A page with the same policy in two languages -> its Vietnamese part.

>>> vietnamese = "Chúng tôi thu thập họ tên, số điện thoại và địa chỉ của khách hàng để giao hàng.\\n" * 20
>>> english = "Privacy Policy\\n" + "We collect the name, the number and the address of customers to deliver.\\n" * 20
>>> text, left_out = vietnamese_part(vietnamese + english)
>>> text == vietnamese, round(left_out, 1)
(True, 0.5)
"""

from itertools import groupby

from pipeline.nlp import is_vietnamese

SHORT = 40
"""Characters under which a line says nothing of its language: it is read with the lines below it."""

FOREIGN = 0.25
"""Share of a text that a run of lines in another language has where it is the policy once more, and no quotation."""

LEAST = 600
"""Characters of such a run, and of the Vietnamese that is left."""


def vietnamese_part(text: str) -> tuple[str, float]:
    """The text without long runs in other languages, and the share of it that they were: 0 where it has none."""
    lines = text.splitlines(keepends=True)
    runs = [(own, "".join(line for _, line in run)) for own, run in groupby(_told(lines), key=lambda told: told[0])]
    kept = "".join(run for own, run in runs if own or len(run) < max(LEAST, FOREIGN * len(text)))
    if len(kept) < LEAST or len(kept) == len(text):
        return text, 0.0
    return kept, 1 - len(kept) / len(text)


def _told(lines: list[str]) -> list[tuple[bool, str]]:
    """The lines, each with whether it is Vietnamese; short ones as the next long one, the last as the one before."""
    own = [is_vietnamese(line) >= 0.5 if len(line.strip()) >= SHORT else None for line in lines]
    last = next((language for language in reversed(own) if language is not None), True)
    told = []
    for language, line in zip(reversed(own), reversed(lines), strict=True):
        last = last if language is None else language
        told.append((last, line))
    return told[::-1]
