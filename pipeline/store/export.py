"""The data tables of the last run, written from the store: CSV (exact text, no escaping beyond CSV's own) and Parquet.

A table is made part by part (`pipeline.store.parts`). Rows of parts that changed are read by DuckDB, some parts at a
time, so that memory does not grow with them; all others are copied from the files of the run before. Both ways give the
same bytes, and the CSV equals byte for byte what `pipeline.render.data` writes of the same records.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, closing, suppress
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
from pipeline.replacing import named, replaced
from pipeline.store import parts, pieces
from pipeline.store.pieces import Pieces
from pipeline.store.reader import Store
from pipeline.store.versions import Version
from pipeline.store.views import opened, quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

EXPORTED = tuple(table for table in COLUMNS if table not in (*OF_THE_FIELD, *OF_THE_RUN))
"""The tables of what stands; those of the field are made with the reports, those of the run by itself."""

WRITTEN = ("csv", "parquet", "json", "md", "html", "xlsx")
"""Suffixes of the files of a run."""

TOGETHER = 16
"""Parts whose rows are sorted together, of all tables: what that needs of memory does not grow with the store."""

LEVEL = 3
"""How hard zstd tries: a fifth smaller than 1 in the same time; more takes twice as long."""


def export(store: Store, out: Path, notes: MutableMapping[str, str] | None = None) -> None:
    """Writes every data table as CSV and as Parquet, each under a temporary name first.

    `notes` say what the files hold that are there, and are told what was written; without them all is made anew.
    """
    notes = {} if notes is None else notes
    documents = parts.split(v for v in store.versions() if v.stands)
    tables = [_Table(table, keys, out, notes) for table, keys in _keys(store, documents).items()]
    tables = [table for table in tables if not table.stays]
    with ExitStack() as unfinished:
        for table in tables:
            unfinished.enter_context(table)
        _fill(store, tables, documents)
        for table in tables:
            made = table.finish()
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
    """A table, its files, and the pieces of them that are there already; `new`: the places of the parts that are not.

    Inside a `with` statement new parts are added, each a row group of a file of their own; `finish` makes the table.
    """

    def __init__(self, name: str, keys: list[str], out: Path, notes: Mapping[str, str]) -> None:
        self.name, self.keys, self.note = name, keys, f"pieces of {name}"
        self.parquet, self.csv = out / f"{name}.parquet", out / f"{name}.csv"
        self._new_parquet, self._new_csv = out / f"new-{name}.parquet.partial", out / f"new-{name}.csv.partial"
        old = pieces.noted(notes.get(self.note), _code(), self.parquet, self.csv)
        self._old = old.parts if old else {}
        self.stays = old is not None and keys == list(self._old)
        self.new = [place for place, key in enumerate(keys) if key not in self._old]
        self._rows = dict.fromkeys(self.new, 0)

    def __enter__(self) -> None:
        from pyarrow.parquet import ParquetWriter

        with named(self.parquet):
            self._writer = ParquetWriter(
                self._new_parquet, schema(self.name), compression="zstd", compression_level=LEVEL
            )

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # told already
            self._writer.close()
        for path in (self._new_parquet, self._new_csv):
            path.unlink(missing_ok=True)

    def add(self, place: int, rows: "pa.Table") -> None:
        """Adds the rows of the part that is new at this place; parts come in order, those without rows not at all."""
        # in one chunk: where pages end must not depend on how the rows came
        whole = rows.cast(schema(self.name)).combine_chunks()
        with named(self.parquet):
            self._writer.write_table(whole, row_group_size=rows.num_rows)
        self._rows[place] = rows.num_rows

    def finish(self) -> Pieces:
        """Writes the files of the table."""
        made = self._finished()
        if len(self.new) == len(self.keys):
            for new, path in ((self._new_parquet, self.parquet), (self._new_csv, self.csv)):
                with named(path):
                    new.replace(path)
            return made
        every = {**self._old, **made.parts}
        whole = Pieces(made.header, {key: every[key] for key in self.keys})
        with replaced(self.parquet) as unfinished:
            pieces.write_parquet(unfinished, self._new_parquet, whole)
        with replaced(self.csv) as unfinished:
            pieces.write_csv(unfinished, whole)
        return whole

    def _finished(self) -> Pieces:
        """The pieces of the new parts, as Parquet and as CSV."""
        from duckdb import IOException

        with named(self.parquet):
            self._writer.close()
        columns = ", ".join(_as_csv(name, kind) for name, kind in COLUMNS[self.name].items())
        query = f"SELECT {columns} FROM read_parquet({quoted(str(self._new_parquet))})"  # in order already
        options = "FORMAT csv, HEADER, NULLSTR '', COMMENT ''"
        with named(self.csv), closing(opened()) as connection:
            try:
                connection.execute(f"COPY ({query}) TO {quoted(str(self._new_csv))} ({options})")
            except IOException as error:
                raise OSError(str(error)) from error
        header, *lengths = pieces.lengths(self._new_csv, list(self._rows.values()))
        keys = [self.keys[place] for place in self.new]
        return pieces.of(self._new_parquet, self._new_csv, header, dict(zip(keys, lengths, strict=True)))


def _fill(store: Store, tables: Sequence[_Table], documents: Sequence[Sequence[Version]]) -> None:
    """Adds to the tables their new parts, read from the store some parts at a time; failures are one part."""
    moved = sorted({place for table in tables if table.name in parts.STAGES for place in table.new})
    for some in [moved[first : first + TOGETHER] for first in range(0, len(moved), TOGETHER)] or [[]]:
        with closing(store.connected([v for place in some for v in documents[place]])) as connection:
            for table in tables:
                if table.name in parts.STAGES:
                    own = [place for place in some if place in table.new]
                    _add(table, connection, _rows(connection, table.name, {place: documents[place] for place in own}))
                elif some == moved[:TOGETHER]:
                    names = _names(table.name)
                    _add(table, connection, f"SELECT 0 AS part, {names} FROM {table.name} ORDER BY source")


def _rows(connection: "duckdb.DuckDBPyConnection", table: str, documents: Mapping[int, Sequence[Version]]) -> str:
    """A query for the rows of the documents of some parts, in order, behind the place of the part."""
    import pyarrow as pa

    ids = pa.array([v.doc_id for part in documents.values() for v in part], pa.string())
    part = pa.array([place for place, part in documents.items() for _ in part], pa.int64())
    connection.register("parts_", pa.table({"doc_id": ids, "part": part, "place": pa.array(range(len(ids)))}))
    names, order = _names(table), "place, file_row_number"
    return f"SELECT part, {names} FROM ordered.{table} JOIN parts_ USING (doc_id) ORDER BY {order}"


def _names(table: str) -> str:
    return ", ".join(f'"{name}"' for name in COLUMNS[table])


def _add(table: _Table, connection: "duckdb.DuckDBPyConnection", query: str) -> None:
    """Adds the rows of a query, part by part."""
    import pyarrow as pa

    reader = pa.RecordBatchReader.from_stream(connection.sql(query))
    for place, found in groupby(_slices(reader), key=itemgetter(0)):
        table.add(place, pa.Table.from_batches([batch for _, batch in found]).drop_columns("part"))


def _slices(reader: "pa.RecordBatchReader") -> Iterator[tuple[int, "pa.RecordBatch"]]:
    import numpy as np

    for batch in reader:
        part = batch.column("part").to_numpy()
        cuts = [0, *(np.flatnonzero(np.diff(part)) + 1), len(part)]
        yield from ((int(part[first]), batch.slice(first, last - first)) for first, last in pairwise(cuts) if last)


def _as_csv(name: str, kind: type) -> str:
    """Empty where there is nothing; truth as Python writes it."""
    if kind is str:
        return f'nullif("{name}", \'\') AS "{name}"'
    return f"if(\"{name}\", 'True', 'False') AS \"{name}\"" if kind is bool else f'"{name}"'


def sweep(out: Path) -> None:
    """Removes the unfinished files that a killed run left in the output folder and the folders in it."""
    for suffix in WRITTEN:
        for path in (*out.glob(f"*.{suffix}.partial"), *out.glob(f"*/*.{suffix}.partial")):
            path.unlink(missing_ok=True)
