"""Data tables as UTF-8 CSV (exact text, no escaping beyond CSV's own) and as Parquet (typed)."""

from collections.abc import Sequence
from csv import DictWriter
from pathlib import Path

from pipeline.render.tables import COLUMNS, Row


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

    types = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    schema = pa.schema([(name, types[kind]) for name, kind in COLUMNS[table].items()])
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path)
