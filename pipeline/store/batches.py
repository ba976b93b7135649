"""Batches: immutable Parquet files, each with the rows of one stage for some contents, named by what is in them.

A file appears under its name only when it is complete and on the disk. It is never written again: compaction makes a
new one and retires the old.
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import DamagedStore, OutputError
from pipeline.store.tables import TABLES, schema

if TYPE_CHECKING:
    import pyarrow as pa

ROWS: Mapping[str, int] = {"raw": 50, "ingest": 50}
MOST_ROWS = 10_000
"""Rows of a row group: those of some fifty policies, so that one policy is read without its whole batch."""

DAY = 86_400
"""Seconds after which an unfinished file is no living process's: numbers of processes come round again."""

REMEDY = "Put the store back from a backup, or run `vnpolicy compact --forget-damaged` and then `vnpolicy run` again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A batch that lies in the store: `rows` by content, its size on the disk in bytes."""

    name: str
    stage: str
    fingerprint: str
    rows: Mapping[str, int] = field(default_factory=dict)
    bytes: int

    @property
    def named(self) -> tuple[str, str, str]:
        """Name, stage and fingerprint."""
        return self.name, self.stage, self.fingerprint


def path_of(folder: Path, name: str) -> Path:
    """Where a batch lies under the store's folder."""
    return folder / "batches" / name


def sweep(catalogue: sqlite3.Connection, folder: Path) -> int:
    """Removes what killed runs left behind, unfinished or never catalogued; says how many files. The caller holds the
    lock. A file that a process of this machine is still writing stays: a killed run may leave workers behind.
    """
    known = {row[0] for row in catalogue.execute("SELECT name FROM batches")}
    left = [path for path in (folder / "batches").glob("*") if path.name not in known and not _being_written(path)]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _being_written(path: Path) -> bool:
    """Whether the process that is named in an unfinished file's name lives; never for a day-old file."""
    *_, process, suffix = path.name.split(".")
    if suffix != "partial" or not process.isdecimal():
        return False
    try:
        recent = time.time() - path.stat().st_mtime < DAY
        os.kill(int(process), 0)
    except (OSError, OverflowError):
        return False
    return recent and int(process) != os.getpid()


def check(catalogue: sqlite3.Connection, folder: Path) -> None:
    """Raises `DamagedStore` where a batch that is read from is missing or has another size than it was written with."""
    for name in damaged(catalogue, folder):
        raise DamagedStore(
            str(path_of(folder, name)), "the batch is missing or not as it was written; nothing was changed", REMEDY
        )


def damaged(catalogue: sqlite3.Connection, folder: Path) -> list[str]:
    """Names of the batches that are read from and are missing, or have another size than they were written with."""
    known = catalogue.execute("SELECT name, bytes FROM batches WHERE retired_at IS NULL ORDER BY id")
    return [name for name, size in known if _size(path_of(folder, name)) != size]


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def merged(folder: Path, stage: str, names: Iterable[str], contents: set[str]) -> "pa.Table":
    """The rows of these contents in several batches, in order of content."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    tables = [pq.read_table(path_of(folder, name)) for name in names]
    whole = pa.concat_tables([table.cast(schema(TABLES[stage])) for table in tables])
    kept = whole.filter(pc.is_in(whole.column("content"), pa.array(sorted(contents), pa.string())))
    place = pa.array(range(kept.num_rows), pa.int64())
    ordered = kept.append_column("place", place).sort_by([("content", "ascending"), ("place", "ascending")])
    return ordered.drop_columns(["place"])


def write(folder: Path, stage: str, fingerprint: str, made: Mapping[str, "pa.RecordBatch"]) -> Written:
    """Writes the rows of `stage`, by content, as one batch."""
    import pyarrow as pa

    contents = sorted(made)
    table = pa.Table.from_batches([made[c] for c in contents], schema=schema(TABLES[stage]))
    return write_table(folder, stage, fingerprint, table, {c: made[c].num_rows for c in contents})


def write_table(folder: Path, stage: str, fingerprint: str, table: "pa.Table", rows: Mapping[str, int]) -> Written:
    """Writes a table that is in order of content."""
    import pyarrow.parquet as pq

    name = f"{stage}-{fingerprint}-{hashlib.sha256(chr(0).join(rows).encode()).hexdigest()[:16]}.parquet"
    path = path_of(folder, name)
    unfinished = path.with_name(f"{name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as handle:
            pq.write_table(table, handle, row_group_size=ROWS.get(stage, MOST_ROWS), compression="zstd")
            handle.flush()
            os.fsync(handle.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise OutputError(str(path), f"cannot be written ({error.strerror or error})", "Check free space") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return Written(name=name, stage=stage, fingerprint=fingerprint, rows=rows, bytes=path.stat().st_size)


def read(folder: Path, name: str, content: str) -> list[dict[str, Any]]:
    """The rows of one content in a batch, in the order they were written."""
    import pyarrow as pa

    path = path_of(folder, name)
    try:
        spans = enumerate(_spans(path))
        groups = [_group(path, number) for number, (first, last) in spans if first <= content <= last]
    except (OSError, pa.ArrowException) as error:
        raise DamagedStore(str(path), f"the batch cannot be read ({error})", REMEDY) from error
    return [row for table, places in groups if content in places for row in table.slice(*places[content]).to_pylist()]


@lru_cache(maxsize=64)
def _spans(path: Path) -> list[tuple[str, str]]:
    """First and last content of each row group."""
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path)
    columns = [metadata.row_group(i).column(0).statistics for i in range(metadata.num_row_groups)]
    return [(column.min, column.max) for column in columns]


@lru_cache(maxsize=32)
def _group(path: Path, number: int) -> tuple["pa.Table", Mapping[str, tuple[int, int]]]:
    """A row group, and for each content its offset and length there: documents are mostly read in order."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        table = file.read_row_group(number)
    places: dict[str, tuple[int, int]] = {}
    for place, content in enumerate(table.column("content").to_pylist()):
        first, length = places.get(content, (place, 0))
        places[content] = first, length + 1
    return table, places
