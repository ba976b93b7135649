"""`vnpolicy run`: analyse and compare policies."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipeline.cli.command import Command, day


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", help="folder, file, or - for standard input")
    parser.add_argument("--out", type=Path, required=True, help="folder for tables and reports")
    parser.add_argument("--model", type=Path, help="folder of the model (default: the package's own)")
    parser.add_argument(
        "--fail-on",
        choices=("new", "any", "never"),
        default="new",
        help="exit with 1 for documents that failed: only new failures (default), any, never",
    )
    parser.add_argument(
        "--as-of",
        type=day,
        metavar="DATE",
        help="judge completeness by the law in force on this day, as 2026-06-30 (default: today)",
    )
    parser.add_argument("--quiet", action="store_true", help="no table, no progress")


def _call(options: argparse.Namespace) -> int:
    from pipeline.ingest import discover
    from pipeline.render import prepare, previous_failures, write
    from pipeline.run import Analyser, run

    documents = discover(options.source)
    prepare(options.out)
    analyser = Analyser(options.model)
    known, as_of = previous_failures(options.out), options.as_of or date.today()
    with _progress(len(documents), options.quiet) as step:
        batch = run(documents, analyser, as_of=as_of, known=known, progress=step)
    paths = write(
        batch,
        options.out,
        {
            "source": options.source,
            "out": str(options.out),
            "as_of": as_of.isoformat(),
            "fingerprints": dict(analyser.fingerprints),
        },
    )
    for failure in batch.failures:
        print(f"vnpolicy: {failure.message}", file=sys.stderr)
    if not options.quiet:
        _show(batch, paths)
    new = [f for f in batch.failures if (f.source, f.error) not in known]
    return int(bool({"any": batch.failures, "new": new, "never": []}[options.fail_on]))


def _show(batch: object, paths: Sequence[Path]) -> None:
    from rich.console import Console

    from pipeline.batch import Batch
    from pipeline.render import comparison

    assert isinstance(batch, Batch)
    console = Console(width=None if sys.stdout.isatty() else 160)
    comparison.terminal(batch, console)
    for path in paths:
        print(path)


class _progress:  # noqa: N801  # reads as a function where it is used
    """A progress bar on a terminal, nothing elsewhere."""

    def __init__(self, total: int, quiet: bool) -> None:
        self.total, self.shown = total, not quiet and sys.stderr.isatty()

    def __enter__(self) -> "_progress":
        if self.shown:
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task("", total=self.total)
        return self

    def __call__(self, document: object) -> None:
        if self.shown:
            self.bar.update(self.task, advance=1, description=getattr(document, "name", ""))

    def __exit__(self, *_: object) -> None:
        if self.shown:
            self.bar.stop()


COMMAND = Command(
    name="run",
    about="analyse and compare the policies of a folder, a file or standard input",
    examples="""vnpolicy run data/raw --out build
vnpolicy run policy.txt --out build
cat policy.txt | vnpolicy run - --out build
vnpolicy run data/raw --out build --as-of 2026-06-30""",
    options=_options,
    call=_call,
)
