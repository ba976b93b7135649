"""Where names of companies and of people who trade under their own begin and end in a sentence, whosever they are."""

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.entities.address_parts import PROVINCES
from pipeline.entities.cues import alternation, cues, spell, table

_cue = cues("company_roles")
_FORMS = table("legal_forms")
FORM_OF = {spell(name): form["id"] for form in _FORMS["form"] for name in form["names"]}
SUFFIX_OF = {name: form["id"] for form in _FORMS["suffix"] for name in form["names"]}
CERTAIN = {form["id"] for form in _FORMS["form"] if form["certain"]}
_ABBREVIATED = frozenset(_FORMS["abbreviated"]["words"])


def _written(suffix: str) -> str:
    """Regular expression for a form after the name, which begins with a capital; "AB" is written in capitals."""
    rest = re.escape(suffix[1:]).replace(r"\ ", "[ ]{1,3}")
    return suffix.upper() if len(suffix) < 3 else f"{suffix[0].upper()}(?i:{rest})"


HEAD = re.compile(rf"(?<![\w/])(?:{alternation(FORM_OF)})(?=[ ]+[\"“]?[\w]|[ ]*$)")
SUFFIX = re.compile(rf"(?:{'|'.join(map(_written, sorted(SUFFIX_OF, key=len, reverse=True)))})(?!\w)\.?")
LINE_OF_BUSINESS = re.compile(rf"(?:{alternation(map(spell, _FORMS['lines_of_business']['words']))})(?![\w-])")
_NO_NAME = re.compile(rf"(?:{alternation(map(spell, _FORMS['no_names']['names']))})(?!\w)")
_TOKEN = re.compile(r"[^\s,;:()\[\]{}<>|\"“”•]+")
_GAP = re.compile(r"[ \xa0]{1,3}[\"“]?")
_BREAK = re.compile(r"[ ]*\n[ ]*(?=[^\W\d_])")
_CLOSES = re.compile(r"[\s\"”.]*(?:$|[,;:()|\n\"”]|[-–] )")
_CAPITAL = re.compile(r" [\"“]?(\w)")
_TWO_COUNTRIES = re.compile(r"(?<!\w)việt [-–] (?:nhật|hàn|đức|pháp|mỹ|úc|nga|anh|sin|thái|đài|tru|ý|ấn)[^\s]*\Z")
"""What a dash joins in the name of a joint venture."""
_NAME_LIMIT = 160  # characters; the longest registered names have about 120
_MOST = 200  # names in a sentence; a longer row is a register of companies


def before_names(text: str, spelled: str, rest: str) -> Iterator[tuple[int, int, str, str]]:
    """Names that begin with their legal form ("Công ty TNHH ..."): start, end, value and rule of each."""
    heads = list(islice(HEAD.finditer(spelled), _MOST))
    whole, spelled = text + rest, spelled + (spell(rest) if heads else "")
    for head in heads:
        form = FORM_OF[re.sub(r" +", " ", head.group())]
        end = _name_end(whole, spelled, head.start(), head.end(), form)
        if end > head.end() and not _NO_NAME.match(spelled, head.start()):
            yield head.start(), end, form, "form_before_name"


def _name_end(text: str, spelled: str, start: int, position: int, form: str) -> int:
    """Where the name whose form is `text[start:position]` ends; `position` where no name follows."""
    limit, head_end, good, first = start + _NAME_LIMIT, position, position, position
    capitals = text[start:position].isupper() and " " in text[start:position]  # "DNTN", "CTCP" are capitals in any text
    small = text[start:limit].islower()  # where nothing has capitals, names have none either
    distinctive, lowered, named = False, False, form in CERTAIN and text[start].isupper()
    while (begin := _next_word(text, spelled, position, runs_on=named and not distinctive)) >= 0:
        token = _TOKEN.match(text, begin, limit)
        if token is None:
            break
        word, line = token.group(), LINE_OF_BUSINESS.match(spelled, begin)
        upper = word[0].isupper() or word[0].isdigit() or (small and not _cue("function").match(spelled, begin))
        if line and not distinctive:
            position = line.end()
            good = position if upper or _CLOSES.match(text, position) else good
        elif _cue("stop_in_capitals" if capitals and word.isupper() else "stop").match(spelled, begin):
            break
        elif word in {"-", "–", "&", "+"} or spell(word) == "và":
            pair = distinctive and _makes_a_pair(text, spelled, first, token, capitals=capitals)
            if begin == head_end + 1 or not (pair or _joins(text, spelled, token, distinctive)):
                break
            position = token.end()
        elif upper:
            if capitals and distinctive and len(word) > 1 and not word.isupper():
                break
            bare = word if spell(word) in _ABBREVIATED else word.rstrip(".")
            good = position = begin + len(bare)
            first = first if distinctive else begin
            distinctive, lowered = True, False
            if bare != word:
                break
        else:
            position = begin + len(word.rstrip("."))
            capital = _CAPITAL.match(text, position)
            goes_on = (capital and capital.group(1).isupper()) or (distinctive and _CLOSES.match(text, position))
            if lowered or good == head_end or not goes_on or _cue("function").match(spelled, begin):
                break
            good, lowered = position, True
    if not distinctive and form not in CERTAIN:
        return head_end
    tail = _cue("tail").match(spelled, good) if good > head_end else None
    opened = '"' in text[head_end:good] or "“" in text[head_end:good]
    return tail.end() if tail and (opened or "(" in tail.group()) else good


def _next_word(text: str, spelled: str, position: int, *, runs_on: bool) -> int:
    """Where the next word of a name may begin, -1 where none may. `runs_on`: before the distinctive part, when a comma
    or a line break may stand between lines of business."""
    gap = _GAP.match(text, position)
    if gap or not runs_on:
        return gap.end() if gap else -1
    if text.startswith(", ", position):
        line = LINE_OF_BUSINESS.match(spelled, position + 2)
        return position + 2 if line and not HEAD.match(spelled, position + 2) else -1
    line_break = _BREAK.match(text, position)
    return line_break.end() if line_break and text[line_break.end()].isupper() else -1


def _joins(text: str, spelled: str, token: re.Match[str], distinctive: bool) -> bool:
    """Whether "và", "&" or a dash joins two parts of one name: lines of business, or capitalised words by "&"."""
    begin = _next_word(text, spelled, token.end(), runs_on=True)
    follows = _TOKEN.match(text, begin) if begin >= 0 else None
    if follows is None or HEAD.match(spelled, begin):
        return False
    if token.group() in "-–" and _TWO_COUNTRIES.search(spelled, 0, begin + 4):
        return True
    if LINE_OF_BUSINESS.match(spelled, begin):
        return not distinctive or follows[0][0].isupper()
    return (not distinctive or token.group() in "&+") and token.group() not in "-–" and follows[0][0].isupper()


def _makes_a_pair(text: str, spelled: str, first: int, dash: re.Match[str], *, capitals: bool) -> bool:
    """Whether a dash joins one Vietnamese syllable, the name so far, which is too short for a name of its own, with one
    or two capitalised ones ("Gạo - Mắm Quê"). Brands, branches, numbers, people behind a dash are written otherwise."""
    before, begin = text[first:dash.start()].rstrip(), _next_word(text, spelled, dash.end(), runs_on=False)
    if " " in before or before.isascii() or dash.group() not in "-–" or begin < 0 or HEAD.match(spelled, begin):
        return False
    behind = [word.group() for word in islice(_TOKEN.finditer(text, begin, begin + _NAME_LIMIT // 4), 3)]
    count = next((i for i, word in enumerate(behind) if not _is_capitalised(word, capitals=capitals)), len(behind))
    name = " ".join(behind[:count])
    if count not in (1, 2) or spell(name.rstrip(".")) in PROVINCES or _cue("stop_in_capitals").match(spelled, begin):
        return False
    closed = _CLOSES.match(text, begin + len(name)) is not None
    return (count == 2 or closed) and not any(word[0].isdigit() for word in behind[count:])


def _is_capitalised(word: str, *, capitals: bool) -> bool:
    return word[0].isupper() and (capitals or len(word) == 1 or not word.isupper())


def after_names(text: str, spelled: str) -> Iterator[tuple[int, int, str, str]]:
    """Names that end with their legal form ("... Co., Ltd."): start, end, value and rule of each."""
    for suffix in islice(SUFFIX.finditer(text), _MOST):
        begin = suffix.start()
        start = _name_start(text, spelled, begin) if text[begin - 1:begin] in (" ", ",") else begin
        if start < begin:
            written = re.sub(r" +", " ", suffix.group().lower())
            full_stop = written.endswith(".") and written.split()[-1] not in _ABBREVIATED
            yield start, suffix.end() - full_stop, SUFFIX_OF[written.rstrip(".")], "form_after_name"


def _name_start(text: str, spelled: str, position: int) -> int:
    """Where the capitalised words that end at `position` begin; no line of business alone, no label."""
    low = max(0, position - _NAME_LIMIT // 2)
    start = position
    for token in reversed(list(_TOKEN.finditer(text, low, position))):
        between = text[token.end():start].strip(" ")
        if between not in ("", ",") or (between == "," and start != position) or token.start() == low > 0:
            break
        if not (token.group()[0].isupper() or token.group() == "&"):
            break
        if _cue("stop").match(spelled, token.start()) or (token.group().endswith(".") and len(token.group()) > 3):
            break
        start = token.start()
    return start


def persons(text: str, spelled: str) -> Iterator[tuple[int, int, str, str]]:
    """Names of people who say that they make the app: "tôi, Nguyễn Văn A, lập trình viên tự do"."""
    anchored = any(word in spelled for word in table("company_roles")["developer"]["anchors"])
    for person in _cue("person").finditer(spelled) if anchored else ():
        start, end = person.span(person.lastgroup or 0)
        words = text[start:end].split()
        if 1 < len(words) < 6 and all(word[0].isupper() for word in words):
            yield start, end, "person", "person"
