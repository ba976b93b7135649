"""Laws, decrees, circulars, standards that are named.

Value: the number in upper case (`13/2023/NĐ-CP`, `ISO/IEC 27001`), or the name in lower case where no number is
given (`luật an ninh mạng`). A name that stands with its number in one phrase is no value of its own; `settle` gives
the number to the same name elsewhere in the document. Rules:

- `number`: a number that says its kind, however it is ordered or spaced: 13/NĐ-CP/2023, 13/2023/ND - CP.
- `short_number`: kind in words: "Nghị định 13/2023", "Nghị định số 13 năm 2023", "Luật số 91/2025"; "Nghị định 13",
  where nothing says the year, is `nghị định 13` unless the document gives the full number elsewhere.
- `known_name`: the name of a Vietnamese law (`vocabulary/laws.toml`), in any case.
- `capital_name`: "Luật" and a capital for laws not among them; "Đạo luật" and a name for foreign ones.
- `topic`: the constitution, or a decree or circular that is named by what it is about.
- `standard`, `foreign`: by their usual names.

None are: the law in general (pháp luật, luật Việt Nam, luật hiện hành), laws in the plural ("các luật về thuế"), terms
that the policy coins itself (“Luật bảo mật”), a company's own decisions (27/QĐ-ABC), licences (237/GP-BTTTT).

`detail`: `type` is `luat`, `phap_lenh`, `nghi_dinh`, `nghi_quyet`, `thong_tu`, `quyet_dinh`, `chi_thi`, `hien_phap`,
`van_ban_hop_nhat`, `standard` or `foreign`; `name`, the name that stood with a number; `year`, what stood behind the
name of a Vietnamese law ("Bộ luật Dân sự 2015"). The year of a foreign act is part of its name.

>>> [m.value for m in find("theo Nghị định 13/NĐ-CP/2023, Luật An ninh mạng và pháp luật; đạt ISO/IEC 27001:2022")]
['13/2023/NĐ-CP', 'luật an ninh mạng', 'ISO/IEC 27001:2022']
>>> [(m.value, m.detail["name"]) for m in find("Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 ngày 26/6/2025")]
[('91/2025/QH15', 'luật bảo vệ dữ liệu cá nhân')]
>>> list(find("Ban hành kèm Quyết định số 27/QĐ-ABC, giấy phép 237/GP-BTTTT, theo luật pháp Việt Nam"))
[]
>>> canonical("nghị định số 52 năm 2013 của Chính phủ")
'52/2013/NĐ-CP'
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.entities import patterns
from pipeline.entities.foreign_law import FOREIGN, by_act, by_foreign, by_standard, squeezed
from pipeline.entities.match import Context, Match
from pipeline.entities.triggers import Trigger
from pipeline.nlp import fold
from pipeline.records import Entity, Sentence

KIND = "legal_ref"
VOCABULARY = patterns.vocabulary("laws")
LAWS: tuple[str, ...] = (*VOCABULARY["laws"], *VOCABULARY["short_names"], *VOCABULARY["recent"])
ABBREVIATIONS: dict[str, str] = VOCABULARY["abbreviations"]
TOPICS: tuple[str, ...] = tuple(VOCABULARY["topics"])
BRANCHES, STATE = frozenset(VOCABULARY["branches"]), frozenset(VOCABULARY["state"])
ASSEMBLIES: dict[int, str] = {year: number for number, years in VOCABULARY["assemblies"].items() for year in years}
KINDS = {
    "NĐ": "nghi_dinh", "TT": "thong_tu", "TTLT": "thong_tu", "QĐ": "quyet_dinh", "NQ": "nghi_quyet", "CT": "chi_thi",
    "PL": "phap_lenh", "L": "luat", "QH": "luat", "VBHN": "van_ban_hop_nhat",
}
BY_ANYBODY = frozenset({"QĐ", "NQ", "CT", "PL"})
"""Kinds that companies number in the same way as the state."""
DATED = frozenset({"NĐ", "TT", "TTLT"})
"""Kinds whose number has the year in it: where the number leaves it out, the date gives it."""
NUMBERED = frozenset({"number", "short_number"})
NAMED = frozenset({"known_name", "capital_name", "topic"})
PHRASE = 60
"""Characters between a name and its number: "năm 2023 ban hành ngày 22 tháng 6 năm 2023 số"."""
_TRIGGERS = ("luật", "nghị", "nđ", "nð", "nd", "thông tư", "pháp lệnh", "hiến pháp", "quyết định", "/q", "/t", "/v",
             "iso", "pci", "tcvn", "qcvn", "shield", "privacy", "khung", "(eu)", "(ec)", "eu 20", *FOREIGN)
"""One of these is in every name or number of a law."""


def _alternatives(names: Sequence[str]) -> str:
    ordered = sorted((fold(name) for name in names), key=len, reverse=True)
    return "|".join(re.escape(name).replace(",", ",?").replace(r"\ ", r"\s+") for name in ordered)


_YEAR = r"(?:19|20)\d{2}"
_OF_YEAR = rf"(?:,?\s+(?:năm\s+)?(?P<year>{_YEAR})(?![\d/]))?"
_ISSUER = r"[a-zđ]{2,14}\d{0,2}(?:[\-–][a-zđ]{2,14}\d{0,2}){0,5}"
_KIND = rf"n[đd]\s?[\-–/]?\s?cp|qh\s?\d{{1,2}}|(?:ttlt|tt|q[đd]|nq|ct|pl|l|vbhn)\s?[\-–/]\s?{_ISSUER}"
_NUMBER = re.compile(
    rf"(?<![\w/.])(?P<n>\d{{1,5}})\s?[/\-–]\s?(?:(?P<year>{_YEAR})\s?[/\-–]?\s?)?"
    rf"(?P<sign>(?:{_KIND})(?!\w))(?:\s?/\s?(?P<late>{_YEAR})(?!\d))?")
_DAY = r"ngày\s+\d{1,2}(?:\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?|\s+tháng\s+\d{1,2}\s+năm\s+)"
_DATED = re.compile(rf"\s+(?:{_DAY}|năm\s+)(?P<year>{_YEAR})(?!\d)")
_SHORT = re.compile(
    r"(?:(?P<decree>nghị định|\bn[đd](?:-cp)?)|(?P<circular>thông tư)|(?<!pháp )(?<!k[ỷỉ] )luật)(?:\s+số)?[\s:]{0,3}"
    rf"(?P<n>\d{{1,4}})(?:\s?[/\-]\s?(?P<year>{_YEAR}))?(?!\w|[.,]\d|\s?[/\-]\s?\w)")
_NAME = re.compile(
    rf"(?P<head>bộ luật|(?<!pháp )(?<!đạo )(?<!k[ỷỉ] )(?<!quy )luật)\s+"
    rf"(?P<name>{_alternatives((*LAWS, *ABBREVIATIONS))})(?!\w){_OF_YEAR}")
_MORE = re.compile(rf"(?:,\s+|\s+và\s+)(?P<name>{_alternatives(LAWS)})(?!\w){_OF_YEAR}")
"""A further name that shares the word for law: "Luật Giao dịch điện tử, An ninh mạng và Viễn thông"."""
_TOPIC = re.compile(
    r"(?:nghị định|thông tư)\s+(?:của\s+chính\s+phủ\s+)?(?:quy\s+định\s+)?(?:về\s+)?(?:việc\s+)?"
    rf"(?:{_alternatives(TOPICS)})(?!\w)|\bhiến pháp(?!\w){_OF_YEAR}")
_CAPITAL = re.compile(
    r"(?<![\"“‘'\w])(?:Bộ [Ll]uật|Luật|Pháp lệnh)\s+(?P<name>[A-ZĐÀ-Ỵ][a-zđà-ỹ]+(?:\s+[^\W\d_]+){0,11})"
    rf"{_OF_YEAR}")
_CAPITAL_ENDS = re.compile(
    r"\s(?:và|hoặc|của|có|được|này|số|ngày|quy định|theo|để|nhằm|hiện hành|khi|thì|là|cũng|việt nam|cho|tại|do|sẽ|không"
    r"|năm|luật|nghị định)(?!\w)")
_NO_LAW = re.compile(
    r"(?:việt nam|sư|định|riêng tư|áp dụng|hiện hành|này|liên quan|quốc tế|chơi|lệ|số|hoa kỳ|mỹ|châu|anh|pháp"
    r"|điều chỉnh|liên bang|gia|nước|thành văn|đó|được|có|và|về)(?!\w)")
_FIRM = re.compile(
    r"(?:công ty|văn phòng|hãng|phòng|ban|khoa|đại học|trường|ngành|tnhh|cử nhân|thạc sĩ|chuyên gia|khối)\s+\Z")
_PLURAL = re.compile(r"(?:các|những|mọi|bất kỳ|nhiều)\s+\Z")
_GENERAL = re.compile(
    r"\s+(?:có thể|của\s+(?:các|nước|quốc gia|khu vực|địa phương)|địa phương|hiện hành|áp dụng|nào|khác|liên quan|ở)"
    r"(?!\w)")
_HEAD = r"(?:bộ luật|luật|nghị định|thông tư)?"
_BEFORE_NUMBER = re.compile(
    r"\s*(?:(?:ban hành\s+|thông qua\s+)?(?:ngày\s+[\d/.\-]+(?:\s+tháng\s+\d+\s+năm\s+\d+)?|năm\s+\d{4})\s*)?"
    rf"(?:[(\[,–\-]?\s*{_HEAD}\s*(?:có\s+)?(?:số|số hiệu)\s*:?\s*|[(\[–\-]?\s*{_HEAD}\s*)\Z")
_BEFORE_NAME = re.compile(r"\s*(?:[(\[–\-]|là)\s*[\"“]?\s*\Z")
_BEFORE_ACRONYM = re.compile(r"\s*[(–\-]\s*(?:hay|gọi tắt là|viết tắt là|viết tắt|tiếng anh[^()]{0,40})?\s*[\"“]?\s*\Z")


def triggers() -> Iterable[Trigger]:
    return (Trigger(_TRIGGERS),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    """The laws and standards that `text` names, in order."""
    folded = fold(text).replace("ð", "đ")
    if _is_of_law_in_general(text, folded):
        return
    rules = (_by_number, _by_short_number, _by_known_name, _by_topic, by_act, _by_capital, by_standard, by_foreign)
    found = [(match.start, rank, match) for rank, rule in enumerate(rules) for match in rule(text, folded)]
    kept: list[tuple[int, int, Match]] = []
    for start, rank, match in sorted(found, key=lambda item: item[:2]):
        if kept and start < kept[-1][2].end:  # where two rules claim the same characters, the earlier rule has them
            if rank > kept[-1][1]:
                continue
            kept.pop()
        kept.append((start, rank, match))
    yield from _joined(folded, [match for _, _, match in kept])


def _is_of_law_in_general(text: str, folded: str) -> bool:
    """Whether nothing in it is of any law but "pháp luật", as in most sentences that have the word."""
    in_general = text.count("pháp luật") + text.count("Pháp luật")
    return folded.count("luật") == in_general and not any(sign in folded for sign in _TRIGGERS if sign != "luật")


def canonical(surface: str) -> str:
    """The number in upper case, or the name in lower case."""
    for match in find(surface):
        return match.value
    raise ValueError(f"no law or standard: {surface!r}")


def settle(entities: Sequence[Entity], sentences: Sequence[Sentence]) -> Iterator[Entity]:
    """Names and short numbers take the full number that the document gives for them in another place.

    >>> said = "Luật Dữ liệu số 60/2024/QH15, Nghị định 13/2023/NĐ-CP; theo Luật Dữ liệu, Nghị định 13 và Luật Giá"
    >>> entities = [Entity(doc_id="d", sentence=0, kind=KIND, start=m.start, end=m.end, text=said[m.start:m.end],
    ...                    value=m.value, detail=m.detail, rule=m.rule) for m in find(said)]
    >>> [entity.value for entity in settle(entities, ())]
    ['60/2024/QH15', '13/2023/NĐ-CP', '60/2024/QH15', '13/2023/NĐ-CP', 'luật giá']
    """
    numbers: dict[str, str] = {}
    for entity in entities:
        if "name" in entity.detail:
            numbers.setdefault(entity.detail["name"], entity.value)
        if entity.value.endswith("/NĐ-CP"):
            numbers.setdefault(f"nghị định {entity.value.partition('/')[0]}", entity.value)
    for entity in entities:
        number = numbers.get(entity.value)
        if number is None or entity.detail.get("year", "") not in number:
            yield entity
        else:
            yield replace(entity, value=number, detail={**entity.detail, "name": entity.value})


def _by_number(text: str, folded: str) -> Iterator[Match]:
    for m in _NUMBER.finditer(folded):
        sign = _sign(m["sign"])
        kind = re.split(r"[\-\d]", sign, maxsplit=1)[0]
        if kind in BY_ANYBODY and not _binds_everybody(sign, dated=m["year"] is not None):
            continue
        year, end = m["year"] or m["late"], m.end()
        dated = _DATED.match(folded, end) if not year and kind in DATED else None
        if dated:
            year, end = dated["year"], dated.end()
        resolved = kind == "QH" and folded[:m.start()].rstrip().removesuffix("số").rstrip().endswith("nghị quyết")
        yield Match(start=m.start(), end=end, value="/".join(filter(None, (m["n"], year, sign))), rule="number",
                    detail={"type": "nghi_quyet" if resolved else KINDS[kind]})


def _sign(written: str) -> str:
    """The part of a number that says kind and issuer, as the gazette writes it: `nd - cp` is `NĐ-CP`."""
    sign = re.sub(r"\s", "", written).upper().replace("–", "-").replace("/", "-")
    sign = re.sub(r"^([NQ])D", r"\1Đ", sign)
    return "NĐ-CP" if sign == "NĐCP" else sign


def _binds_everybody(sign: str, *, dated: bool) -> bool:
    """Whether a decision is the state's. Of local authorities only those with a year are rules, the others licences."""
    issuer = sign.split("-")[1]
    return issuer.startswith("UBTVQH") or issuer in (STATE if dated else STATE - {"UBND", "HĐND"})


def _by_short_number(text: str, folded: str) -> Iterator[Match]:
    for m in _SHORT.finditer(folded):
        year, end = m["year"], m.end()
        dated = None if year else _DATED.match(folded, end)
        if dated:
            year, end = dated["year"], dated.end()
        if m["decree"]:
            value, kind = (f"{m['n']}/{year}/NĐ-CP" if year else f"nghị định {m['n']}"), "nghi_dinh"
        elif not year:
            continue
        elif m["circular"]:
            value, kind = f"{m['n']}/{year}/TT", "thong_tu"
        else:
            assembly = ASSEMBLIES.get(int(year))
            value, kind = f"{m['n']}/{year}/QH{assembly or ''}", "luat"
        yield Match(start=m.start(), end=end, value=value, rule="short_number", detail={"type": kind})


def _by_known_name(text: str, folded: str) -> Iterator[Match]:
    for m in _NAME.finditer(folded):
        lower = text[m.start()].islower()
        if lower and m["head"] == "luật" and m["name"] in BRANCHES:
            continue
        if lower and (_PLURAL.search(folded, max(0, m.start() - 12), m.start()) or _GENERAL.match(folded, m.end())):
            continue
        yield _named(m, _known(m["head"], m["name"]), "known_name", "luat")
        more = _MORE.match(folded, m.end())
        while more and text[m.start("name")].isupper() and text[more.start("name"):][:2].istitle():
            yield replace(_named(more, _known("luật", more["name"]), "known_name", "luat"), start=more.start("name"))
            more = _MORE.match(folded, more.end())


def _known(head: str, name: str) -> str:
    return f"{head} {ABBREVIATIONS.get(name) or squeezed(name)}"


def _by_topic(text: str, folded: str) -> Iterator[Match]:
    for m in _TOPIC.finditer(folded):
        kind = {"n": "nghi_dinh", "t": "thong_tu", "h": "hien_phap"}[m.group()[0]]
        yield _named(m, "hiến pháp" if kind == "hien_phap" else squeezed(m.group()), "topic", kind)


def _by_capital(text: str, folded: str) -> Iterator[Match]:
    for m in _CAPITAL.finditer(text):
        ends = _CAPITAL_ENDS.search(folded, m.start("name"), m.end("name"))
        end = ends.start() if ends else m.end("name")
        if _NO_LAW.match(folded, m.start("name")) or _FIRM.search(folded, max(0, m.start() - 14), m.start()):
            continue
        kind = "phap_lenh" if text[m.start()] == "P" else "luat"
        name = squeezed(folded[m.start():end])
        if end < m.end("name"):
            yield Match(start=m.start(), end=end, value=name, rule="capital_name", detail={"type": kind})
        else:
            yield _named(m, name, "capital_name", kind)


def _joined(folded: str, matches: Sequence[Match]) -> Iterator[Match]:
    """The matches, where a name and the number or the acronym of the same law stand in one phrase as one."""
    kept: list[Match] = []
    for match in matches:
        last = kept[-1] if kept else None
        gap = folded[last.end:match.start] if last else ""
        if last and len(gap) <= PHRASE and last.detail["type"] == match.detail["type"]:
            if match.rule in NUMBERED and last.rule in NAMED and _BEFORE_NUMBER.match(gap):
                kept[-1] = replace(match, detail={**match.detail, "name": last.value})
                continue
            if match.rule in NAMED and last.rule in NUMBERED and _BEFORE_NAME.match(gap):
                kept[-1] = replace(last, detail={**last.detail, "name": match.value})
                continue
            if match.rule == "foreign" and last.rule == "capital_name" and _BEFORE_ACRONYM.match(gap):
                continue
        kept.append(match)
    yield from kept


def _named(m: re.Match[str], value: str, rule: str, kind: str) -> Match:
    """A name of Vietnamese law; the year behind it is no part of the name."""
    year = {"year": m["year"]} if m["year"] else {}
    return Match(start=m.start(), end=m.end(), value=value, rule=rule, detail={"type": kind, **year})
