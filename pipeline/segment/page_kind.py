"""What a text that is no privacy policy is instead: an error page, terms of sale, an article.

Each kind has words of its own (`vocabulary/page_kinds.toml`). An error page is short and says what is wrong; of the
others the score grows with the share of sentences that speak so.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from pipeline.nlp import fold
from pipeline.records import Sentence

SHORT = 120
"""Words of text from which a page is more than an error message with a menu."""

PLAINLY = 0.5
"""Share of sentences with words of a kind from which the text is plainly of it: the others lead over or explain."""


def page_kind(sentences: Sequence[Sentence]) -> dict[str, float]:
    """The likeliest kind with its score (0..1): how plainly the text is of it; empty where no sentence speaks so."""
    texts = [fold(s.text) for s in sentences if s.kind != "furniture"] or [fold(s.text) for s in sentences]
    cues = _cues()
    if sum(len(text.split()) for text in texts) < SHORT and any(map(cues["error_page"].search, texts)):
        return {"error_page": 0.95}
    shares = {kind: sum(bool(cue.search(text)) for text in texts) / len(texts)
              for kind, cue in cues.items() if texts and kind != "error_page"}
    kind = max(shares, key=shares.__getitem__, default="")
    return {kind: round(min(1.0, shares[kind] / PLAINLY), 3)} if kind and shares[kind] else {}


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    found = tomllib.loads((files("pipeline") / "vocabulary" / "page_kinds.toml").read_text(encoding="utf-8"))
    return {kind: re.compile(rf"(?<!\w)(?:{'|'.join(cues)})(?!\w)") for kind, cues in found.items()}
