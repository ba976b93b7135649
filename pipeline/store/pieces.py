"""Files written of pieces: what a file of the last run has already is copied from there, byte for byte.

A piece is what a part of a table comes to: lines of CSV, a row group of Parquet.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.store import footer

BLOCK = 1 << 20
"""Bytes that are read at a time: of larger blocks the memory is asked for anew each time, which takes longer."""


class Piece(NamedTuple):
    """A piece of `file`, and of a Parquet file what its footer says of it."""

    file: Path
    offset: int
    length: int
    group: footer.Group | None = None


class Pieces(NamedTuple):
    """What the two files of a table consist of: the header of the CSV, and by key of each part, in order, its row group
    (of no length where the part has no rows) and its lines.
    """

    header: Piece
    parts: Mapping[str, tuple[Piece, Piece]]


def of(parquet: Path, csv: Path, header: int, lengths: Mapping[str, int]) -> Pieces:
    """The pieces of two files. `header`, `lengths`: bytes of the CSV's header, and of each part's lines, in order.

    Raises `ValueError` where the Parquet file has other row groups than parts have rows.
    """
    with parquet.open("rb") as file:
        groups = footer.read(file)[1]
    filled = iter(groups)
    found, offset = {}, header
    for key, length in lengths.items():
        group = next(filled, None) if length else footer.NONE
        if group is None:
            raise ValueError("row groups are missing")
        found[key] = Piece(parquet, group.offset, group.length, group), Piece(csv, offset, length)
        offset += length
    if next(filled, None):
        raise ValueError("more row groups than parts with rows")
    return Pieces(Piece(csv, 0, header), found)


def note(code: str, parquet: Path, csv: Path, made: Pieces) -> str:
    """What has to be remembered of two files to find their pieces again. `code`: what made them."""
    lengths = {key: lines.length for key, (_, lines) in made.parts.items()}
    stamps = [_stamp(path) for path in (parquet, csv)]
    return json.dumps({"code": code, "stamps": stamps, "header": made.header.length, "lengths": lengths})


def noted(note: str | None, code: str, parquet: Path, csv: Path) -> Pieces | None:
    """The pieces of two files; `None` where nothing is known of them, or they are not as they were written."""
    try:
        said = json.loads(note or "{}")
        if said.get("code") != code or said["stamps"] != [_stamp(path) for path in (parquet, csv)]:
            return None
        return of(parquet, csv, said["header"], said["lengths"])
    except (OSError, ValueError):
        return None


def _stamp(path: Path) -> list[int]:
    """Size and time of the last change of a file."""
    said = path.stat()
    return [said.st_size, said.st_mtime_ns]


def lengths(path: Path, rows: Sequence[int]) -> list[int]:
    """The bytes of the header of a CSV file, and of each part with so many rows.

    Raises `ValueError` where the file has other rows.
    """
    wanted = list(accumulate(rows, initial=1))
    ends = _ends(path, wanted)
    if ends[-1] != path.stat().st_size:
        raise ValueError(f"{path.name} has other rows than were written")
    return [last - first for first, last in pairwise([0, *ends])]


def _ends(path: Path, wanted: Sequence[int]) -> list[int]:
    """Where the line ends up to which a CSV file has so many rows; ascending numbers, at least 1."""
    import numpy as np

    ends: list[int] = []
    offset = quotes = seen = 0
    for block in _blocks(path):
        data = np.frombuffer(block, np.uint8)
        marks, breaks = np.flatnonzero(data == ord('"')), np.flatnonzero(data == ord("\n"))
        outside = breaks[(np.searchsorted(marks, breaks) + quotes) % 2 == 0]  # those in quotes end no row
        while len(ends) < len(wanted) and wanted[len(ends)] <= seen + len(outside):
            ends.append(offset + int(outside[wanted[len(ends)] - seen - 1]) + 1)
        offset, quotes, seen = offset + len(block), quotes + len(marks), seen + len(outside)
    if len(ends) < len(wanted):
        raise ValueError(f"{path.name} has fewer rows than were written")
    return ends


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def write_csv(path: Path, made: Pieces) -> None:
    """Writes a CSV file of pieces."""
    with path.open("wb") as out:
        _copy([made.header, *(lines for _, lines in made.parts.values())], out)


def write_parquet(path: Path, like: Path, made: Pieces) -> None:
    """Writes a Parquet file of pieces, with the schema of the file `like`."""
    with like.open("rb") as file:
        said, _ = footer.read(file)
    filled = [group for group, _ in made.parts.values() if group.length]
    with path.open("wb") as out:
        out.write(footer.MAGIC)
        _copy(filled, out)
        out.write(footer.written(said, [piece.group for piece in filled if piece.group]))


def _copy(pieces: Iterable[Piece], out: BinaryIO) -> None:
    """Writes pieces one after another; those that follow each other in their file are copied at once."""
    file, first, last = None, 0, 0
    for piece in pieces:
        if (piece.file, piece.offset) == (file, last):
            last += piece.length
            continue
        if file:
            _copy_range(file, first, last, out)
        file, first, last = piece.file, piece.offset, piece.offset + piece.length
    if file:
        _copy_range(file, first, last, out)


def _copy_range(path: Path, first: int, last: int, out: BinaryIO) -> None:
    with path.open("rb") as file:
        file.seek(first)
        while first < last:
            block = file.read(min(BLOCK, last - first))
            if not block:
                raise OSError(f"{path.name} became shorter while it was copied")
            out.write(block)
            first += len(block)
