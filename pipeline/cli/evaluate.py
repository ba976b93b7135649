"""`vnpolicy evaluate`: how good the pipeline is, and the gate that keeps it so."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.cli.command import ANNOTATED, Command
from pipeline.replacing import replaced


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--gold", type=Path, help="folder of annotations on which the trained model is scored")
    parser.add_argument("--model", type=Path, help="folder of the model (default: the package's own)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--agreement", type=Path, help="folder with the label files of two annotators: how far they agree"
    )
    what.add_argument("--check", action="store_true", help="the gate: scores of the card against models/floors.json")
    what.add_argument("--pin", action="store_true", help="make the scores of the card the floors of the gate")
    what.add_argument("--card", action="store_true", help="draw the pictures of the card and write its page anew")
    what.add_argument(
        "--curves",
        action="store_true",
        help="what more labels buy, into the model's folder; goes on where it was stopped",
    )
    parser.add_argument("--allow-regression", action="store_true", help="let --pin lower a floor")


def _call(options: argparse.Namespace) -> int:
    from pipeline import evaluate
    from pipeline.artefact import model_folder
    from pipeline.gold import read_gold
    from pipeline.train import leave_one_vendor_out

    if options.check or options.pin:
        return _gate(options)
    if options.curves:
        return _curves(options)
    if options.card:
        from pipeline.pictures import draw

        for path in draw(options.model or model_folder()):
            print(path)
        return 0
    if options.agreement:
        result: Mapping[str, object] = evaluate.agreement(options.agreement)
    elif options.gold:
        result = evaluate.on_gold(read_gold(options.gold), options.model)
    else:
        result = leave_one_vendor_out(read_gold(ANNOTATED))
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return 0


def _curves(options: argparse.Namespace) -> int:
    from pipeline.artefact import code, model_folder
    from pipeline.gold import digest, read_gold
    from pipeline.learning import learning_curve, review_curve

    folder, gold = options.model or model_folder(), read_gold(options.gold or ANNOTATED)
    for name, curve in (("review", review_curve), ("learning", learning_curve)):
        path = folder / f"{name}.json"
        made: dict[str, Any] = {"data": digest(gold), "code": code(), "points": []}
        there = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else made
        if all(there.get(key) == made[key] for key in ("data", "code")):
            made = there
        for point in curve(gold, made["points"]):
            made["points"].append(point)
            with replaced(path) as unfinished:
                unfinished.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
            print(path, *(f"{key} {value}" for key, value in point.items() if isinstance(value, int | str)), flush=True)
    return 0


def _gate(options: argparse.Namespace) -> int:
    from pipeline.artefact import model_folder
    from pipeline.floors import check, pin
    from pipeline.gold import read_gold

    folder, gold = options.model or model_folder(), read_gold(options.gold or ANNOTATED)
    if options.pin:
        print(pin(gold, folder, allow_regression=options.allow_regression))
        return 0
    amiss = check(gold, folder)
    for line in amiss:
        print(f"vnpolicy: {folder}: {line}", file=sys.stderr)
    return 2 if amiss else 0


COMMAND = Command(
    name="evaluate",
    about="score the pipeline: leaving out each real vendor in turn, or on a folder of gold",
    examples="""vnpolicy evaluate
vnpolicy evaluate --gold my/gold
vnpolicy evaluate --agreement data/annotated/annotators/real
vnpolicy evaluate --check
vnpolicy evaluate --pin
vnpolicy evaluate --card""",
    options=_options,
    call=_call,
)
