"""The data tables of the last run, written from the store: CSV (exact text, no escaping beyond CSV's own) and Parquet.

A table is made part by part (`pipeline.store.parts`). Rows of parts that changed are streamed by DuckDB, so that memory
does not grow with them; all others are copied from the files of the run before. Both ways give the same bytes, and the
CSV equals byte for byte what `pipeline.render.data` writes of the same records.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple
from functools import cache
from importlib.metadata import version
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import fingerprint
from pipeline.render import OF_THE_FIELD, OF_THE_RUN
from pipeline.render.data import schema
from pipeline.render.tables import COLUMNS
from pipeline.replacing import replaced
from pipeline.store import parts, pieces
from pipeline.store.pieces import Pieces
from pipeline.store.reader import Store
from pipeline.store.versions import Version
from pipeline.store.views import quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

EXPORTED = tuple(table for table in COLUMNS if table not in (*OF_THE_FIELD, *OF_THE_RUN))
"""The tables of what stands; those of the field are made with the reports, those of the run by itself."""

WRITTEN = ("csv", "parquet", "json", "md", "html", "xlsx")
"""Suffixes of the files of a run."""


def export(store: Store, out: Path, notes: MutableMapping[str, str] | None = None) -> None:
    """Writes every data table as CSV and as Parquet, each under a temporary name first.

    `notes` say what the files hold that are there, and are told what was written; without them all is made anew.
    """
    notes = {} if notes is None else notes
    documents = parts.split(v for v in store.versions() if v.stands)
    tables = [_Table(table, keys, out, notes) for table, keys in _keys(store, documents).items()]
    moved = sorted({number for table in tables if table.name in parts.STAGES for number in table.new})
    with closing(store.connected([v for number in moved for v in documents[number]])) as connection:
        for table in tables:
            if not table.stays:
                made = table.write(connection, _rows(connection, table, documents))
                notes[table.note] = pieces.note(_code(), table.parquet, table.csv, made)


def _keys(store: Store, documents: Sequence[Sequence[Version]]) -> Mapping[str, list[str]]:
    """The keys of the parts of each table; failures are one part."""
    made = store.made_with()
    keys = {table: [parts.key(table, part, made) for part in documents] for table in EXPORTED if table in parts.STAGES}
    failures = json.dumps([astuple(failure) for failure in store.failures()])
    return {**keys, "failures": [hashlib.sha256(failures.encode()).hexdigest()]}


@cache
def _code() -> str:
    """What decides about the bytes of a table besides what it says."""
    return " ".join((fingerprint.of_files("store", "render/tables.py"), version("duckdb"), version("pyarrow")))


class _Table:
    """A table, its files, and the pieces of them that are there already; `new` are the places of parts that are not."""

    def __init__(self, name: str, keys: list[str], out: Path, notes: Mapping[str, str]) -> None:
        self.name, self.keys, self.note = name, keys, f"pieces of {name}"
        self.parquet, self.csv = out / f"{name}.parquet", out / f"{name}.csv"
        old = pieces.noted(notes.get(self.note), _code(), self.parquet, self.csv)
        self.old = old.parts if old else {}
        self.stays = old is not None and keys == list(self.old)
        self.new = [place for place, key in enumerate(keys) if key not in self.old]

    def write(self, connection: "duckdb.DuckDBPyConnection", rows: str) -> Pieces:
        """Writes the files; `rows` is a query for the rows of the new parts."""
        if len(self.new) == len(self.keys):
            return self._made(connection, rows, self.parquet, self.csv)
        with _beside(self.parquet, self.csv) as (parquet, csv):
            made = self._made(connection, rows, parquet, csv)
            every = {**self.old, **made.parts}
            whole = Pieces(made.header, {key: every[key] for key in self.keys})
            with replaced(self.parquet) as unfinished:
                pieces.write_parquet(unfinished, parquet, whole)
            with replaced(self.csv) as unfinished:
                pieces.write_csv(unfinished, whole)
        return whole

    def _made(self, connection: "duckdb.DuckDBPyConnection", rows: str, parquet: Path, csv: Path) -> Pieces:
        """Writes files of the new parts alone."""
        keys = [self.keys[place] for place in self.new]
        counts = dict.fromkeys(keys, 0)
        columns = ", ".join(_as_csv(name, kind) for name, kind in COLUMNS[self.name].items())
        with replaced(parquet) as unfinished, _named(), _groups(unfinished, self.name) as write:
            for number, part in _by_part(connection, rows):
                write(part)
                counts[keys[number]] = part.num_rows
        with replaced(csv) as unfinished, _named():
            query = f"SELECT {columns} FROM read_parquet({quoted(str(parquet))})"  # in order already
            options = "HEADER, NULLSTR '', COMMENT ''"
            connection.execute(f"COPY ({query}) TO {quoted(str(unfinished))} ({options})")
        header, *lengths = pieces.lengths(csv, list(counts.values()))
        return pieces.of(parquet, csv, header, dict(zip(keys, lengths, strict=True)))


def _rows(connection: "duckdb.DuckDBPyConnection", table: _Table, documents: Sequence[Sequence[Version]]) -> str:
    """A query for the rows of a table's new parts, in order, behind the number of the part among these."""
    import pyarrow as pa

    names = ", ".join(f'"{name}"' for name in COLUMNS[table.name])
    if table.name not in parts.STAGES:
        return f"SELECT 0 AS part, {names} FROM {table.name} ORDER BY source"
    part = [(v.doc_id, number) for number, place in enumerate(table.new) for v in documents[place]]
    ids, numbers = pa.array([doc_id for doc_id, _ in part], pa.string()), pa.array([n for _, n in part], pa.int64())
    connection.register("parts_", pa.table({"doc_id": ids, "part": numbers, "place": pa.array(range(len(part)))}))
    return f"SELECT part, {names} FROM ordered.{table.name} JOIN parts_ USING (doc_id) ORDER BY place, file_row_number"


def _by_part(connection: "duckdb.DuckDBPyConnection", rows: str) -> Iterator[tuple[int, "pa.Table"]]:
    """The rows of a query part by part; nothing of parts that have none."""
    import pyarrow as pa

    reader = pa.RecordBatchReader.from_stream(connection.sql(rows))
    for number, found in groupby(_slices(reader), key=itemgetter(0)):
        yield number, pa.Table.from_batches([batch for _, batch in found]).drop_columns("part")


def _slices(reader: "pa.RecordBatchReader") -> Iterator[tuple[int, "pa.RecordBatch"]]:
    import numpy as np

    for batch in reader:
        numbers = batch.column("part").to_numpy()
        cuts = [0, *(np.flatnonzero(np.diff(numbers)) + 1), len(numbers)]
        yield from ((int(numbers[first]), batch.slice(first, last - first)) for first, last in pairwise(cuts) if last)


@contextmanager
def _groups(path: Path, table: str) -> Iterator[Callable[["pa.Table"], None]]:
    """Writes a Parquet file, a row group for each table that is given to it."""
    from pyarrow import parquet

    columns = schema(table)
    with parquet.ParquetWriter(path, columns, compression="zstd", compression_level=3) as writer:
        # in one chunk: where pages end must not depend on how the rows came
        yield lambda rows: writer.write_table(rows.cast(columns).combine_chunks(), row_group_size=rows.num_rows)


@contextmanager
def _beside(*paths: Path) -> Iterator[list[Path]]:
    """Names for files that are needed only while those of `paths` are made."""
    names = [path.with_name(f"new-{path.name}.partial") for path in paths]
    try:
        yield names
    finally:
        for name in names:
            name.unlink(missing_ok=True)


@contextmanager
def _named() -> Iterator[None]:
    """What DuckDB says of files, as the system would say it."""
    from duckdb import IOException

    try:
        yield
    except IOException as error:
        raise OSError(str(error)) from error


def _as_csv(name: str, kind: type) -> str:
    """Empty where there is nothing; truth as Python writes it."""
    if kind is str:
        return f'nullif("{name}", \'\') AS "{name}"'
    return f"if(\"{name}\", 'True', 'False') AS \"{name}\"" if kind is bool else f'"{name}"'


def sweep(out: Path) -> None:
    """Removes the unfinished files that a killed run left in the output folder and the folders in it."""
    for suffix in WRITTEN:
        for path in (*out.glob(f"*.{suffix}.partial*"), *out.glob(f"*/*.{suffix}.partial*")):
            path.unlink(missing_ok=True)
