"""What the company does to protect data (vocabulary `measures`): concrete measures only.

A measure counts where it is stated as done, by the company or by those who work for it. Promises ("bảo mật tuyệt đối",
"biện pháp thích hợp"), duties and means of the user ("Quý khách nên dùng mật khẩu mạnh") and hedges are none. The value
is the concept's id. `detail`: `negated` = yes where the text says that it is not done.

Rule: `stated`.

>>> [m.value for m in find("Dữ liệu được mã hoá bằng SSL và đặt sau tường lửa")]
['encryption', 'transport_encryption', 'firewall']
>>> list(find("Thông tin của khách hàng được bảo mật tuyệt đối"))
[]
>>> list(find("Khách hàng có trách nhiệm sao lưu dữ liệu của mình"))
[]
"""

from collections.abc import Iterator

from pipeline.entities import phrases
from pipeline.entities.match import Context, Match
from pipeline.entities.phrases import USER, Hit, pattern, spell

KIND = "measure"
VOCABULARY = "measures"

_USERS_TASK = pattern(
    USER + r"(?: (?!được|không được)\w+){0,4}? (?:cần|nên|phải|có trách nhiệm|có nghĩa vụ|vui lòng|hãy|cam kết|tự|chịu"
    r"|có thể|muốn|không nên|không được|chủ động|đồng ý|sử dụng|bật|đặt|dùng)\b"
)
_ADVICE = pattern(r"^\W*(?:\w{1,3}[.)] ?)?(?:hãy|vui lòng|đừng|không nên|nên|xin|nhớ|tự)\b")
_HEADING_OF_USERS = pattern(
    r"(?:trách nhiệm|nghĩa vụ|quyền)[^.]{0,20}" + USER + "|cần lưu ý|(?:nhờ|phần việc của|phần của) " + USER
)
_NOT_DONE = pattern(r"\b(?:không|chưa)(?: \w+){0,2} $")
_HEDGE = pattern(r"không (?:thể )?(?:đảm bảo|bảo đảm|cam kết|cam đoan)|không chịu trách nhiệm")
_EXEMPT_HEADING = pattern(
    r"không áp dụng|ngoại lệ|miễn trừ|miễn trách|giới hạn trách nhiệm|giải thích|định nghĩa|thuật ngữ"
)


def find(text: str, context: Context = Context()) -> Iterator[Match]:  # noqa: B008 - immutable
    """The measures that the sentence states."""
    if context.kind in ("heading", "furniture"):
        return
    spelled = spell(text)
    hits = phrases.find(VOCABULARY, spelled)
    if not hits or _HEDGE.search(spelled) or _ADVICE.search(spelled) or _is_users_matter(context):
        return
    for hit in hits:
        if _USERS_TASK.search(spelled[max(0, hit.start - 120):hit.start]) or spelled.startswith("://", hit.end):
            continue
        yield Match(start=hit.start, end=hit.end, value=hit.concept.id, rule="stated", detail=_detail(spelled, hit))


def canonical(surface: str) -> str:
    """Id of the concept that `surface` names.

    >>> canonical("tường lửa")
    'firewall'
    """
    return phrases.canonical(VOCABULARY, surface)


def _is_users_matter(context: Context) -> bool:
    heading = spell(context.path[-1]) if context.path else ""
    if _HEADING_OF_USERS.search(heading) or _EXEMPT_HEADING.search(heading):
        return True
    return bool(_USERS_TASK.search(spell(context.lead_in)))


def _detail(spelled: str, hit: Hit) -> dict[str, str]:
    denied = _NOT_DONE.search(spelled[max(0, hit.start - 24):hit.start])
    return {"negated": "yes"} if denied else {}
