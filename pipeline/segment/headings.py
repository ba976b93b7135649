"""Which lines are headings.

A numbered line is judged together with the lines of its numbering: the numbers of headings have text between them, the
numbers of a list follow each other. A line without a number is judged by its form and by what stands around it.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from pipeline.nlp import fold
from pipeline.segment.furniture import cues
from pipeline.segment.lines import Line

LONGEST = 40
"""Syllables in the longest heading; the stock heading on complaints has 34."""

LONGEST_PLAIN = 18
"""Syllables in the longest heading that has no number."""

TITLE = 25
"""Syllables in the longest title of a policy."""

LEAD_IN = re.compile(
    r"(?:sau|sau đây|dưới đây|như sau|như|để|nhằm|vì|gồm|bao gồm|gồm có|khi|là|rằng|qua|thông qua|cam kết|trừ khi|với|đến|tới|tại|về|có quyền|sẽ"
    r"|có thể|trường hợp|mục đích|các điều|nếu|trực tiếp|chỉ|theo|từ|không giới hạn\)|vào|cho|bởi|việc|hoặc|và|được)\s*[:;]?\s*:$")
"""Last words of a sentence that introduces a list."""

_ACTOR = re.compile(r"\b(?:chúng tôi|chúng tớ|tụi mình|bạn|quý khách|khách hàng|người dùng|công ty|ứng dụng|anh/chị|anh chị)\b.{0,60}?"
                    r"\b(?:sẽ|có thể|cam kết|thu thập|sử dụng|không|cần|phải|được|đồng ý|yêu cầu|áp dụng|cung cấp|vui lòng)\b")
_LABELLED = re.compile(
    r"(?:địa chỉ|đ/c|điện thoại|đt|sđt|số điện thoại|hotline|tổng đài|tel|mobile|di động|email|e-mail|mail|thư điện tử|website|web|fax|trụ sở|"
    r"văn phòng|chi nhánh|mã số|mst|người đại diện|đại diện|fanpage|facebook|zalo|giờ làm việc|số đkkd|giấy (?:phép|chứng nhận)|tên (?:công ty|đơn vị|giao dịch))"
    r"[^:]{0,40}:")
_COMPANY = re.compile(r"^(?:tổng công ty|công ty) |\bcông ty (?:tnhh|cổ phần|cp|tư nhân|hợp danh|luật)\b|^ctcp\b|^hộ kinh doanh\b|^doanh nghiệp tư nhân\b|\b(?:co\.|ltd|jsc|corp|inc)\b")
_DATED = re.compile(r"(?:cập nhật|hiệu lực|ban hành|sửa đổi|phiên bản|version|last updated|effective|áp dụng (?:từ|cho)|ngày|có giá trị).*\d|^\(.*\)$|^v?\d+(?:\.\d+)+$")
_POSTAL = re.compile(r",.*\b(?:phường|quận|huyện|xã|tp|thành phố|tỉnh|đường)\b")
_TOPIC = re.compile(r"^(?:thông tin )?liên hệ\b|^(?:những )?thay đổi\b|^trẻ em\b|^cookies?\b|^bảo mật\b|^quyền (?:của|riêng tư)\b|^lưu trữ\b|^hiệu lực\b|^mục đích\b|^chia sẻ\b|^khiếu nại\b|^chính sách\b")
"""How headings begin that stand right above a line as short as they are."""

_GREETING = re.compile(r"(?:thân mến|trân trọng|kính gửi|thân gửi|cảm ơn|cám ơn|xin chào|chào)\b")
_STRONG = ("điều", "chương", "mục", "phần", "phụ lục")


def is_lead_in(text: str) -> bool:
    """Whether the text ends by announcing a list.

    >>> [is_lead_in(t) for t in ("Chúng tôi sử dụng thông tin để:", "4. Thời gian lưu trữ:", "KiotViet cam kết:")]
    [True, False, True]
    """
    folded = fold(text)
    return folded.endswith(":") and bool(LEAD_IN.search(folded) or _ACTOR.search(folded) or len(folded.split()) > LONGEST_PLAIN)


def is_title(line: Line) -> bool:
    """Whether the line could be the title of a policy."""
    return (len(line.text.split()) <= TITLE and not line.text.endswith((".", ";", ",")) and bool(cues().title.search(fold(line.text))))


def headings(lines: Sequence[Line], skip: Collection[int]) -> frozenset[int]:
    """Positions in `lines` of headings; `skip` are positions of page furniture."""
    kept = [i for i in range(len(lines)) if i not in skip]
    below = dict(zip(kept, kept[1:], strict=False))
    above = dict(zip(kept[1:], kept, strict=False))
    found = {i for run in _runs(lines, kept) for i in _of_run(lines, run, above, below)}
    for place, i in enumerate(kept):
        if lines[i].marker is None and _is_plain(lines, kept, place, found):
            found.add(i)
    return frozenset(found)


def _runs(lines: Sequence[Line], kept: Sequence[int]) -> list[list[int]]:
    """Numbered lines by numbering: 1, 2, 3 of the sections apart from the 1, 2, 3 of a list inside one of them."""
    runs: list[list[int]] = []
    open_runs: dict[str, list[list[int]]] = {}
    for i in kept:
        marker = lines[i].marker
        if marker is None or marker.is_bullet:
            continue
        stack = open_runs.setdefault(marker.style, [])
        run = _continued(lines, stack, i)
        if run is None:
            run = []
            runs.append(run)
            stack.append(run)
        run.append(i)
    return runs


def _continued(lines: Sequence[Line], stack: list[list[int]], i: int) -> list[int] | None:
    """The open numbering that line `i` continues, with the numberings inside it closed; `None` if it begins one."""
    number = lines[i].marker.number  # type: ignore[union-attr]  # only numbered lines are asked for
    last = [lines[run[-1]].marker.number for run in stack]  # type: ignore[union-attr]
    follows = [depth for depth, n in enumerate(last) if n + 1 == number]
    if len(follows) > 1 and _could_be(lines[i]) and not _could_be(lines[stack[-1][-1]]):
        follows = follows[:1]
    if not follows and number > 1:
        follows = [depth for depth, n in enumerate(last) if n <= number <= n + 3]
    if not follows:
        return None
    del stack[follows[-1] + 1:]
    return stack[-1]


def _of_run(lines: Sequence[Line], run: Sequence[int], above: Mapping[int, int], below: Mapping[int, int]) -> list[int]:
    """The headings among the lines of one numbering: all that have the form, or none. `above`, `below`: neighbours by position."""
    following = [below.get(i) for i in run]
    formed = [i for i in run if _could_be(lines[i])]
    strong = lines[run[0]].marker.style in _STRONG  # type: ignore[union-attr]
    if len(formed) < 0.6 * len(run) and not strong:
        return []
    parted = sum(j is not None and j not in run for j in following)
    introduced = run[0] in above and is_lead_in(lines[above[run[0]]].text)
    if len(run) > 1 and (parted < 0.5 * len(run) or (introduced and parted < 0.8 * len(run))):
        return []
    if len(run) == 1 and (introduced or following[0] is None or lines[run[0]].text.endswith(".")) and not strong:
        return []
    return formed


def _could_be(line: Line) -> bool:
    """The form of a numbered heading: short, no sentence, no value after a label."""
    words = len(line.body.split())
    if line.is_number_alone:
        return True
    folded = fold(line.body)
    if line.body.endswith((";", ",")) or _LABELLED.match(folded) or words > LONGEST:
        return False
    if line.body.endswith("."):
        return words <= 9 and not _ACTOR.search(folded)
    if line.body.endswith(":"):
        return words <= LONGEST_PLAIN and not (LEAD_IN.search(folded) and _ACTOR.search(folded))
    return not (words > 24 and line.body[0].islower())


def _is_plain(lines: Sequence[Line], kept: Sequence[int], place: int, found: Collection[int]) -> bool:
    """Whether an unnumbered line is a heading: its own form first, then its neighbours."""
    line = lines[kept[place]]
    below = lines[kept[place + 1]] if place + 1 < len(kept) else None
    if line.is_number_alone:
        return below is not None and len(below.text.split()) <= LONGEST and not below.text.endswith((".", ";"))
    if below is None:
        return False
    if place == 0 and is_title(line):
        return True
    if not _has_plain_form(line) or (line.text.endswith(":") and below.marker is not None):
        return False
    above = lines[kept[place - 1]] if place else None
    if above is not None and kept[place - 1] not in found and (above.text.endswith((",", ";")) or is_lead_in(above.text)):
        return False
    if line.text.isupper() or line.text.endswith("?") or kept[place + 1] in found:
        return True
    return _stands_out(line, above, below)


def _has_plain_form(line: Line) -> bool:
    text, folded = line.text, fold(line.text)
    words = len(text.split())
    first = next((c for c in text if c.isalnum()), "")
    if not first or first.islower() or words > LONGEST_PLAIN or text.endswith((".", ";", ",", "…")) or "@" in text or "://" in text:
        return False
    if text.endswith("!") and words > 8:
        return False
    if _LABELLED.match(folded) or _DATED.search(folded) or _GREETING.match(folded) or sum(c.isdigit() for c in text) > 6:
        return False
    if (_COMPANY.search(folded) and words < 14 and not text.endswith("?")) or _POSTAL.search(folded):
        return False
    return not (text.endswith(":") and is_lead_in(text)) and ": " not in text


def _stands_out(line: Line, above: Line | None, below: Line) -> bool:
    """A line in mixed case is a heading where a sentence or a list follows it and no such line goes before it."""
    if len(line.text.split()) <= 8 and _TOPIC.search(fold(line.text)):
        return True
    if below.marker is None and not _SENTENCE.search(below.text) and len(below.text.split()) <= LONGEST_PLAIN:
        return above is None or (line.blank > 0 and line.blank > below.blank)
    return above is None or line.blank > 0 or bool(_SENTENCE.search(above.text)) or above.marker is not None or len(above.text) < 60


_SENTENCE = re.compile(r"[.!?:;…][\"”’')\]]*$")
