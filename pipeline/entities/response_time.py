"""A time limit in which somebody acts: answers, settles a complaint, deletes on request, reports a breach. ISO 8601.

A duration is such a limit by one of these rules; the acts are those of `vocabulary/response_time.toml`.

- `act`: the words right before it set a limit ("trong vòng", "chậm nhất", "không quá", "sau") and an act stands in the
  same part of the sentence.
- `named`: it follows the name of a limit ("Thời hạn giải quyết khiếu nại: 07 ngày"; also in lead-in or heading).
- `since`: it counts from the receipt of a request or the discovery of a breach.
- `range`: it is a range of hours or days and stands right behind an act ("xử lý từ 05 đến 10 ngày").
- `topic`: the words before it set a limit below a heading on complaints or breaches, whatever is done.
- `granted`: somebody has that time for something ("có 10 ngày để phản đối").
- `overdue`: somebody may go on when it has passed without an answer ("quá 14 ngày chưa giải quyết xong thì ...").
- `cell`: it is all that a cell of a table says; `settle` drops it unless the head of the column names a limit.
- `also`: it goes on with the limit before it ("02 tháng với ..., 03 tháng với ...").

>>> [(m.value, m.detail["act"]) for m in find("Công ty trả lời trong 03 ngày làm việc, kết luận chậm nhất 15 ngày.")]
[('P3D', 'answer'), ('P15D', 'complaint')]
>>> [m.detail for m in find("Trong vòng 72 giờ kể từ khi phát hiện sự cố, Công ty báo cáo cơ quan chức năng.")]
[{'act': 'breach_notice', 'bound': 'at_most'}]
>>> [m.value for m in find("Dữ liệu được xóa trong vòng 30 ngày kể từ khi nhận được yêu cầu.")]
['P30D']
>>> [(m.value, m.rule) for m in find("Quá 14 ngày mà chúng tôi chưa trả lời, bạn có 30 ngày để khởi kiện.")]
[('P14D', 'overdue'), ('P30D', 'granted')]

None: how long data are kept (`retention`), notice given in advance, delivery, payment and warranty, clock times.

>>> list(find("Dữ liệu được lưu trữ trong vòng 10 năm rồi xóa."))
[]
>>> list(find("Thay đổi được thông báo trước ít nhất 15 ngày; hàng được giao trong 3 ngày."))
[]

`detail`: `act` is `answer` (replies, confirms, calls back), `complaint` (settles or decides), `delete`, `correct`,
`withdraw` (stops, restricts), `breach_notice` or `other`; `bound` is `at_most`, `at_least` or `exact` ("sau 3 ngày");
`business`: `yes` where only working days or hours count; `range`: both ends of "3-5 ngày", whose value is the longer.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.entities import duration
from pipeline.entities.duration import Duration
from pipeline.entities.match import Context, Match
from pipeline.entities.time_limit import NAMED, SETS, Place, act_of, acts, meaning
from pipeline.entities.triggers import Trigger
from pipeline.records import Entity, Sentence

KIND = "response_time"
CELL = "cell"
"""Rule of what only the head of its column can confirm."""
_FRAME = re.compile(
    r"(?<!\w)(?:(?:chỉ|ngay|sớm nhất|khoảng|tối đa|nhiều nhất|không quá|không vượt quá|không (?:muộn|chậm|trễ) hơn|"
    r"(?:chậm|muộn|trễ) nhất|trong vòng|(?:trong|đúng) thời hạn|đúng hạn|mất|trong thời gian|"
    r"trong khoảng(?: thời gian)?|trong|sau|dưới|vòng|"
    r"tối thiểu|ít nhất|trước khi hết|within|là|vào|từ|có|còn|đến|tới|thêm|cho đến)(?!\w)[\s(:]*)+$")
_AT_MOST = re.compile(r"tối đa|nhiều nhất|(?:chậm|muộn|trễ) nhất|không (?:quá|vượt quá|muộn hơn|chậm hơn|trễ hơn)")
_ALSO = re.compile(r"(?:[^,;.]{0,40}[,;])?\s*(?:và\s+)?(?:riêng\s+)?[^,;.]{0,40}?(?:là\s+|:\s*|và\s+|hoặc\s+|"
                   r"(?:kéo dài|gia hạn)(?: thêm)?(?: tối đa)?\s+|(?<=,)\s*)")
"""Between two limits of one act: "02 tháng với ..., 03 tháng với ...", "10 ngày, riêng yêu cầu xóa là 20 ngày"."""
_PART = re.compile(r"[;•\n|]|\.\s")
_HEAD = re.compile(r"^(?:(?:thời (?:gian|hạn)|hạn)(?! (?:lưu|giữ|bảo quản|cất|sử dụng|bảo hành|giao))|sla|"
                   r"(?:trong )?bao lâu)")
_HANDLING = re.compile(r"yêu cầu|quyền|khiếu nại|tranh chấp|phản ánh|hỗ trợ|sự cố|vi phạm|xử lý|giải quyết|phản hồi|"
                       r"tiếp nhận|đề nghị|bước")


def triggers() -> Iterable[Trigger]:
    return (Trigger(duration.signs()),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    if duration.read(text):
        yield from _limits(text, " ".join((*context.path[-1:], context.lead_in)))


@lru_cache(maxsize=64)
def _limits(text: str, above: str) -> tuple[Match, ...]:
    """The limits in `text`; kept because `retention` asks for those of the same sentence."""
    folded, around = duration.spell(text), duration.spell(above)
    limits: list[Match] = []
    for found in duration.read(text):
        left = _PART.split(folded[max(0, found.start - 400):found.start])[-1]
        right = _PART.split(folded[found.end:found.end + 300])[0]
        frame = match.group() if (match := _FRAME.search(left[-80:])) else ""
        place = Place(left[:len(left) - len(frame)], frame, right, around)
        said = act_of(place, found, in_row=bool(limits))
        if not said and limits and _goes_on(folded[limits[-1].end:found.start], frame):
            said = limits[-1].detail["act"], "also"
        if not said and "|" in folded and not place.lead.strip() and not right.strip(" ."):
            said = meaning(None, place), CELL
        if said:
            limit = SETS.search(frame)
            start = found.start - len(frame) + limit.start() if limit else found.start
            limits.append(Match(start=start, end=found.end, value=found.value, rule=said[1],
                                detail=_detail(found, said[0], frame)))
    return tuple(limits)


def _goes_on(between: str, frame: str) -> bool:
    """Whether what stands between two limits only says what the second is for, and not that something is kept."""
    joins = _ALSO.fullmatch(between) or _ALSO.fullmatch(between.removesuffix(frame))
    return joins is not None and all(act.lastgroup != "keep" for act in acts(between))


def canonical(surface: str) -> str:
    """The ISO duration in `surface`.

    >>> canonical("trong vòng 24 (hai mươi bốn) giờ")
    'PT24H'
    """
    return duration.parse(surface)


def settle(entities: Sequence[Entity], sentences: Sequence[Sentence]) -> list[Entity]:
    """Cells of a table only where their column says how long something takes that answers somebody."""
    return [entity for entity in entities if entity.rule != CELL or _is_limit(entity, sentences)]


def _is_limit(entity: Entity, sentences: Sequence[Sentence]) -> bool:
    head = duration.spell(column_head(entity, sentences))
    sentence = sentences[entity.sentence]
    row = duration.spell(" ".join((*sentence.path[-1:], sentence.text)))
    return NAMED.search(head) is not None or (_HEAD.match(head) is not None and _HANDLING.search(row) is not None)


def column_head(entity: Entity, sentences: Sequence[Sentence]) -> str:
    """The first row's cell above an entity that stands in a row of a table; empty where it stands in none."""
    row = first = sentences[entity.sentence]
    column = row.text.count("|", 0, entity.start - row.start)
    while first.index and "|" in sentences[first.index - 1].text:
        first = sentences[first.index - 1]
    cells = first.text.split("|")
    return cells[column].strip() if first is not row and column < len(cells) else ""


def _detail(found: Duration, act: str, frame: str) -> dict[str, str]:
    bound = "at_least" if re.search(r"tối thiểu|ít nhất|sớm nhất", frame) else "at_most"
    if frame.split()[-1:] == ["sau"] and not _AT_MOST.search(frame):
        bound = "exact"
    detail = {"act": act, "bound": bound}
    if found.business:
        detail["business"] = "yes"
    if found.low:
        detail["range"] = f"{found.low}/{found.value}"
    return detail
