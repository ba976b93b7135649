"""The comparison as an Excel workbook: what stands out, one row a vendor, and behind each cell its sentences.

One module a sheet, Vietnamese headings with the ids of the data tables in the row below. Policy text is written as
text, never as formula or link. A workbook that a person has changed is kept: the hash of what a run wrote stands in a
file beside it, and where the two differ the next run writes `comparison-2.xlsx`.
"""

import sys
from hashlib import sha256
from itertools import count
from pathlib import Path

from pipeline.batch import Batch
from pipeline.render.compared import compared
from pipeline.render.xlsx import changes, comparison, completeness, evidence, read_me, summary, tables
from pipeline.render.xlsx.sheet import looks, workbook
from pipeline.replacing import replaced


def write(batch: Batch, folder: Path) -> Path:
    """Writes the workbook, beside one that a person has changed; returns its path."""
    wanted = folder / "comparison.xlsx"
    beside = (folder / f"comparison-{number}.xlsx" for number in count(2))
    path = wanted if _ours(wanted) else next(other for other in beside if _ours(other))
    if path != wanted:
        print(f"vnpolicy: {wanted}: not as a run left it, so it is kept; this run is in {path.name}", file=sys.stderr)
    with replaced(path) as unfinished:
        xlsx(batch, unfinished)
    with replaced(_sidecar(path)) as unfinished:
        unfinished.write_bytes(_digest(path))
    return path


def _ours(path: Path) -> bool:
    """Whether there is no such file, or it is as a run left it."""
    try:
        return _sidecar(path).read_bytes() == _digest(path)
    except OSError:
        return not path.exists()


def _sidecar(path: Path) -> Path:
    return path.with_name(f".{path.name}.sha256")


def _digest(path: Path) -> bytes:
    return sha256(path.read_bytes()).hexdigest().encode()


def xlsx(batch: Batch, path: Path) -> None:
    """Writes the workbook; the same batch gives the same bytes."""
    seen = compared(batch)
    proofs, first = evidence.rows(seen)
    with workbook(path, "So sánh chính sách bảo mật") as book:
        formats = looks(book)
        summary.add(book, formats, seen)
        comparison.add(book, formats, seen, first)
        completeness.add(book, formats, seen, first)
        changes.add(book, formats, seen)
        tables.add_standings(book, formats, seen)
        tables.add_terms(book, formats, seen)
        evidence.add(book, formats, proofs)
        tables.add_entities(book, formats, seen)
        tables.add_sentences(book, formats, seen)
        read_me.add(book, formats, seen)
