"""Whether a page or text holds several policies: on privacy and on sales, or those of two companies.

A policy begins at a line that is nothing but its title, and has prose of its own. A second one on privacy counts only
where its sections are numbered from 1 again, or where the titles name two companies: policies repeat their own title.

>>> prose = "Chúng tôi thu thập họ tên và số điện thoại của khách hàng để giao hàng và chăm sóc khách hàng.\\n" * 4
>>> sale = "Khách hàng được đổi trả hàng trong bảy ngày kể từ khi nhận hàng nếu hàng có lỗi của nhà sản xuất.\\n" * 4
>>> both = f"Chính sách bảo mật\\n{prose}Chính sách đổi trả\\n{sale}"
>>> round(several_policies(both), 1), several_policies(prose)
(0.5, 0.0)
>>> several_policies(f"Chính sách bảo mật\\n1. Mục đích\\n{prose}Chính sách bảo mật\\n1. Mục đích\\n{prose}") > 0.4
True
>>> several_policies(f"Chính sách bảo mật\\n{prose}5. Chính sách cookie\\n{prose}")
0.0
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.nlp import fold

TITLE_WORDS = 20
"""Words in the longest title."""

PROSE = 60
"""Characters from which a line is prose; menus and address blocks have shorter ones."""

LEAST = 300
"""Characters of prose in the shortest policy: three or four sentences."""

_NUMBERED = re.compile(r"\W*\d|[IVX]{1,5}[.):/ -]|[a-zđ][.)]|(?:điều|mục|phần|chương)\s+[\divx]+\b", re.IGNORECASE)
_FIRST = re.compile(r"(?:1|I|Điều 1|ĐIỀU 1|Mục 1|Phần 1)[.):/ ]")
_COMPANY = re.compile(r"\bcông ty\b.*")


class _Part(NamedTuple):
    """A policy of a page: whether it is on privacy, its title (folded), its prose in characters, numbering from 1."""

    private: bool
    title: str
    size: int
    numbered: bool


def several_policies(text: str) -> float:
    """Share of the prose (0..1) that is of other policies than the longest on privacy; 0 where there is only one."""
    parts = [part for part in _parts(text) if part.size >= LEAST]
    private = [part for part in parts if part.private]
    if not private or len(parts) < 2:
        return 0.0
    first = private[0]
    again = [part for part in private[1:] if (part.numbered and first.numbered) or _are_of_two(first, part)]
    others = [part for part in parts if not part.private]
    if not again and not others:
        return 0.0
    kept = max(private, key=lambda part: part.size) if again else None
    own = kept.size if kept else sum(part.size for part in private)
    return round(1 - own / sum(part.size for part in parts), 3)


def _are_of_two(one: _Part, other: _Part) -> bool:
    companies = [found[0] for part in (one, other) if (found := _COMPANY.search(part.title))]
    return len(set(companies)) == 2


def _parts(text: str) -> Iterator[_Part]:
    """The parts of the text that begin at a title."""
    private, title, size, numbered = False, "", 0, False
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        kind = _kind(line)
        if kind is not None:
            if title:
                yield _Part(private, title, size, numbered)
            private, title, size, numbered = kind, fold(line), 0, False
        else:
            size += len(line) if len(line) >= PROSE else 0
            numbered = numbered or _FIRST.match(line) is not None
    if title:
        yield _Part(private, title, size, numbered)


def _kind(line: str) -> bool | None:
    """Whether a title is of a policy on privacy or of another, `None` where the line is no title."""
    words = len(line.split())
    if not 2 <= words <= TITLE_WORDS or line[-1] in ".;,:?!" or _NUMBERED.match(line):
        return None
    others, title = _titles()
    folded = fold(line)
    if title.match(folded):
        return True
    return False if others.match(folded) else None


@cache
def _titles() -> tuple[re.Pattern[str], re.Pattern[str]]:
    found = tomllib.loads((files("pipeline") / "vocabulary" / "pages.toml").read_text(encoding="utf-8"))
    others, title = (rf"(?:{'|'.join(found[name])})(?!\w)" for name in ("others", "title"))
    return re.compile(others), re.compile(title)
