"""Standards, and acts of other countries, where a text names them by their usual names, acronyms or numbers."""

import re
from collections.abc import Iterator

from pipeline.entities import patterns
from pipeline.entities.match import Match

FOREIGN: tuple[str, ...] = tuple(patterns.vocabulary("laws")["foreign"])
_ACT = re.compile(
    r"(?<!các )(?<!những )(?<!mọi )(?<!một )đạo luật\s+"
    r"(?P<name>[^\s,.;:()\"“”‘’\d]+(?:\s+[^\s,.;:()\"“”‘’]+){1,17})")
_ACT_ENDS = re.compile(
    r"\s(?:quy định|có|yêu cầu|cho phép|này|đó|khi|mà|nhằm|để|chúng tôi|bạn|không|sẽ|phải|được|và các|cũng|đã|hoặc|thì)"
    r"(?!\w)")
_NO_ACT = re.compile(r"(?:này|đó|có|liên quan|hiện hành|khác|nào|áp dụng|của|trên|tương tự)(?!\w)")
_STANDARD = re.compile(
    r"(?<!\w)(?:(?P<series>(?:tcvn\s+)?iso(?:\s?/\s?iec)?|tcvn|qcvn)[\s:\-]{0,2}(?P<n>\d{2,5}(?:-\d{1,3})?(?:\s?:\s?\d{4})?)"
    r"(?P<more>(?:\s?(?:,|và|&|/)\s?27\d{3}(?::\d{4})?)*)|(?P<pci>pci[\s\-]{0,2}dss))(?!\w)")
_FOREIGN = re.compile(
    rf"(?<!\w)(?:(?P<acronym>{'|'.join(FOREIGN)})"
    r"|(?:(?:eu|swiss|uk)\s?[\-–]\s?(?:us|u\.s\.?)\s)?(?:privacy shield|data privacy framework)"
    r"|khung\s+(?:eu|swiss|uk)\s?[\-–]\s?(?:us|u\.s\.?|mỹ|hoa kỳ)|general data protection regulation(?!\s?\()"
    r"|(?:quy định|quy chế|chỉ thị|regulation|directive)\s+(?:số\s+)?"
    r"(?P<union>\(?(?:eu|ec)\)?\s*(?:số\s*)?\d{2,4}/\d{2,4})"
    r"|quy định (?:chung )?(?:về )?bảo vệ dữ liệu (?:chung )?(?:của )?(?:liên minh )?châu âu(?!\s?\())(?!\w)")


def by_act(text: str, folded: str) -> Iterator[Match]:
    """Foreign acts that are named in Vietnamese, up to where the name ends."""
    for m in _ACT.finditer(folded):
        ends = _ACT_ENDS.search(folded, m.start("name"), m.end())
        end = ends.start() if ends else m.end()
        name = folded[m.start("name"):end]
        if " " in name and not _NO_ACT.match(name):
            yield Match(start=m.start(), end=end, value=squeezed(folded[m.start():end]), rule="capital_name",
                        detail={"type": "foreign"})


def by_standard(text: str, folded: str) -> Iterator[Match]:
    """Standards: ISO and TCVN numbers, PCI DSS."""
    for m in _STANDARD.finditer(folded):
        detail = {"type": "standard"}
        if not m["series"]:
            yield Match(start=m.start(), end=m.end(), value="PCI DSS", rule="standard", detail=detail)
            continue
        series = re.sub(r"\s?/\s?", "/", squeezed(m["series"])).upper()
        number = re.sub(r"\s", "", m["n"])
        yield Match(start=m.start(), end=m.end("n"), value=f"{series} {number}", rule="standard", detail=detail)
        for more in re.finditer(r"27\d{3}(?::\d{4})?", m["more"]):
            start = m.start("more") + more.start()
            yield Match(start=start, end=start + len(more.group()), value=f"{series} {more.group()}", rule="standard",
                        detail=detail)


def by_foreign(text: str, folded: str) -> Iterator[Match]:
    """Foreign laws known by name or acronym: GDPR, CCPA."""
    for m in _FOREIGN.finditer(folded):
        if not m["acronym"] or not text[m.start("acronym")].islower():
            value = squeezed(m["acronym"] or (m["union"] or "").upper() or m.group())
            yield Match(start=m.start(), end=m.end(), value=value, rule="foreign", detail={"type": "foreign"})


def squeezed(name: str) -> str:
    """The name with single spaces."""
    return " ".join(name.split())
