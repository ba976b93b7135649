"""Who may receive or see the data, or is said never to (vocabulary `recipients`).

A recipient counts where the sentence, its lead-in or its heading speaks of giving, sharing or access. Sources ("thu
thập từ đối tác"), the user's own sharing and dealings that hand over no data are none. The value is the concept's id;
a bare "bên thứ ba" is `third_party`. `detail`: `negated` = yes where the policy says never; `condition` =
`with_consent`, `by_law`, both joined by a comma, or `other` (another exception or limit); neither where the policy
shares without condition.

Rules: `shared` (given to), `accessed` (the recipient sees or gets it), `requested` (an authority asks), `listed` (item
of a list of recipients).

>>> from pipeline.entities.match import Context
>>> [(m.value, dict(m.detail)) for m in find("Chúng tôi không bán thông tin cá nhân cho bên thứ ba.")]
[('third_party', {'negated': 'yes'})]
>>> [(m.value, m.detail["condition"]) for m in find("Không chia sẻ dữ liệu cho bên thứ ba khi bạn chưa đồng ý")]
[('third_party', 'with_consent')]
>>> [m.value for m in find("- Đơn vị vận chuyển, ngân hàng", Context(lead_in="Chúng tôi chia sẻ dữ liệu cho:"))]
['delivery_partners', 'banks']
>>> list(find("Dữ liệu được thu thập từ đối tác và bên thứ ba"))
[]
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.entities import phrases
from pipeline.entities.match import Context, Match
from pipeline.entities.phrases import USER, Hit, pattern, spell

KIND = "recipient"
VOCABULARY = "recipients"

_DATA = (
    r"(?:thông tin|dữ liệu|hồ sơ|danh sách|tài khoản|số điện thoại|email|nội dung|tệp|bản sao|danh bạ|họ tên|tên"
    r"|địa chỉ|lịch sử|giao dịch|vị trí|mã|kết quả|câu hỏi|hình ảnh|ảnh|ghi âm|đơn)"
)
_GIVE = pattern(
    r"\b(?:chia sẻ|tiết lộ|chuyển giao|chuyển nhượng|chuyển tiếp|chuyển|bán lại|bán|cho thuê|trao đổi|mua bán"
    r"|bàn giao|giao nộp|giao cho|gửi|công bố|phát tán"
    r"|báo cáo|nộp|xuất trình|đưa|cung cấp|truyền|hiển thị|tặng)\b"
)
"""Verbs of giving. Several mean other things too ("cung cấp dịch vụ"), so data must be named beside them."""

_CLEAR = pattern(r"chia sẻ|tiết lộ|chuyển giao|cho thuê|mua bán|bàn giao|giao nộp|công bố|phát tán")
REACH = 400
"""Characters between verb and recipient: policies name a dozen recipients in a row."""

_SUBJECT = 60
"""Characters before the subject of a sentence; what stands later is its object."""

_DATA_WORD = pattern(rf"\b{_DATA}\b")
_ADVICE = pattern(r"\b(?:đừng|hãy|vui lòng|xin)(?: \w+){0,2} $")
_OBJECT_AFTER = pattern(rf"[^.;:]{{0,40}}\b{_DATA}\b")
_OBJECT_BEFORE = pattern(rf"\b{_DATA}\b[^.;]{{0,70}}$")
_TO = pattern(r"\b(?:cho|với|tới|đến(?! từ)|sang|cùng)\b")
_SEES = pattern(
    r"\b(?:tiếp cận|truy cập(?! trái)|nhìn thấy|xem được|được xem|đọc được|được đọc|mở được|mới mở|nhận được|được nhận"
    r"|tiếp nhận|có thể nhận|chỉ nhận|(?<!ghi )(?<!xác )(?<!chấp )(?<!công )nhận(?! thấy| ra| biết)|biết được|thấy"
    r"|chỉ xem|xem|được cung cấp|chỉ biết|được cấp quyền|mở hồ sơ|xử lý (?:dữ liệu|thông tin)|được giao"
    r"|thu thập (?:dữ liệu|thông tin))\b"
)
_BY = pattern(r"(?:truy cập|tiếp cận|xem|xử lý|thấy|đọc)(?: \w+){0,3} bởi(?: \w+){0,3} ?$")
_REQUEST = pattern(r"yêu cầu|quyết định|văn bản|lệnh|trát|công văn|triệu tập|đề nghị|có giấy")
_SOURCE = pattern(
    r"(?:(?<!yêu cầu )(?<!nhu cầu )(?<!định )\b(?:từ|của|do|bằng|qua|trên|trang|tài khoản|nút|không phải mọi|không phải"
    r"|bị|khỏi|ứng dụng)(?: các| một số| những| một)?|\bbởi(?: các| một| những)?)\s*$"
)
_CONDITION = pattern(r"(?:nghiêm cấm[^.;]*|(?:\bnếu|\bkhi|là)(?: \w+ hoặc)?) $")
"""Before whom something is forbidden or on whom a condition turns; neither gets data by that."""

_ASKED_BY_USER = pattern(r"(?<!theo )(?<!của )(?<!có )(?<!bản )\b(?:yêu cầu|đề nghị)(?: các)? $")
_FROM = pattern(r"\btừ\b(?! xa| chối| khi| ngày| đó| lúc| hoặc| chính| nguồn công khai)")
_OTHER_PAPER = pattern(r"đánh giá tác động|hồ sơ đánh giá|hacker|bị tấn công|rò rỉ|lỡ lộ")
"""Papers about processing and reports of a breach go to an authority, but they hand over no customer's data."""
_USER_GIVES = pattern(
    USER + r"(?: (?:đã|sẽ|có thể|tự|không nên|không được|đồng ý|chủ động|cần|phải|nên|vô tình|cố ý|không|tự ý|chọn|muốn"
    r"|lựa chọn|tự nguyện|hãy)){0,4} $"
)
_THAT_USER = pattern(r"(?:mà|do|thông tin|dữ liệu|hồ sơ)\s+(?:\w+ ){0,3}$")

_LIST = pattern(
    r"chia sẻ|tiết lộ|chuyển giao|tiếp cận|(?<!quyền )truy cập|bên (?:tiếp )?nhận|bên được|(?:cung cấp|gửi|giao"
    r"|chuyển|trao đổi|bán)[^:]{0,60}(?:cho|với|tới|đến|sang)\b"
    r"|(?:đơn vị|tổ chức|bên|nơi|đối tượng|người|cá nhân)[^:]{0,50}(?:tiếp nhận|nhận được|được nhận|nhận (?:dữ liệu"
    r"|thông tin)|được xem|xem được|được biết|được xử lí)"
    r"|ai (?:được |có thể |sẽ )?(?:xem|biết|thấy|nhìn|đọc|truy cập|tiếp cận|chạm|nhận)|(?:ai|còn ai) khác|những ai"
    r"|nhìn thấy|thấy dữ liệu|sub-processor|sharing"
)
_EXEMPT_HEADING = pattern(r"không áp dụng|miễn trừ|miễn trách|định nghĩa|giải thích|thuật ngữ|diễn giải")
_PURPOSES = pattern(r"(?:để|nhằm|giúp|phục vụ|mục đích)(?: [\w/,]+){0,6}\s*:?\s*$")
_MARKER = re.compile(r"\s*(?:[-–—•●▪*+►⭐·]|\(?\w{1,3}[.)/])")
"""What a list item begins with."""

_OTHER_HEADING = pattern(
    r"thu thập(?!.{0,60}(?:chia sẻ|tiết lộ))|loại dữ liệu|khiếu nại|tranh chấp|trách nhiệm|nghĩa vụ|liên hệ|địa chỉ"
    r"|quyền (?:của|và)|chỉnh sửa|thay đổi|hiệu lực|sự cố|vi phạm|trẻ em|liên kết"
)
_BLOCKED = pattern(
    r"miễn trách|miễn trừ|khiếu nại|tranh chấp|chịu trách nhiệm|tố cáo|khởi kiện|sự cố|vi phạm dữ liệu|có nghĩa là"
    r"|liên kết đến"
)

_NOT = pattern(
    r"\b(?:(?:không|chưa|chẳng|cấm)(?! chỉ| những| giới hạn| thể thiếu| cản trở| áp dụng| ảnh hưởng| cần| phải"
    r"| bao gồm| muốn| đồng ý)(?: [\w/]+,?){0,7} ?"
    r"|(?:không bao giờ|tuyệt đối không)[^.;]{0,200})$"
)
_CONSENT = pattern(
    r"(?:sự |đã |được |có |xin |không |chưa |trừ khi |nếu |với )(?:\w+ ){0,5}?(?:đồng ý|cho phép|chấp thuận|phép của"
    r"|chấp nhận)|(?:đồng ý|chấp thuận|cho phép|đề nghị) (?:của|từ|bởi) "
    r"|theo yêu cầu (?:hoặc xác nhận )?của " + USER
    + "|" + USER + r" (?:đã |được )?(?:đồng ý|cho phép|yêu cầu|chấp thuận|ủy quyền)"
)
_LAW = pattern(
    r"pháp luật|luật định|theo luật|nghĩa vụ pháp lí|yêu cầu pháp lí|luật bắt buộc|luật (?:cho phép|yêu cầu)"
    r"|(?:yêu cầu|quyết định|văn bản|lệnh|trát|công văn)[^.;]{0,30}(?:cơ quan|tòa|công an|viện kiểm sát|thanh tra"
    r"|thẩm quyền)"
    r"|(?:cơ quan|tòa án|công an|thanh tra|lực lượng chức năng|chức trách)[^.;]{0,60}(?:yêu cầu|văn bản|quyết định"
    r"|thẩm quyền|lệnh|giấy)"
)
_EXCEPT = pattern(
    r"trừ khi|trừ (?:những |các |một số )?trường hợp|ngoại trừ|trừ phi|\btrừ\b|ngoài (?:các|những|phạm vi|mục đích)"
    r"|khi (?:không|chưa) (?:có|được)|nếu (?:không|chưa) (?:có|được)|mà (?:không|chưa) (?:có|được|hỏi)|trước khi"
    r"|khi chưa|nếu chưa|(?:khi|nếu) (?:\w+ ){0,3}(?:không|chưa) (?:\w+ )?(?:đồng ý|cho phép|chấp thuận)|vượt quá"
    r"|vì mục đích|cho mục đích|cho các mục đích|ngoài"
)
_ALLOWED = pattern(r"trừ khi|trừ (?:những |các |một số )?trường hợp|ngoại trừ|trừ phi|\btrừ\b")


class _Say(NamedTuple):
    rule: str
    negated: bool


class _Sentence(NamedTuple):
    """What holds for a sentence as a whole."""

    text: str
    gives: Sequence[re.Match[str]]
    listed: bool
    other_topic: bool
    """Whether the heading is about something else than recipients."""
    lead_in: str
    consent: bool
    law: bool
    last_exception: int
    """Where the last exception begins, -1 where there is none."""


def find(text: str, context: Context = Context()) -> Iterator[Match]:  # noqa: B008 - immutable
    """The recipients that the sentence names."""
    if context.kind in ("heading", "furniture"):
        return
    spelled = spell(text)
    hits = phrases.find(VOCABULARY, spelled)
    if context.path and _EXEMPT_HEADING.search(spell(context.path[-1])):
        return
    if not hits or _OTHER_PAPER.search(spelled) or (_BLOCKED.search(spelled) and not _CLEAR.search(spelled)):
        return
    sentence = _sentence(spelled, context)
    for hit in hits:
        say = _say(sentence, hit)
        if say:
            detail = _detail(sentence, hit, say)
            yield Match(start=hit.start, end=hit.end, value=hit.concept.id, rule=say.rule, detail=detail)


def canonical(surface: str) -> str:
    """Id of the concept that `surface` names.

    >>> canonical("Đơn vị vận chuyển")
    'delivery_partners'
    """
    return phrases.canonical(VOCABULARY, surface)


def _sentence(spelled: str, context: Context) -> _Sentence:
    heading, lead_in = spell(context.path[-1]) if context.path else "", spell(context.lead_in)
    return _Sentence(
        text=spelled,
        gives=[give for give in _GIVE.finditer(spelled) if _gives_data(spelled, give)],
        listed=_is_list(heading, lead_in) and (bool(lead_in) or bool(_MARKER.match(spelled))),
        other_topic=bool(_OTHER_HEADING.search(heading)),
        lead_in=lead_in,
        consent=bool(_CONSENT.search(spelled)),
        law=bool(_LAW.search(spelled)),
        last_exception=max((m.start() for m in _EXCEPT.finditer(spelled)), default=-1),
    )


@lru_cache(maxsize=1024)
def _is_list(heading: str, lead_in: str) -> bool:
    """Whether what stands below is a list of recipients."""
    if lead_in:
        return bool(_LIST.search(lead_in)) and not _PURPOSES.search(lead_in)
    return bool(_LIST.search(heading)) and not _OTHER_HEADING.search(heading)


def _gives_data(spelled: str, give: re.Match[str]) -> bool:
    """Whether data are what is given, by the company."""
    before = spelled[max(0, give.start() - 80):give.start()]
    if _USER_GIVES.search(before) and not _THAT_USER.search(_USER_GIVES.sub("", before)):
        return False
    if _ADVICE.search(before):
        return False
    if _CLEAR.fullmatch(give.group()):
        return True
    return bool(_OBJECT_AFTER.match(spelled, give.end(), give.end() + 60) or _OBJECT_BEFORE.search(before))


def _say(sentence: _Sentence, hit: Hit) -> _Say | None:
    """Why the hit is a recipient, and whether the policy denies it."""
    text = sentence.text
    before = text[max(0, hit.start - 40):hit.start]
    if _ASKED_BY_USER.search(before):
        return None
    requested = hit.concept.group == "authority" and _REQUEST.search(text, max(0, hit.start - 70), hit.end + 70)
    if requested and (sentence.gives or sentence.listed or sentence.lead_in or sentence.last_exception >= 0):
        return _Say("requested", False)
    if _CONDITION.search(before) or (_SOURCE.search(before) and not _BY.search(before)):
        return None
    return _shared(sentence, hit) or _accessed(sentence, hit, before) or _in_list(sentence, hit)


def _shared(sentence: _Sentence, hit: Hit) -> _Say | None:
    """Something is given to the hit: verb of giving, preposition, hit."""
    text = sentence.text
    reached = bisect_right(sentence.gives, hit.start, key=re.Match.end)
    if not reached:
        return None
    give = sentence.gives[reached - 1]
    between = text[give.end():hit.start]
    if len(between) > REACH or ". " in between or _from(between):
        return None
    if not _TO.search(between) and give.group() not in ("bán", "cho thuê"):
        return None
    acts = sentence.gives[max(0, reached - 4):reached]
    return _Say("shared", _negated(text, give, acts) and not _ALLOWED.search(between))


def _accessed(sentence: _Sentence, hit: Hit, before: str) -> _Say | None:
    """The hit gets, sees or handles data."""
    if _BY.search(before):
        return _Say("accessed", False)
    after = sentence.text[hit.end:hit.end + 100].split(";")[0]
    sees = _SEES.search(after)
    if sees is None or "chúng tôi" in after[:sees.start()] or _USER_GIVES.search(before):
        return None
    if sentence.other_topic and not sentence.listed:
        return None
    subject = hit.start < _SUBJECT or sentence.listed or "chỉ" in before
    if subject and (sentence.listed or _DATA_WORD.search(after)):
        return _Say("accessed", bool(_NOT.search(after[:sees.start()])))
    return None


def _in_list(sentence: _Sentence, hit: Hit) -> _Say | None:
    if sentence.listed and not _from(sentence.text[max(0, hit.start - REACH):hit.start]):
        return _Say("listed", _refused(sentence.lead_in))
    return None


def _from(between: str) -> bool:
    """Whether the last preposition before the hit says that data come from there."""
    sources = [m.start() for m in _FROM.finditer(between)]
    return bool(sources) and not _TO.search(between, sources[-1])


def _negated(spelled: str, give: re.Match[str], acts: Sequence[re.Match[str]]) -> bool:
    """Whether the act is denied; "không bán, chia sẻ hoặc cho thuê" denies all three."""
    near = [act for act in acts if give.start() - act.start() < 80]
    return any(_NOT.search(spelled[max(0, act.start() - 70):act.start()]) for act in near)


@lru_cache(maxsize=1024)
def _refused(lead_in: str) -> bool:
    """Whether the lead-in denies all that follows, without exception."""
    denied = any(_NOT.search(lead_in[max(0, give.start() - 70):give.start()]) for give in _GIVE.finditer(lead_in))
    return denied and not _EXCEPT.search(lead_in)


def _detail(sentence: _Sentence, hit: Hit, say: _Say) -> dict[str, str]:
    law = sentence.law and (hit.concept.group in ("generic", "authority") or "cơ quan" not in sentence.text)
    conditions = [name for name, stated in (("with_consent", sentence.consent), ("by_law", law)) if stated]
    if say.negated:
        if not conditions and sentence.last_exception >= hit.start:
            conditions = ["other"]
        if not conditions or sentence.last_exception < 0:
            return {"negated": "yes"}
    elif say.rule == "requested":
        return {"condition": "by_law"}
    elif not conditions and sentence.lead_in:
        conditions = _conditions_of_list(sentence.lead_in)
    return {"condition": ",".join(conditions)} if conditions else {}


@lru_cache(maxsize=1024)
def _conditions_of_list(lead_in: str) -> list[str]:
    if _ALLOWED.search(lead_in):
        return []
    return [name for name, words in (("with_consent", _CONSENT), ("by_law", _LAW)) if words.search(lead_in)]
