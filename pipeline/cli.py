"""The command `vnpolicy`: each subcommand is one library call.

Exit status: 0 all good; 1 documents failed; 2 wrong usage, settings or model, nothing done.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from pipeline.errors import PipelineError

EXAMPLES = {
    "run": """vnpolicy run data/raw --out build
vnpolicy run policy.txt --out build
cat policy.txt | vnpolicy run - --out build
vnpolicy run data/raw --out build --as-of 2026-06-30""",
    "train": "vnpolicy train\nvnpolicy train --gold data/annotated --model models/clauses",
    "evaluate": """vnpolicy evaluate
vnpolicy evaluate --gold my/gold
vnpolicy evaluate --agreement data/annotated/annotators/real""",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except PipelineError as error:
        print(f"vnpolicy: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("vnpolicy: stopped", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="vnpolicy",
        description="Compare Vietnamese privacy policies, every answer with the sentence that supports it.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = _command(commands, "run", _run, "analyse and compare the policies of a folder, a file or standard input")
    run.add_argument("source", help="folder, file, or - for standard input")
    run.add_argument("--out", type=Path, required=True, help="folder for tables and reports")
    run.add_argument("--model", type=Path, help="folder of the model (default: the package's own)")
    run.add_argument(
        "--fail-on",
        choices=("new", "any", "never"),
        default="new",
        help="exit with 1 for documents that failed: only new failures (default), any, never",
    )
    run.add_argument(
        "--as-of",
        type=_day,
        metavar="DATE",
        help="judge completeness by the law in force on this day, as 2026-06-30 (default: today)",
    )
    run.add_argument("--quiet", action="store_true", help="no table, no progress")

    train = _command(commands, "train", _train, "train the classifier of clause categories")
    train.add_argument(
        "--gold", type=Path, default=Path("data/annotated"), help="folder of annotations (default: %(default)s)"
    )
    train.add_argument("--model", type=Path, help="folder to write (default: the package's own)")

    evaluate = _command(
        commands,
        "evaluate",
        _evaluate,
        "score the pipeline: leaving out each real vendor in turn, or on a folder of gold",
    )
    evaluate.add_argument("--gold", type=Path, help="folder of annotations on which the trained model is scored")
    evaluate.add_argument("--model", type=Path, help="folder of the model (default: the package's own)")
    evaluate.add_argument(
        "--agreement", type=Path, help="folder with the label files of two annotators: how far they agree"
    )
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, call: object, about: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=about,
        description=about[0].upper() + about[1:] + ".",
        epilog="examples:\n" + EXAMPLES[name],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=call)
    return parser


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no day; write year, month, day, as in 2026-06-30") from None


def _version() -> str:
    from importlib.metadata import version

    return version("vnpolicy")


def _run(options: argparse.Namespace) -> int:
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


def _train(options: argparse.Namespace) -> int:
    from pipeline.artefact import model_folder, save_model
    from pipeline.gold import read_gold
    from pipeline.train import train

    folder = options.model or model_folder()
    gold = read_gold(options.gold)
    print(f"training on {len(gold)} policies", file=sys.stderr)
    model, card = train(gold)
    save_model(model, card, folder)
    scores = card["cross_validation"]
    print(
        f"{folder}: {card['data']['units']} units; unseen vendors under cross-validation: "
        f"macro-F1 {scores['macro_f1']}, micro-F1 {scores['micro_f1']}, main label {scores['main_accuracy']}"
    )
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    import json

    from pipeline import evaluate
    from pipeline.gold import read_gold
    from pipeline.train import leave_one_vendor_out

    if options.agreement:
        result: Mapping[str, object] = evaluate.agreement(options.agreement)
    elif options.gold:
        result = evaluate.on_gold(read_gold(options.gold), options.model)
    else:
        result = leave_one_vendor_out(read_gold(Path("data/annotated")))
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
