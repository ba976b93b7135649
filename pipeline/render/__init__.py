"""Records -> files. A format is one module with one function; `write` puts them all into a folder, each by renaming."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from pipeline.batch import Batch
from pipeline.errors import OutputError
from pipeline.render.tables import TABLES, Row

OF_THE_FIELD = ("field", "terms")
"""Data tables of what can only be said of all policies together."""

OF_THE_RUN = ("changes",)
"""Data tables of what a run brought: they change with the run, not with what stands."""

Writer = Callable[[Path], None]


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
    _replaced(out / "comparison.csv", partial(comparison.csv, batch))
    _replaced(out / "comparison.md", partial(markdown.markdown, batch))
    _replaced(out / "comparison.json", partial(document.json, batch))
    workbook = xlsx.write(batch, out, _replaced)
    page = report.write(batch, out, _replaced)
    return [page, workbook, *(out / name for name in ("comparison.md", "comparison.csv", "findings.csv", "run.json"))]


def write_tables(batch: Batch, out: Path, names: Sequence[str]) -> None:
    """Writes data tables of a batch as CSV and as Parquet."""
    from pipeline.render import data

    for name in names:
        rows = TABLES[name](batch)
        _replaced(out / f"{name}.csv", partial(data.csv, name, rows))
        _replaced(out / f"{name}.parquet", partial(data.parquet, name, rows))


def _replaced(path: Path, writer: Writer) -> None:
    unfinished = path.with_name(path.name + ".partial")
    writer(unfinished)
    unfinished.replace(path)


__all__ = ["OF_THE_FIELD", "OF_THE_RUN", "Row", "prepare", "write", "write_tables"]
