"""`vnpolicy diff`: what changed between two versions of a policy."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.command import Command

if TYPE_CHECKING:
    from pipeline.records import Analysis
    from pipeline.render.diff import Diff

FORMATS = ("terminal", "markdown", "html", "json")


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", help="file of the old version")
    parser.add_argument("new", help="file of the new version")
    parser.add_argument("--format", choices=FORMATS, default="terminal", help="default: %(default)s")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write to a file, not to the terminal")
    parser.add_argument("--cosmetic", action="store_true", help="list cosmetic edits too, not only their number")
    parser.add_argument("--model", type=Path, help="folder of the model (default: the package's own)")


def _call(options: argparse.Namespace) -> int:
    from pipeline.ingest import discover, read
    from pipeline.run import Analyser

    analyser = Analyser(options.model)
    old, new = (analyser(read(discover(name)[0])) for name in (options.old, options.new))
    _show([_diff(old, new)], options)
    return 0


def _diff(old: "Analysis", new: "Analysis") -> "Diff":
    from pipeline.changes import changes
    from pipeline.changes.quarantine import quarantine
    from pipeline.render.diff import Diff, Side

    was, now = (Side(a.policy.source, a.policy.version, a.policy.retrieved_at) for a in (old, new))
    broken = quarantine(old, new)
    return Diff(new.policy.vendor, was, now, () if broken else changes(old, new), broken)


def _show(diffs: "Sequence[Diff]", options: argparse.Namespace) -> None:
    from rich.console import Console

    from pipeline.render import diff

    if options.format == "terminal":
        with options.output.open("w", encoding="utf-8") if options.output else sys.stdout as out:
            diff.terminal(diffs, Console(file=out, width=None if out.isatty() else 160), cosmetic=options.cosmetic)
        return
    text = {
        "markdown": lambda: diff.markdown(diffs, cosmetic=options.cosmetic),
        "html": lambda: "\n".join(diff.html(one, cosmetic=options.cosmetic) for one in diffs),
        "json": lambda: diff.json(diffs),
    }[options.format]()
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)


COMMAND = Command(
    name="diff",
    about="what changed between two versions of a policy: answers, sentences, and what is cosmetic only",
    examples="""vnpolicy diff old.txt new.txt
vnpolicy diff old.html new.html --format markdown --output changes.md
vnpolicy diff old.txt new.txt --format json""",
    options=_options,
    call=_call,
)
