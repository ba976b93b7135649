"""Data tables as UTF-8 CSV (exact text, no escaping beyond CSV's own) and as Parquet (typed)."""

from collections.abc import Callable, Sequence
from csv import DictReader, DictWriter
from csv import Error as CsvError
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import SourceError
from pipeline.render.tables import COLUMNS, Row

if TYPE_CHECKING:
    import pyarrow as pa

REMEDY = "Name a folder that `vnpolicy run` wrote with --out"


def csv(table: str, rows: Sequence[Row], path: Path) -> None:
    """Writes `rows` with the header of `table`; what is absent is empty."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = DictWriter(handle, COLUMNS[table], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def parquet(table: str, rows: Sequence[Row], path: Path) -> None:
    """Writes `rows` with the types of `table`; what is absent is null."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema(table)), path)


def schema(table: str) -> "pa.Schema":
    """The Arrow schema of a table as Parquet."""
    import pyarrow as pa

    types = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    return pa.schema([(name, types[kind]) for name, kind in COLUMNS[table].items()])


def read(table: str, folder: Path) -> list[Row]:
    """The rows of a table that a run wrote into `folder`, as it was given to `csv`; `None` for an absent number.

    Raises `SourceError` where the folder has no such table of this version.
    """
    path = folder / f"{table}.csv"
    read_as: dict[type, Callable[[str], Any]] = {
        str: str,
        int: lambda cell: int(cell) if cell else None,
        float: lambda cell: float(cell) if cell else None,
        bool: lambda cell: cell == "True",
    }
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            return [
                {name: read_as[kind](row[name]) for name, kind in COLUMNS[table].items()} for row in DictReader(handle)
            ]
    except OSError as error:
        raise SourceError(str(path), f"cannot be read ({error.strerror or error})", REMEDY) from error
    except (KeyError, ValueError, TypeError, CsvError) as error:
        raise SourceError(str(path), f"not as this version writes it ({error})", REMEDY) from error
