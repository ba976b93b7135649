"""Laws, decrees, circulars, standards that are named.

Value: the number in upper case (`13/2023/NĐ-CP`, `ISO/IEC 27001`), or the name in lower case where no number is
given (`luật an ninh mạng`). A name that stands with its number in one phrase is no value of its own; `settle` gives
the number to the same name elsewhere in the document. Rules:

- `number`: a number that says its kind, however it is ordered or spaced: 13/NĐ-CP/2023, 13/2023/ND - CP.
- `short_number`: kind in words: "Nghị định 13/2023", "Nghị định số 13 năm 2023", "Luật số 91/2025"; "Nghị định 13",
  where nothing says the year, is `nghị định 13` unless the document gives the full number elsewhere.
- `known_name`: the name of a Vietnamese law (`LAWS`), in any case.
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
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.entities.match import Context, Match
from pipeline.nlp import fold
from pipeline.records import Entity, Sentence

KIND = "legal_ref"

LAWS = (
    "an ninh mạng", "an ninh quốc gia", "an toàn thông tin", "an toàn thông tin mạng", "an toàn thực phẩm",
    "an toàn, vệ sinh lao động", "báo chí", "bình đẳng giới", "bưu chính", "bảo hiểm tiền gửi", "bảo hiểm xã hội",
    "bảo hiểm y tế", "bảo vệ bí mật nhà nước", "bảo vệ dữ liệu cá nhân", "bảo vệ môi trường", "bảo vệ người tiêu dùng",
    "bảo vệ quyền lợi người tiêu dùng", "chuyển giao công nghệ", "chăn nuôi", "chứng khoán",
    "các công cụ chuyển nhượng", "các tổ chức tín dụng", "cán bộ, công chức", "công chứng", "công nghiệp công nghệ số",
    "công nghệ cao", "công nghệ thông tin", "công đoàn", "căn cước", "căn cước công dân", "cư trú", "cạnh tranh",
    "doanh nghiệp", "doanh nghiệp nhỏ và vừa", "du lịch", "dân sự", "dược", "dữ liệu", "giao dịch điện tử",
    "giao thông đường bộ", "giá", "giám định tư pháp", "giáo dục", "giáo dục nghề nghiệp", "giáo dục đại học",
    "hiến, lấy, ghép mô, bộ phận cơ thể người", "hàng hải", "hàng không dân dụng", "hình sự", "hóa chất",
    "hôn nhân và gia đình", "hải quan", "hộ tịch", "hợp tác xã", "khiếu nại", "khoa học và công nghệ",
    "khoa học, công nghệ và đổi mới sáng tạo", "khám bệnh, chữa bệnh", "kinh doanh bảo hiểm",
    "kinh doanh bất động sản", "kiểm toán nhà nước", "kiểm toán độc lập", "kế toán", "lao động", "lâm nghiệp",
    "lưu trữ", "nghĩa vụ quân sự", "ngân hàng", "ngân hàng nhà nước", "người cao tuổi", "người khuyết tật",
    "người lao động việt nam đi làm việc ở nước ngoài theo hợp đồng", "nhà giáo", "nhà ở",
    "nhập cảnh, xuất cảnh, quá cảnh, cư trú của người nước ngoài", "nuôi con nuôi", "phá sản",
    "phòng cháy và chữa cháy", "phòng, chống bệnh truyền nhiễm", "phòng, chống khủng bố", "phòng, chống ma túy",
    "phòng, chống mua bán người", "phòng, chống rửa tiền", "phòng, chống tham nhũng",
    "phòng, chống tác hại của rượu, bia", "quản lý ngoại thương", "quản lý thuế", "quảng cáo", "quốc tịch việt nam",
    "sở hữu trí tuệ", "thanh niên", "thanh tra", "thi hành án dân sự", "thuế giá trị gia tăng",
    "thuế thu nhập cá nhân", "thuế thu nhập doanh nghiệp", "thú y", "thương mại", "thương mại điện tử",
    "thể dục, thể thao", "tiêu chuẩn và quy chuẩn kỹ thuật", "tiếp cận thông tin", "trí tuệ nhân tạo",
    "trật tự, an toàn giao thông đường bộ", "trẻ em", "trọng tài thương mại", "tài nguyên nước",
    "tần số vô tuyến điện", "tố cáo", "tố tụng dân sự", "tố tụng hành chính", "tố tụng hình sự", "viễn thông",
    "việc làm", "xuất bản", "xây dựng", "xử lý vi phạm hành chính", "điện lực", "điện ảnh", "đo lường",
    "đo đạc và bản đồ", "đường sắt", "đất đai", "đấu thầu", "đầu tư",
)
"""Names of Vietnamese laws and codes without "Luật" and "Bộ luật" (vbpl.vn). They go on in lower case, so that only a
list can tell where a name ends."""

BRANCHES = frozenset({
    "dân sự", "hình sự", "lao động", "thương mại", "dữ liệu", "giá", "đầu tư", "ngân hàng", "khiếu nại",
})
"""Written small after "luật" these are branches of the law, not one law."""

TOPICS = (
    "bảo vệ dữ liệu cá nhân", "thương mại điện tử", "xử phạt vi phạm hành chính", "thanh toán không dùng tiền mặt",
    "an ninh mạng", "hóa đơn, chứng từ", "chống tin nhắn rác, thư điện tử rác, cuộc gọi rác",
    "định danh và xác thực điện tử", "chữ ký điện tử",
)
"""What decrees and circulars that policies name without a number are about."""

STATE = frozenset({
    "BCA", "BCT", "BDTTG", "BGDĐT", "BGTVT", "BHXH", "BKH", "BKHCN", "BKHĐT", "BLĐTBXH", "BNG", "BNNMT", "BNNPTNT",
    "BNV", "BQP", "BTC", "BTNMT", "BTP", "BTTTT", "BVHTTDL", "BXD", "BYT", "CNTT", "CP", "CT", "CTC", "CTN", "HĐND",
    "HĐTP", "HĐTPTANDTC", "KTNN", "NHNN", "QLCT", "TANDTC", "TCHQ", "TCT", "TTCP", "TTG", "TW", "UBCK", "UBDT", "UBND",
    "UBTVQH", "VKSNDTC", "VPCP", "VPQH",
})
"""Who issues decisions and resolutions that bind everybody. Any other issuer's number is a company's own decision."""

ASSEMBLIES = {
    2003: 11, 2004: 11, 2005: 11, 2006: 11, 2008: 12, 2009: 12, 2010: 12, 2012: 13, 2013: 13, 2014: 13, 2015: 13,
    2017: 14, 2018: 14, 2019: 14, 2020: 14, 2022: 15, 2023: 15, 2024: 15, 2025: 15,
}
"""National Assembly of a year, for "Luật số 91/2025"; years in which one followed the other are left out."""

FOREIGN = ("gdpr", "ccpa", "cpra", "coppa", "pdpa", "hipaa", "lgpd", "pipeda", "pipl", "ferpa", "caloppa", "can-spam",
           "dmca", "glba")

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

_TRIGGERS = ("luật", "nghị", "nđ", "nd", "thông tư", "pháp lệnh", "hiến pháp", "quyết định", "/q", "/t", "/v", "iso",
             "pci", "tcvn", "qcvn", "shield", "privacy", "khung", *FOREIGN)


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
    rf"(?P<head>bộ luật|(?<!pháp )(?<!đạo )(?<!k[ỷỉ] )(?<!quy )luật)\s+(?P<name>{_alternatives(LAWS)})(?!\w)"
    rf"{_OF_YEAR}")
_TOPIC = re.compile(
    r"(?:nghị định|thông tư)\s+(?:của\s+chính\s+phủ\s+)?(?:quy\s+định\s+)?(?:về\s+)?(?:việc\s+)?"
    rf"(?:{_alternatives(TOPICS)})(?!\w)|\bhiến pháp(?!\w){_OF_YEAR}")
_ACT = re.compile(
    r"(?<!các )(?<!những )(?<!mọi )(?<!một )đạo luật\s+"
    r"(?P<name>[^\s,.;:()\"“”‘’\d]+(?:\s+[^\s,.;:()\"“”‘’]+){1,17})")
_ACT_ENDS = re.compile(
    r"\s(?:quy định|có|yêu cầu|cho phép|này|đó|khi|mà|nhằm|để|chúng tôi|bạn|không|sẽ|phải|được|và các|cũng|đã|hoặc|thì)"
    r"(?!\w)")
_NO_ACT = re.compile(r"(?:này|đó|có|liên quan|hiện hành|khác|nào|áp dụng|của|trên|tương tự)(?!\w)")
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
_STANDARD = re.compile(
    r"(?<!\w)(?:(?P<series>(?:tcvn\s+)?iso(?:\s?/\s?iec)?|tcvn|qcvn)[\s:\-]{0,2}(?P<n>\d{2,5}(?:-\d{1,3})?(?:\s?:\s?\d{4})?)"
    r"(?P<more>(?:\s?(?:,|và|&|/)\s?27\d{3}(?::\d{4})?)*)|(?P<pci>pci[\s\-]{0,2}dss))(?!\w)")
_FOREIGN = re.compile(
    rf"(?<!\w)(?:(?P<acronym>{'|'.join(FOREIGN)})"
    r"|(?:(?:eu|swiss|uk)\s?[\-–]\s?(?:us|u\.s\.?)\s)?(?:privacy shield|data privacy framework)"
    r"|khung\s+(?:eu|swiss|uk)\s?[\-–]\s?(?:us|u\.s\.?|mỹ|hoa kỳ)|general data protection regulation(?!\s?\()"
    r"|quy định (?:chung )?(?:về )?bảo vệ dữ liệu (?:chung )?(?:của )?(?:liên minh )?châu âu(?!\s?\())(?!\w)")
_HEAD = r"(?:bộ luật|luật|nghị định|thông tư)?"
_BEFORE_NUMBER = re.compile(
    r"\s*(?:(?:ban hành\s+|thông qua\s+)?(?:ngày\s+[\d/.\-]+(?:\s+tháng\s+\d+\s+năm\s+\d+)?|năm\s+\d{4})\s*)?"
    rf"(?:[(\[,–\-]?\s*{_HEAD}\s*(?:có\s+)?(?:số|số hiệu)\s*:?\s*|[(\[–\-]?\s*{_HEAD}\s*)\Z")
_BEFORE_NAME = re.compile(r"\s*(?:[(\[–\-]|là)\s*[\"“]?\s*\Z")
_BEFORE_ACRONYM = re.compile(r"\s*[(–\-]\s*(?:hay|gọi tắt là|viết tắt là|viết tắt|tiếng anh[^()]{0,40})?\s*[\"“]?\s*\Z")


def find(text: str, context: Context = Context()) -> Iterator[Match]:  # noqa: B008  frozen
    """The laws and standards that `text` names, in order."""
    folded = fold(text).replace("ð", "đ")
    if not any(trigger in folded for trigger in _TRIGGERS):
        return
    rules = (_by_number, _by_short_number, _by_known_name, _by_topic, _by_act, _by_capital, _by_standard, _by_foreign)
    found = [(match.start, rank, match) for rank, rule in enumerate(rules) for match in rule(text, folded)]
    kept: list[tuple[int, int, Match]] = []
    for start, rank, match in sorted(found, key=lambda item: item[:2]):
        if kept and start < kept[-1][2].end:  # where two rules claim the same characters, the earlier rule has them
            if rank > kept[-1][1]:
                continue
            kept.pop()
        kept.append((start, rank, match))
    yield from _joined(folded, [match for _, _, match in kept])


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
        yield _named(m, _squeezed(f"{m['head']} {m['name']}"), "known_name", "luat")


def _by_topic(text: str, folded: str) -> Iterator[Match]:
    for m in _TOPIC.finditer(folded):
        kind = {"n": "nghi_dinh", "t": "thong_tu", "h": "hien_phap"}[m.group()[0]]
        yield _named(m, "hiến pháp" if kind == "hien_phap" else _squeezed(m.group()), "topic", kind)


def _by_act(text: str, folded: str) -> Iterator[Match]:
    for m in _ACT.finditer(folded):
        ends = _ACT_ENDS.search(folded, m.start("name"), m.end())
        end = ends.start() if ends else m.end()
        name = folded[m.start("name"):end]
        if " " in name and not _NO_ACT.match(name):
            yield Match(start=m.start(), end=end, value=_squeezed(folded[m.start():end]), rule="capital_name",
                        detail={"type": "foreign"})


def _by_capital(text: str, folded: str) -> Iterator[Match]:
    for m in _CAPITAL.finditer(text):
        ends = _CAPITAL_ENDS.search(folded, m.start("name"), m.end("name"))
        end = ends.start() if ends else m.end("name")
        if _NO_LAW.match(folded, m.start("name")) or _FIRM.search(folded, max(0, m.start() - 14), m.start()):
            continue
        kind = "phap_lenh" if text[m.start()] == "P" else "luat"
        name = _squeezed(folded[m.start():end])
        if end < m.end("name"):
            yield Match(start=m.start(), end=end, value=name, rule="capital_name", detail={"type": kind})
        else:
            yield _named(m, name, "capital_name", kind)


def _by_standard(text: str, folded: str) -> Iterator[Match]:
    for m in _STANDARD.finditer(folded):
        detail = {"type": "standard"}
        if not m["series"]:
            yield Match(start=m.start(), end=m.end(), value="PCI DSS", rule="standard", detail=detail)
            continue
        series = re.sub(r"\s?/\s?", "/", _squeezed(m["series"])).upper()
        number = re.sub(r"\s", "", m["n"])
        yield Match(start=m.start(), end=m.end("n"), value=f"{series} {number}", rule="standard", detail=detail)
        for more in re.finditer(r"27\d{3}(?::\d{4})?", m["more"]):
            start = m.start("more") + more.start()
            yield Match(start=start, end=start + len(more.group()), value=f"{series} {more.group()}", rule="standard",
                        detail=detail)


def _by_foreign(text: str, folded: str) -> Iterator[Match]:
    for m in _FOREIGN.finditer(folded):
        if not m["acronym"] or not text[m.start("acronym")].islower():
            value = _squeezed(m["acronym"] or m.group())
            yield Match(start=m.start(), end=m.end(), value=value, rule="foreign", detail={"type": "foreign"})


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


def _squeezed(name: str) -> str:
    return " ".join(name.split())
