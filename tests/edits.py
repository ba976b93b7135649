"""Edits of known kind and place on copies of policies, and how well `changes` finds them.

An edit replaces pieces of a text, in the old version, the new one or both, and says what must be reported. A new kind
of value is a row of `VALUES`, a new kind of edit a function in `EDITS` or `COSMETIC`. Sentences that a policy lacks for
an edit are planted: the edit puts them into both versions.
"""

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from pipeline.records import Analysis, Change, Evidence


class Piece(NamedTuple):
    """What stands at `start`..`end` of the text that both versions are made from, in the old and in the new version."""

    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True)
class Wanted:
    """A change that an edit must be reported as; `None` leaves it open."""

    level: str
    kind: str | None
    subject: str | None = None
    how: str | None = None
    old: str | None = None
    new: str | None = None

    def fits(self, change: Change) -> bool:
        return all(said is None or said == getattr(change, name) for name, said in vars(self).items())


@dataclass(frozen=True)
class Edit:
    """`wanted` must all be reported, nothing where it is cosmetic. `values`: further answers may change with it."""

    name: str
    pieces: tuple[Piece, ...]
    wanted: tuple[Wanted, ...] = ()
    values: bool = False


@dataclass
class Score:
    """Edits made; changes reported rightly, changes found of those wanted. The wrong and the missed are kept."""

    edits: int = 0
    right: int = 0
    found: int = 0
    made: int = 0
    wrong: list[tuple[str, Change]] = field(default_factory=list)
    missed: list[tuple[str, Wanted]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.found / max(1, self.made)


Span = tuple[int, int]

CHANGED = Wanted("clause", "changed")


def _periods(unit: str, letter: str) -> Callable[[random.Random], tuple[str, str, str, str]]:
    def draw(rng: random.Random) -> tuple[str, str, str, str]:
        a, b = rng.sample([3, 6, 7, 9, 10, 14, 15, 18, 20, 24, 30, 36], 2)
        return f"{a} {unit}", f"{b} {unit}", f"P{a}{letter}", f"P{b}{letter}"

    return draw


def _phones(rng: random.Random) -> tuple[str, str, str, str]:
    a, b = rng.sample(range(1000, 9999), 2)
    head, tariff = rng.choice([("1900", "charged"), ("1800", "free")])
    return f"{head} {a}", f"{head} {b}", f"+84{head}{a} ({tariff})", f"+84{head}{b} ({tariff})"


def _emails(rng: random.Random) -> tuple[str, str, str, str]:
    a, b = rng.sample(["hotro", "cskh", "lienhe", "baomat", "dulieu", "phaply"], 2)
    domain = rng.choice(["saobac.example.vn", "thanhphong.com.vn", "maixanh.vn"])
    return (*[f"{name}@{domain}" for name in (a, b)], *[f"{name}@{domain}" for name in (a, b)])


def _days(rng: random.Random) -> tuple[str, str, str, str]:
    (d1, m1, y1), (d2, m2, y2) = [(rng.randint(1, 28), rng.randint(1, 12), rng.randint(2019, 2025)) for _ in "12"]
    y2 += y1 == y2 and (d1, m1) == (d2, m2)
    a, b = (d1, m1, y1), (d2, m2, y2)
    return (*[f"{d:02}/{m:02}/{y}" for d, m, y in (a, b)], *[f"{y}-{m:02}-{d:02}" for d, m, y in (a, b)])


def _bounds(rng: random.Random) -> tuple[str, str, str, str]:
    a = rng.choice([6, 12, 24, 36])
    return f"tối thiểu {a} tháng", f"tối đa {a} tháng", f"P{a}M (at_least)", f"P{a}M (at_most)"


VALUES: Sequence[tuple[str, Callable[[random.Random], tuple[str, str, str, str]], Sequence[str]]] = [
    ("retention", _periods("tháng", "M"), (
        "Nhật ký máy chủ được lưu trữ trong {} kể từ ngày ghi nhận.",
        "Chúng tôi giữ dữ liệu đơn hàng của quý khách trong thời hạn {}.",
        "Sau khi tài khoản bị đóng, dữ liệu được xóa khỏi hệ thống sau {}.",
    )),
    ("retention", _bounds, ("Hóa đơn và chứng từ được lưu trữ {}.",)),
    ("response_time", _periods("ngày", "D"), (
        "Chúng tôi phản hồi yêu cầu của quý khách trong vòng {} kể từ khi tiếp nhận.",
        "Khiếu nại được giải quyết trong thời hạn {}.",
    )),
    ("hotlines", _phones, (
        "Hotline hỗ trợ riêng về dữ liệu: {}",
        "Quý khách vui lòng gọi tổng đài {} để được hướng dẫn.",
    )),
    ("emails", _emails, (
        "Email phụ trách dữ liệu: {}",
        "Mọi thắc mắc về quyền riêng tư xin gửi về địa chỉ {} để được trả lời.",
    )),
    ("effective_date", _days, ("Chính sách này có hiệu lực kể từ ngày {}.",)),
]
"""Attribute, what draws words and values of both versions, and sentences that state it."""

SENTENCES: Sequence[tuple[str, str, str]] = [
    ("recipients", "advertising_partners", "Chúng tôi chia sẻ dữ liệu của quý khách với đối tác quảng cáo."),
    ("recipients", "delivery_partners", "Chúng tôi cung cấp họ tên và số điện thoại của bạn cho đơn vị vận chuyển."),
    ("recipients", "banks", "Dữ liệu giao dịch được chúng tôi chia sẻ với các ngân hàng để đối soát."),
    ("data_types", "location", "Chúng tôi thu thập dữ liệu vị trí của thiết bị khi quý khách mở ứng dụng."),
    ("data_types", "biometrics", "Chúng tôi thu thập dữ liệu sinh trắc học để xác thực quý khách."),
    ("security_measures", "encryption", "Dữ liệu được mã hóa khi truyền và khi lưu trữ."),
    ("consent", "explicit", "Quý khách đánh dấu vào ô “Tôi đồng ý” trước khi gửi thông tin cá nhân."),
    ("consent_withdrawal", "withdraw_consent", "Quý khách có quyền rút lại sự đồng ý bất cứ lúc nào."),
    ("other_rights", "object", "Quý khách có quyền phản đối việc xử lý dữ liệu cá nhân của mình."),
]
"""Attribute, value, and a sentence that states it, to be added or removed."""

EXPLICIT = (
    "Quý khách đánh dấu vào ô “Tôi đồng ý” trước khi gửi thông tin cá nhân cho chúng tôi.",
    "Chúng tôi chỉ xử lý thông tin cá nhân sau khi bạn bấm nút “Tôi đồng ý” dưới biểu mẫu.",
)

PLAIN: Sequence[str] = [
    "Trang web này không dành cho việc mua bán lại phần mềm của bên khác.",
    "Quý khách nên đổi mật khẩu sau mỗi ba lần đăng nhập trên máy lạ.",
    "Mọi tranh chấp được ưu tiên thương lượng trước khi đưa ra tòa án có thẩm quyền.",
    "Chúng tôi tổ chức tập huấn về an toàn thông tin cho nhân viên mới.",
    "Nội dung do quý khách đăng lên diễn đàn là công khai với mọi người.",
]
"""Sentences to be added or removed that state no value, or whose values do not matter."""

SYNONYMS: Sequence[tuple[str, str]] = [
    ("khách hàng", "người dùng"),
    ("sử dụng", "khai thác"),
    ("đảm bảo", "bảo đảm"),
    ("thu thập", "ghi nhận"),
    ("cam kết", "cam đoan"),
    ("trong trường hợp", "nếu xảy ra việc"),
    ("liên quan đến", "có liên hệ với"),
    ("thông báo", "báo tin"),
    ("cung cấp", "đưa ra"),
    ("thực hiện", "tiến hành"),
]


def spans(analysis: Analysis, kinds: Iterable[str] = ("body", "item"), least: int = 8) -> list[tuple[int, int]]:
    """Sentences of the policy that can be edited: not at the very end, where a text may break off."""
    chosen = [s for s in analysis.sentences if s.kind in kinds and len(s.text.split()) >= least]
    return [(s.start, s.end) for s in chosen[:-1] if not s.text.endswith(":")]


def paragraphs(text: str, analysis: Analysis) -> list[Span]:
    """Lines of the policy's body, no list items, with more of the policy behind them."""
    body = {s.start for s in analysis.sentences if s.kind == "body" and s.lead_in is None and not s.text.endswith(":")}
    lines = [m.span() for m in re.finditer(r"(?m)^\S.*\S$", text)]
    return [(a, b) for a, b in lines if a in body and b - a > 60 and b < lines[-1][0]]


Maker = Callable[[str, Analysis, random.Random], Edit | None]


def value(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    """A value of a planted sentence."""
    attribute, draw, frames = rng.choice(VALUES)
    old, new, was, now = draw(rng)
    frame = rng.choice(frames)
    wanted = (CHANGED, Wanted("value", "changed", attribute, old=was, new=now))
    return _planted(f"value of {attribute}", text, analysis, rng, (frame.format(old), frame.format(new)), wanted)


def statement(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    """A sentence that states a value is added or removed."""
    attribute, said, sentence = rng.choice(SENTENCES)
    if rng.random() < 0.5:
        wanted = (Wanted("clause", "added"), Wanted("value", None, attribute, new=said))
        return _planted(f"{said} added", text, analysis, rng, ("", sentence), wanted, values=True)
    wanted = (Wanted("clause", "removed"), Wanted("value", None, attribute, old=said))
    return _planted(f"{said} removed", text, analysis, rng, (sentence, ""), wanted, values=True)


def consent(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    """Consent by use gives way to an act, wherever the policy speaks of it."""
    said = [s for s in analysis.sentences if re.search(r"(?i)đồng ý", s.text) and s.kind != "furniture"]
    by_use = [s for s in said if any(c.sentence == s.index and c.label == "consent" for c in analysis.clauses)]
    if not by_use:
        return None
    pieces = [Piece(s.start, s.end, s.text, rng.choice(EXPLICIT)) for s in by_use]
    return Edit("consent", tuple(pieces), (Wanted("value", None, "consent", new="explicit"),), values=True)


def reworded(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    start, end = rng.choice(spans(analysis, least=12))
    sentence = text[start:end]
    pairs = [(a, b) for a, b in SYNONYMS if re.search(rf"\b{a}\b", sentence)]
    if len(pairs) < 2:
        return None
    for a, b in rng.sample(pairs, 2):
        sentence = re.sub(rf"\b{a}\b", b, sentence)
    wanted = (Wanted("clause", "changed", how="reworded"),)
    return Edit("reworded", (Piece(start, end, text[start:end], sentence),), wanted)


def split(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    start, end = rng.choice(spans(analysis, least=20))
    inner = [m for m in re.finditer(r",? và (?=[^\W\d_])", text[start:end]) if 30 < m.start() < end - start - 30]
    if not inner:
        return None
    a, b = (start + n for n in rng.choice(inner).span())
    joint = Piece(a, b + 1, text[a : b + 1], ". Ngoài ra, " + text[b])
    return Edit("split", (joint,), (Wanted("clause", "changed", how="split"),))


def merged(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    pairs = [
        (a.end - 1, b.start + 1)
        for a, b in pairwise(analysis.sentences)
        if a.kind == b.kind == "body" and text[a.end : b.start] == " "
        and a.text.endswith(".") and min(len(a.text), len(b.text)) > 30
    ]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    joint = Piece(a, b, text[a:b], ", đồng thời " + text[b - 1].lower())
    return Edit("merged", (joint,), (Wanted("clause", "changed", how="merged"),))


def moved(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    places = paragraphs(text, analysis)
    if len(places) < 3:
        return None
    (a, b), (_, d) = sorted(rng.sample(places, 2))
    sentences = [sum(x <= s.start < y for s in analysis.sentences) for x, y in ((a, b), (b, d))]
    if sentences[1] <= sentences[0]:
        return None  # then it is as true that the others moved
    paragraph = text[a:b]
    pieces = Piece(a, b, paragraph, ""), Piece(d, d, "", "\n\n" + paragraph)
    return Edit("moved", pieces, (Wanted("clause", "moved"),))


def removed(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    start, end = rng.choice(spans(analysis))
    return Edit("removed", (Piece(start, end, text[start:end], ""),), (Wanted("clause", "removed"),), values=True)


def added(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    return _planted("added", text, analysis, rng, ("", rng.choice(PLAIN)), (Wanted("clause", "added"),), values=True)


def _planted(
    name: str,
    text: str,
    analysis: Analysis,
    rng: random.Random,
    sentences: tuple[str, str],
    wanted: tuple[Wanted, ...],
    *,
    values: bool = False,
) -> Edit | None:
    """An edit of a sentence that stands, in the versions that have it, behind a paragraph."""
    if not (places := paragraphs(text, analysis)):
        return None
    _, end = rng.choice(places)
    old, new = (f"\n\n{sentence}" if sentence else "" for sentence in sentences)
    return Edit(name, (Piece(end, end, old, new),), wanted, values)


TEXTUAL: Sequence[Maker] = (reworded, split, merged, moved, removed, added)

EDITS: Sequence[Maker] = (value, value, value, statement, statement, consent, *TEXTUAL)
"""Edits that change the policy; values come as often as they interest analysts."""


def _lines(change: Callable[[str], str], name: str, kinds: Iterable[str] = ("heading", "body", "item")) -> Maker:
    """A cosmetic edit of every line that `change` makes different, up to a third of them."""

    def edit(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
        chosen = [s for s in analysis.sentences if s.kind in tuple(kinds) and change(s.text) != s.text]
        some = rng.sample(chosen, (len(chosen) + 2) // 3)
        return Edit(name, tuple(Piece(s.start, s.end, s.text, change(s.text)) for s in some)) if some else None

    return edit


_PLACED = ("òa oà", "óa oá", "ỏa oả", "õa oã", "ọa oạ", "ùy uỳ", "úy uý", "ủy uỷ", "ũy uỹ", "ụy uỵ")
TONES = {a: b for pair in _PLACED for a, b in (pair.split(), reversed(pair.split()))}
_TONED = re.compile(rf"(?<![qQ])({'|'.join(TONES)})\b")


def _renumbered(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    """Every numbered heading has the next number, or another style, and references to it follow."""
    style = rng.choice(["{}.", "{})", "Điều {}."])
    heads = [(s, m) for s in analysis.sentences if s.kind == "heading" and (m := re.match(r"(\d{1,2})\.\s+", s.text))]
    if not heads:
        return None
    pieces = [
        Piece(s.start, s.start + m.end(), m.group(), style.format(int(m[1]) + 1) + " ") for s, m in heads
    ]
    for m in re.finditer(r"\bĐiều (\d{1,2})(?= dưới đây)", text):
        pieces.append(Piece(*m.span(), m.group(), f"Điều {int(m[1]) + 1}"))
    return Edit("numbering", tuple(pieces))


def _date_line(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    frame = rng.choice(["Cập nhật lần cuối: {}", "Ngày cập nhật: {}", "(Cập nhật ngày {})"])
    old, new, *_ = _days(rng)
    title = next((s for s in analysis.sentences if s.kind == "heading"), None)
    lines = tuple(f"\n\n{frame.format(day)}" for day in (old, new))
    return Edit("date line", (Piece(title.end, title.end, *lines),)) if title else None


MENUS = ("Trang chủ | Sản phẩm | Tin tức | Liên hệ", "Trang chủ » Chính sách", "Đăng nhập | Giỏ hàng | Hỗ trợ")


def _menu(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    a, b = rng.sample(MENUS, 2)
    return Edit("menu", (Piece(0, 0, f"{a}\n\n", f"{b}\n\n"),))


def _footer(text: str, analysis: Analysis, rng: random.Random) -> Edit | None:
    old, new = (f"\n\n© {year} Mây Xanh. Bảo lưu mọi quyền.\n" for year in rng.sample(range(2015, 2026), 2))
    return Edit("footer", (Piece(len(text), len(text), old, new),))


COSMETIC: Sequence[Maker] = (
    _lines(lambda t: t.replace(" ", "\xa0", 3), "no-break spaces"),
    _lines(lambda t: t.replace(" ", "  ", 2), "double spaces"),
    _lines(lambda t: t.replace(" ", " \u200b", 1), "invisible characters"),
    _lines(lambda t: _TONED.sub(lambda m: TONES[m[1]], t), "tone placement"),
    _lines(lambda t: t.upper(), "case of headings", ["heading"]),
    _lines(lambda t: t.replace("Khách hàng", "khách hàng").replace("Dịch vụ", "dịch vụ"), "case of terms"),
    _lines(lambda t: re.sub(r"^[-–•] ?", "* ", t), "bullets", ["item"]),
    _lines(lambda t: re.sub(r"[;.]$", lambda m: {";": ".", ".": ";"}[m.group()], t), "final mark of items", ["item"]),
    _lines(lambda t: t.replace("“", '"').replace("”", '"').replace("–", "-"), "quotes and dashes"),
    _lines(lambda t: t.replace(", ", " , ", 1), "space before a comma", ["body"]),
    _renumbered,
    _date_line,
    _menu,
    _footer,
)
"""Edits that say nothing new."""


Placed = tuple[Edit, list[Span], list[Span]]
"""An edit, and where it stands in the old and in the new version."""


def versions(base: str, edits: Iterable[Edit]) -> tuple[str, str, list[Placed]]:
    """Both versions with all edits, and where each stands in them. Edits that overlap an earlier one are left out."""
    taken: list[Span] = []
    kept: list[Edit] = []
    for edit in edits:
        spans = [(p.start, p.end) for p in edit.pieces]
        if not any(a <= d and c <= b for a, b in spans for c, d in taken):
            kept.append(edit)
            taken += spans
    pieces = sorted((p, number) for number, edit in enumerate(kept) for p in edit.pieces)
    old = new = ""
    places: list[Placed] = [(edit, [], []) for edit in kept]
    reached = 0
    for piece, number in pieces:
        old, new = old + base[reached : piece.start], new + base[reached : piece.start]
        for text, said, found in ((old, piece.old, places[number][1]), (new, piece.new, places[number][2])):
            if said.strip():
                found.append((len(text), len(text) + len(said)))
        old, new, reached = old + piece.old, new + piece.new, piece.end
    return old + base[reached:], new + base[reached:], places


def score(reported: Iterable[Change], places: Sequence[Placed], into: Score) -> Score:
    """Counts what was reported rightly, and which edits were found."""
    real = [c for c in reported if c.kind != "cosmetic"]
    at = {id(c): [e for e, *spans in places if any(map(_at, (c.old_evidence, c.new_evidence), spans))] for c in real}
    for change in real:
        here = at[id(change)]
        if any(_explains(edit, change) for edit in here):
            into.right += 1
        else:
            into.wrong.append((" + ".join(e.name for e in here) or "nowhere", change))
    for edit, *_ in places:
        into.edits += bool(edit.wanted)
        for wanted in edit.wanted:
            into.made += 1
            if any(wanted.fits(c) and edit in at[id(c)] for c in real):
                into.found += 1
            else:
                into.missed.append((edit.name, wanted))
    return into


def _explains(edit: Edit, change: Change) -> bool:
    if any(wanted.fits(change) for wanted in edit.wanted):
        return True
    return edit.values and (change.level == "value" or edit.name == "consent")


def _at(evidence: Sequence[Evidence], places: Iterable[Span]) -> bool:
    return any(e.start < b and a < e.end for e in evidence for a, b in places)
