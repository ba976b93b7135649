"""What the company does to protect data (vocabulary `measures`): concrete measures only.

A measure counts where it is stated as done, by the company or by those who work for it. Promises ("bảo mật tuyệt đối",
"biện pháp thích hợp", "khu vực dữ liệu trung tâm an toàn"), duties and means of the user ("Quý khách nên dùng mật khẩu
mạnh") and hedges are none. Everyday words ("đào tạo nhân viên", "đặt mật khẩu": `weak`) count beside a measure or where
sentence, lead-in or heading speak of security; card data count as not stored only where nothing keeps them after all.
The value is the concept's id. `detail`: `negated` = yes where the text says that it is not done.

Rule: `stated`.

>>> [m.value for m in find("Dữ liệu được mã hoá bằng SSL và đặt sau tường lửa")]
['encryption', 'transport_encryption', 'firewall']
>>> list(find("Thông tin của khách hàng được bảo mật tuyệt đối"))
[]
>>> list(find("Khách hàng có trách nhiệm sao lưu dữ liệu của mình"))
[]
"""

from collections.abc import Iterable, Iterator

from pipeline.entities import phrases
from pipeline.entities.cues import cues, left, spell
from pipeline.entities.match import Context, Match
from pipeline.entities.phrases import Hit
from pipeline.entities.triggers import Trigger

KIND = "measure"
VOCABULARY = "measures"
_cue = cues("measure_cues")


def triggers() -> Iterable[Trigger]:
    return (Trigger(phrases.openings(VOCABULARY)),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    """The measures that the sentence states."""
    if context.kind in ("heading", "furniture"):
        return
    spelled = spell(text)
    hits = phrases.find(VOCABULARY, spelled)
    if not hits or _cue("hedge").search(spelled) or _cue("advice").search(spelled) or _is_users_matter(context):
        return
    for hit in hits:
        if spelled.startswith("://", hit.end) or _is_users(spelled, hit):
            continue
        if hit.weak and all(other.weak for other in hits) and not _is_about_security(spelled, context):
            continue
        if hit.concept.id == "no_card_storage" and _cue("kept").match(spelled, hit.end):
            continue
        yield Match(start=hit.start, end=hit.end, value=hit.concept.id, rule="stated", detail=_detail(spelled, hit))


def canonical(surface: str) -> str:
    """Id of the concept that `surface` names.

    >>> canonical("tường lửa")
    'firewall'
    """
    return phrases.canonical(VOCABULARY, surface)


def _is_users(spelled: str, hit: Hit) -> bool:
    """Whether the user is who does it, or who chooses it."""
    if _cue("users_task").search(left(spelled, hit.start, 120)) or _cue("users_choice").match(spelled, hit.end):
        return True
    acts = not spelled.startswith("được", hit.start)  # "hồ sơ khách hàng được mã hóa"
    return acts and _cue("user_before").search(left(spelled, hit.start, 40)) is not None


def _is_about_security(spelled: str, context: Context) -> bool:
    """Whether sentence, lead-in or heading speak of security, as measures of everyday words need."""
    above = (context.lead_in, context.path[-1] if context.path else "")
    return any(_cue("security").search(text) for text in (spelled, *map(spell, above)))


def _is_users_matter(context: Context) -> bool:
    heading = spell(context.path[-1]) if context.path else ""
    if _cue("heading_of_users").search(heading) or _cue("exempt_heading").search(heading):
        return True
    return bool(_cue("users_task").search(spell(context.lead_in)))


def _detail(spelled: str, hit: Hit) -> dict[str, str]:
    denied = _cue("not_done").search(left(spelled, hit.start, 24))
    return {"negated": "yes"} if denied else {}
