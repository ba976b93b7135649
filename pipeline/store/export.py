"""The data tables of the last run, written from the store: CSV (exact text, no escaping beyond CSV's own) and Parquet.

They are streamed by DuckDB, so that memory does not grow with them, and equal byte for byte what
`pipeline.render.data` writes of the same records.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.render import OF_THE_FIELD, OF_THE_RUN
from pipeline.render.tables import COLUMNS
from pipeline.replacing import replaced
from pipeline.store.reader import Store
from pipeline.store.views import quoted

if TYPE_CHECKING:
    import duckdb

EXPORTED = tuple(table for table in COLUMNS if table not in (*OF_THE_FIELD, *OF_THE_RUN))
"""The tables of what stands; those of the field are made with the reports, those of the run by itself."""

WRITTEN = ("csv", "parquet", "json", "md", "html", "xlsx")
"""Suffixes of the files of a run."""

ORDER: Mapping[str, str] = {"policies": "place", "failures": "source"}
"""By what the rows of a table are ordered; all others by document, then as the records were."""


def export(store: Store, out: Path) -> None:
    """Writes every data table as CSV and as Parquet, each under a temporary name first."""
    for table in EXPORTED:
        order = ORDER.get(table, "place, file_row_number")
        columns = ", ".join(_as_csv(name, kind) for name, kind in COLUMNS[table].items())
        names = ", ".join(f'"{name}"' for name in COLUMNS[table])
        sorted_rows = f"SELECT {names} FROM ordered.{table} ORDER BY {order}"
        parquet = out / f"{table}.parquet"
        _copy(store.duckdb, sorted_rows, parquet, "FORMAT parquet, COMPRESSION zstd")
        _copy(
            store.duckdb,
            f"SELECT {columns} FROM read_parquet({quoted(str(parquet))})",  # in order already
            out / f"{table}.csv",
            "HEADER, NULLSTR '', COMMENT ''",
        )


def _as_csv(name: str, kind: type) -> str:
    """Empty where there is nothing; truth as Python writes it."""
    if kind is str:
        return f'nullif("{name}", \'\') AS "{name}"'
    return f"if(\"{name}\", 'True', 'False') AS \"{name}\"" if kind is bool else f'"{name}"'


def _copy(connection: "duckdb.DuckDBPyConnection", query: str, path: Path, options: str) -> None:
    from duckdb import IOException

    with replaced(path) as unfinished:
        try:
            connection.execute(f"COPY ({query}) TO {quoted(str(unfinished))} ({options})")
        except IOException as error:
            raise OSError(str(error)) from error


def sweep(out: Path) -> None:
    """Removes the unfinished files that a killed run left in the output folder and the folders in it."""
    for suffix in WRITTEN:
        for path in (*out.glob(f"*.{suffix}.partial"), *out.glob(f"*/*.{suffix}.partial")):
            path.unlink(missing_ok=True)
