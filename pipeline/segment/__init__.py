"""Policy -> Sentences: headings, sentences, list items with their lead-in, and page furniture, at exact offsets.

Lines first (`lines`), then what each of them is (`furniture`, `headings`), then sentences inside each (`sentences`), then
the headings above and the lead-in of each (`outline`).

>>> from pipeline.records import Policy
>>> text = "1. Mục đích\\n\\nThông tin được dùng để:\\n- Giao hàng;\\n- Hỗ trợ. Gọi lại khi cần.\\n\\n2. Lưu trữ\\n\\nGiữ 5 năm."
>>> policy = Policy(doc_id="a", version="", vendor="a", source="a", sha256="", retrieved_at=None, language="vi", text=text)
>>> [(s.kind, s.text, s.path, s.lead_in) for s in segment(policy)][2:5]
[('item', '- Giao hàng;', ('1. Mục đích',), 1), ('item', '- Hỗ trợ.', ('1. Mục đích',), 1), ('item', 'Gọi lại khi cần.', ('1. Mục đích',), None)]
"""

from collections.abc import Sequence

from pipeline.nlp import fold
from pipeline.records import Policy, Sentence, SentenceKind
from pipeline.segment.furniture import furniture, is_link
from pipeline.segment.headings import headings
from pipeline.segment.lines import INVISIBLE, lines_of
from pipeline.segment.outline import Outline
from pipeline.segment.sentences import spans_of


def segment(policy: Policy) -> tuple[Sentence, ...]:
    """The sentences of a policy: ordered, disjoint, with only white space (and invisible characters) between them."""
    lines = lines_of(policy.text)
    apart = furniture(lines)
    titled = headings(lines, apart)
    outline = Outline()
    sentences: list[Sentence] = []
    for i, line in enumerate(lines):
        kind: SentenceKind = "furniture" if i in apart else "heading" if i in titled else "body"
        spans = [(0, len(line.text))] if kind == "heading" else spans_of(line.text, line.marker.width if line.marker else 0)
        first = len(sentences)
        placed = outline.place(line, kind, first, len(spans), [lines[j] for j in range(i + 1, min(i + 3, len(lines))) if j not in apart])
        for start, end in spans:
            inner = line.text[start:end].strip(INVISIBLE + "\n")
            begin = line.start + start + line.text[start:end].index(inner)
            sentences.append(Sentence(doc_id=policy.doc_id, index=len(sentences), start=begin, end=begin + len(inner), text=inner,
                                      kind="furniture" if is_link(inner) else placed.kind, path=placed.path, lead_in=placed.lead_in if len(sentences) == first else None))
    return tuple(sentences)


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
    return 0.8 if ending in DANGLING else 0.0


DANGLING = frozenset("và hoặc của cho với để thì là mà nhưng nếu khi vì bởi theo từ các những một bằng về tại trong đến do".split())
"""Words that never end a sentence."""
