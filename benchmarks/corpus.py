"""A corpus of any size to measure with and to soak: variations of real and authored policies, the same for a seed."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = (ROOT / "data" / "raw", ROOT / "data" / "annotated" / "text")

WORDS = (
    ("khách hàng", "quý khách"),
    ("chúng tôi", "công ty"),
    ("sử dụng", "khai thác"),
    ("cung cấp", "đưa ra"),
    ("dịch vụ", "tiện ích"),
    ("thông báo", "báo tin"),
)
"""Pairs that replace each other at random, so that few sentences of two variations are the same."""

LEFT_OUT = 0.1
"""Share of the lines that a variation leaves out."""


def policies(count: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Names and texts of `count` policies."""
    bases = [path.read_text(encoding="utf-8") for folder in SOURCES for path in sorted(folder.glob("*.txt"))]
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)
        yield f"vendor-{number:06}", varied(bases[number % len(bases)], rng)


def varied(text: str, rng: random.Random) -> str:
    """The text with other digits, other words and some lines less."""
    lines = [line for line in text.split("\n") if not line.strip() or rng.random() > LEFT_OUT]
    text = "\n".join(lines)
    for pair in WORDS:
        old, new = rng.sample(pair, 2)
        text = re.sub(old, lambda m, new=new, old=old: new if rng.random() < 0.5 else old, text)
    return re.sub(r"\d", lambda m: str(rng.randint(1, 9)) if rng.random() < 0.3 else m[0], text)


def write(folder: Path, count: int, seed: int = 1) -> int:
    """Writes the corpus, a file a policy; returns the number of characters."""
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    for name, text in policies(count, seed):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
        total += len(text)
    return total
