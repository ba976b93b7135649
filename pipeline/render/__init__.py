"""Records -> files. A format is one module with one function; `write` puts them all into a folder, each by renaming."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.batch import Batch
from pipeline.errors import OutputError
from pipeline.render.tables import TABLES, Row
from pipeline.replacing import replaced

OF_THE_FIELD = ("field", "terms")
"""Data tables of what can only be said of all policies together."""

OF_THE_RUN = ("changes",)
"""Data tables of what a run brought: they change with the run, not with what stands."""


def prepare(out: Path) -> None:
    """Makes the output folder. Raises `OutputError` where it cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise OutputError(
            str(out), f"cannot be written ({error.strerror or error})", "Name another folder with --out"
        ) from error


def write(batch: Batch, out: Path) -> list[Path]:
    """Writes every report of a run; returns the files for people, the report first."""
    from pipeline.render import comparison, document, markdown, report, xlsx

    write_tables(batch, out, OF_THE_FIELD)
    for name, writer in {
        "comparison.csv": comparison.csv,
        "comparison.md": markdown.markdown,
        "comparison.json": document.json,
    }.items():
        with replaced(out / name) as unfinished:
            writer(batch, unfinished)
    workbook = xlsx.write(batch, out)
    page = report.write(batch, out)
    return [page, workbook, *(out / name for name in ("comparison.md", "comparison.csv", "findings.csv", "run.json"))]


def write_tables(batch: Batch, out: Path, names: Sequence[str]) -> None:
    """Writes data tables of a batch as CSV and as Parquet."""
    from pipeline.render import data

    for name in names:
        rows = TABLES[name](batch)
        for suffix, writer in (("csv", data.csv), ("parquet", data.parquet)):
            with replaced(out / f"{name}.{suffix}") as unfinished:
                writer(name, rows, unfinished)


__all__ = ["OF_THE_FIELD", "OF_THE_RUN", "Row", "prepare", "write", "write_tables"]
