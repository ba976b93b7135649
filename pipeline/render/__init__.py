"""Records -> files. A format is one module with one function; `write` puts them all into a folder, each by renaming."""

from collections.abc import Callable, Mapping
from csv import DictReader
from functools import partial
from pathlib import Path

from pipeline.batch import Batch
from pipeline.errors import OutputError
from pipeline.render.tables import TABLES, Row

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


def write(batch: Batch, out: Path, facts: Mapping[str, object]) -> list[Path]:
    """Writes every table and report of a run; returns the files for people, the report first."""
    from pipeline.render import comparison, data, report, xlsx
    from pipeline.render import facts as run_facts

    for name, rows in TABLES.items():
        _replaced(out / f"{name}.csv", partial(data.csv, name, rows(batch)))
        _replaced(out / f"{name}.parquet", partial(data.parquet, name, rows(batch)))
    _replaced(out / "comparison.csv", partial(comparison.csv, batch))
    _replaced(out / "comparison.md", partial(comparison.markdown, batch))
    workbook = xlsx.write(batch, out, _replaced)
    page = report.write(batch, out, _replaced)
    _replaced(out / "run.json", partial(run_facts.json, batch, facts))
    return [page, workbook, *(out / name for name in ("comparison.md", "comparison.csv", "findings.csv", "run.json"))]


def previous_failures(out: Path) -> dict[tuple[str, str], str]:
    """When each failure (source, error) of the last run into this folder was first seen; empty for a first run."""
    try:
        with (out / "failures.csv").open(encoding="utf-8", newline="") as handle:
            return {(row["source"], row["error"]): row["first_seen"] for row in DictReader(handle)}
    except (OSError, KeyError):
        return {}


def _replaced(path: Path, writer: Writer) -> None:
    unfinished = path.with_name(path.name + ".partial")
    writer(unfinished)
    unfinished.replace(path)


__all__ = ["Row", "prepare", "previous_failures", "write"]
