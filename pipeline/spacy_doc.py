"""A policy as a spaCy `Doc`, for displaCy and for all whose tools speak spaCy. Needs the extra `vnpolicy[spacy]`.

Tokens are made here and not by a tokeniser of spaCy: they are cut wherever a sentence or an entity begins or ends, so
that every span is exact, and `doc.text` is the policy's text, character for character.

>>> pieces("Gọi 1900 1234.", {4, 13})
(['Gọi', '1900', '1234', '.'], [True, True, False, False])
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

_PIECE = re.compile(r"\w+|\s|[^\w\s]")
MISSING = "spaCy is not installed; install it with: pip install 'vnpolicy[spacy]'"


class Marked(NamedTuple):
    """A stretch of the text, half-open in characters, its label, and its canonical value (empty where it has none)."""

    start: int
    end: int
    label: str
    value: str = ""


def pieces(text: str, cuts: Iterable[int]) -> tuple[list[str], list[bool]]:
    """Tokens of the text, and for each whether one blank follows it; no token crosses one of `cuts`."""
    words: list[str] = []
    blanks: list[bool] = []
    edges = sorted({0, len(text), *cuts})
    for start, end in pairwise(edges):
        for word in _PIECE.findall(text[start:end]):
            if word == " " and words and not blanks[-1] and not words[-1].isspace():
                blanks[-1] = True
            else:
                words.append(word)
                blanks.append(False)
    return words, blanks


def spacy_doc(text: str, sentences: Sequence[tuple[int, int]], groups: Mapping[str, Sequence[Marked]]) -> Any:
    """A `Doc` over the text with one span group a key of `groups`; `doc.sents` are the sentences.

    The label of a span is that of its mark, `span.kb_id_` its value. Raises `ImportError` with the remedy where spaCy
    is not installed.
    """
    try:
        import spacy
        from spacy.tokens import Doc
    except ImportError as error:
        raise ImportError(MISSING) from error
    marked = [m for group in groups.values() for m in group]
    cuts = {place for m in marked for place in (m.start, m.end)} | {place for s in sentences for place in s}
    words, blanks = pieces(text, cuts)
    starts = {start for start, _ in sentences}
    begun: list[bool | int | None] = []
    at = 0
    for word, blank in zip(words, blanks, strict=True):
        begun.append(at in starts or at == 0)
        at += len(word) + blank
    doc = Doc(spacy.blank("xx").vocab, words=words, spaces=blanks, sent_starts=begun)
    for key, group in groups.items():
        spans = [doc.char_span(m.start, m.end, label=m.label, kb_id=m.value) for m in group]
        doc.spans[key] = [span for span in spans if span is not None]  # none is None: tokens end where marks do
    return doc


def set_extensions(doc: Any, sentences: Sequence[tuple[int, int]], values: Mapping[str, Sequence[Any]]) -> None:
    """Sets `span._.NAME` of every sentence of `doc` for each NAME of `values`, which has one value a sentence."""
    from spacy.tokens import Span

    for name, of_sentences in values.items():
        Span.set_extension(name, default=None, force=True)
        for (start, end), value in zip(sentences, of_sentences, strict=True):
            setattr(doc.char_span(start, end)._, name, value)
