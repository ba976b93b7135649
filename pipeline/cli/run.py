"""`vnpolicy run`: analyse and compare policies."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.cli.command import Command, console, day

Watch = Callable[..., None]


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
    parser.add_argument("--jobs", type=int, metavar="N", help="processes (default: all cores where that pays)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="work on the Dask cluster whose scheduler listens there")
    parser.add_argument("--no-reports", action="store_true", help="data tables only, nothing for people")
    parser.add_argument("--summary", type=Path, metavar="FILE", help="write the text of the morning's mail there")
    parser.add_argument("--log", choices=("json",), help="say on standard error what happens, a line of JSON each")
    parser.add_argument("--quiet", action="store_true", help="no table, no progress")


def _call(options: argparse.Namespace) -> int:
    from pipeline.run import Options, run

    chosen = Options(
        model=options.model,
        as_of=options.as_of or date.today(),
        jobs=options.jobs,
        scheduler=options.scheduler,
        reports=not options.no_reports,
        summary=options.summary,
    )
    with _logged() if options.log else _progress(options.quiet) as watch:
        outcome = run(options.source, options.out, chosen, watch)
    if not options.log:
        for failure in outcome.failures:
            print(f"vnpolicy: {failure.message}", file=sys.stderr)
    if not options.quiet:
        _show(options.out, outcome.paths)
    return int(bool({"any": outcome.failures, "new": outcome.new, "never": []}[options.fail_on]))


def _show(out: Path, paths: Sequence[Path]) -> None:
    from pipeline.render import comparison
    from pipeline.review import answers
    from pipeline.store import open_store

    with open_store(out) as store:
        comparison.terminal(answers.batch(store), console(sys.stdout))
    for path in paths:
        print(path)


@contextmanager
def _logged() -> Iterator[Watch]:
    """Lines of JSON on standard error: time, event, and the facts of the event."""

    def watch(event: str, **facts: object) -> None:
        import json
        from datetime import UTC, datetime

        said = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **facts}
        print(json.dumps(said, ensure_ascii=False), file=sys.stderr, flush=True)

    yield watch


class _progress:  # noqa: N801  # reads as a function where it is used
    """A progress bar on a terminal, nothing elsewhere."""

    def __init__(self, quiet: bool) -> None:
        self.shown = not quiet and sys.stderr.isatty()

    def __enter__(self) -> "_progress":
        return self

    def __call__(self, event: str, **facts: Any) -> None:
        if not self.shown:
            return
        if event == "planned":
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task("analysing", total=facts["work"])
        elif event == "done":
            self.bar.update(self.task, advance=facts["documents"])

    def __exit__(self, *_: object) -> None:
        if self.shown and hasattr(self, "bar"):
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
