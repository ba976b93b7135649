"""A corpus of any size for soak tests and measurements: variations of the authored policies, the same for a seed.

python tests/corpus.py FOLDER 10000
"""

import random
import re
import sys
from pathlib import Path

TEXTS = Path(__file__).parent.parent / "data" / "annotated" / "text"
LENGTH = 3_650
"""Characters towards which a policy is filled; with the last paragraph some 6,000 on the average."""


def policies(count: int, seed: int = 0) -> "list[tuple[str, str]]":
    """Names and texts. Paragraphs of two or three policies, with other numbers in them."""
    sources = [path.read_text(encoding="utf-8").split("\n\n") for path in sorted(TEXTS.glob("*.txt"))]
    made = []
    for number in range(count):
        draw = random.Random(f"{seed} {number}")
        text = f"CHÍNH SÁCH BẢO MẬT CỦA NHÀ CUNG CẤP SỐ {number}"
        while len(text) < LENGTH * draw.uniform(0.5, 1.2):
            text += "\n\n" + "\n\n".join(draw.choice(sources))
        text = re.sub(r"[1-9]", lambda digit, draw=draw: str(draw.randint(1, 9)), text[: 2 * LENGTH])
        made.append((f"{number % 100:02}/vendor-{number:05}.txt", text))
    return made


def write(folder: Path, count: int, seed: int = 0) -> None:
    """Writes the corpus, a hundred folders with one file a vendor, and `sources.csv`."""
    rows = ["file,vendor\n"]
    for name, text in policies(count, seed):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        rows.append(f"{name},{path.stem}\n")
    (folder / "sources.csv").write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
