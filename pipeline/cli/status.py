"""`vnpolicy status`: what a run would do, and why."""

import argparse
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from pipeline.cli.command import Command, day


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", help="folder or file")
    parser.add_argument("--out", type=Path, required=True, help="folder of the last run")
    parser.add_argument("--model", type=Path, help="folder of the model (default: the package's own)")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="day whose law counts (default: today)")
    parser.add_argument("--all", action="store_true", help="print the documents that are up to date too")


def _call(options: argparse.Namespace) -> int:
    from pipeline.run.plan import UP_TO_DATE
    from pipeline.run.status import status

    up_to_date = 0
    for document in status(options.source, options.out, options.model, options.as_of):
        done = set(document.reasons.values()) == {UP_TO_DATE}
        up_to_date += done
        if not done or options.all:
            print(document.doc_id, document.version or "-", _said(document.reasons), sep="\t")
    print(f"{up_to_date} documents up to date")
    return 0


def _said(reasons: Mapping[str, str]) -> str:
    """Stages with the same reason in a row are named by the first and the last of them."""
    parts = []
    for reason, group in groupby(reasons.items(), key=lambda pair: pair[1]):
        stages = [stage for stage, _ in group]
        parts.append(f"{stages[0]}{'..' + stages[-1] if len(stages) > 1 else ''}: {reason}")
    return "; ".join(parts)


COMMAND = Command(
    name="status",
    about="say for each document and stage what a run would do, and why",
    examples="""vnpolicy status data/raw --out build
vnpolicy status data/raw --out build --all""",
    options=_options,
    call=_call,
)
