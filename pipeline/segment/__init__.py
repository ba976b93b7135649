"""Policy -> Sentences: headings, sentences, list items with their lead-in, and page furniture, at exact offsets.

Lines first (`lines`), then what each of them is (`furniture`, `headings`), then sentences inside each (`sentences`),
then the headings above and the lead-in of each (`outline`). What the words of a line give away is data (`cues`).

>>> text = "1. Mục đích\\nThông tin được dùng để:\\n- Giao hàng;\\n- Hỗ trợ. Gọi lại khi cần.\\n2. Lưu trữ\\nGiữ 5 năm."
>>> said = dict(doc_id="a", version="", vendor="a", source="a", sha256="", retrieved_at=None, language="vi")
>>> for s in segment(Policy(text=text, **said))[1:5]:
...     print(s.kind, s.text, s.path, s.lead_in)
body Thông tin được dùng để: ('1. Mục đích',) None
item - Giao hàng; ('1. Mục đích',) 1
item - Hỗ trợ. ('1. Mục đích',) 1
item Gọi lại khi cần. ('1. Mục đích',) None
"""

from collections.abc import Sequence

from pipeline.formats.languages import foreign
from pipeline.nlp import fold
from pipeline.records import Policy, Sentence, SentenceKind
from pipeline.segment.cues import cues
from pipeline.segment.furniture import furniture, is_link
from pipeline.segment.headings import headings
from pipeline.segment.lines import INVISIBLE, Line, lines_of
from pipeline.segment.outline import Outline
from pipeline.segment.sentences import spans_of


def segment(policy: Policy) -> tuple[Sentence, ...]:
    """The sentences of a policy: ordered, disjoint, with only white space (and invisible characters) between them."""
    lines = lines_of(policy.text)
    apart = furniture(lines)
    if "two_languages" in policy.flags:  # a text file is kept whole
        apart |= {i for i, other in enumerate(foreign([line.text for line in lines])) if other}
    titled = headings(lines, apart)
    outline = Outline()
    sentences: list[Sentence] = []
    for i, line in enumerate(lines):
        kind: SentenceKind = "furniture" if i in apart else "heading" if i in titled else "body"
        spans = _spans(line, kind)
        placed = outline.place(line, kind, len(sentences), len(spans))
        lead_in = placed.lead_in
        for start, end in spans:
            text = policy.text[start:end]
            sentences.append(Sentence(
                doc_id=policy.doc_id, index=len(sentences), start=start, end=end, text=text,
                kind="furniture" if is_link(text) else placed.kind, path=placed.path, lead_in=lead_in,
            ))
            lead_in = None  # only the first sentence of an item stands in for the whole of it
    return tuple(sentences)


def _spans(line: Line, kind: SentenceKind) -> list[tuple[int, int]]:
    """Spans in the policy's text of the sentences of a line; a heading is one."""
    if kind == "heading":
        return [(line.start, line.end)]
    spans = []
    for start, end in spans_of(line.text, line.marker.width if line.marker else 0):
        right = line.text[start:end].rstrip(INVISIBLE)
        left = right.lstrip(INVISIBLE)
        end = line.start + start + len(right)
        spans.append((end - len(left), end))
    return spans


def broken_off(sentences: Sequence[Sentence]) -> float:
    """How surely the text breaks off (0..1): its policy ends at a colon, below a last heading, or inside a sentence.

    A last line without a full stop is common (an address, a list, a signature), so that alone is a weak sign.
    """
    last = next((s for s in reversed(sentences) if s.kind != "furniture"), None)
    if last is None:
        return 0.0
    if last.text.endswith((":", ",")) or (last.kind == "heading" and len(sentences) > 1):
        return 0.95
    ending = fold(last.text).split()[-1]
    return 0.8 if ending in cues().dangling else 0.0
