"""`vnpolicy review`: sentences and answers of a run for people to label and judge, and what they say back."""

import argparse
import json
import os
import sys
from importlib.metadata import version
from pathlib import Path

from pipeline.cli.command import Command
from pipeline.replacing import replaced

SENTENCES = 200
"""An afternoon's work: half a minute each."""

DOUBTFUL = 50
"""Sentences beside the answers, of which there are some thirty a policy."""


def _options(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(required=True, metavar="STEP", dest="step")
    export = steps.add_parser("export", help="write sentences to label, or answers to judge")
    export.add_argument("run", type=Path, metavar="FOLDER", help="what `vnpolicy run` wrote, or a folder of gold")
    export.add_argument("out", type=Path, metavar="FILE", help="file to write: .xlsx, or .json for Label Studio")
    export.add_argument(
        "--for",
        dest="subject",
        choices=("labels", "findings"),
        default="labels",
        help="categories of sentences, or verdicts on answers and doubtful sentences",
    )
    export.add_argument("--format", choices=("xlsx", "labelstudio"), help="default: by the end of the file's name")
    export.add_argument(
        "--sentences", type=int, metavar="N", help=f"how many at most (default: {SENTENCES}; {DOUBTFUL} beside answers)"
    )
    export.add_argument("--all", action="store_true", help="also answers that reviewers have settled")
    export.set_defaults(act=_export)
    back = steps.add_parser("import", help="check a file that came back and keep what it says")
    back.add_argument("file", type=Path, metavar="FILE", help="the workbook, or the JSON export of Label Studio")
    into = back.add_mutually_exclusive_group(required=True)
    into.add_argument("--gold", type=Path, help="folder of annotations for labels to be added to; made where missing")
    into.add_argument("--out", type=Path, help="what `vnpolicy run` wrote, whose store is to keep the verdicts")
    back.add_argument("--replace", action="store_true", help="with --out: a new verdict stands for the reviewer's old")
    back.add_argument("--reviewer", default="", metavar="NAME", help="who filled in rows that name nobody")
    back.set_defaults(act=_import)
    report = steps.add_parser("report", help="how often reviewers found answers right, and how far they agree")
    report.add_argument("run", type=Path, metavar="OUT", help="what `vnpolicy run` wrote")
    report.add_argument("--json", action="store_true", help="print JSON")
    report.set_defaults(act=_report)
    config = steps.add_parser("config", help="print the labelling interface for a project of Label Studio")
    config.set_defaults(act=_config)


def _call(options: argparse.Namespace) -> int:
    return int(options.act(options))


def _export(options: argparse.Namespace) -> int:
    studio = (options.format or options.out.suffix.lstrip(".")) in ("labelstudio", "json")
    _free(options.out)
    if options.subject == "findings":
        print(_findings(options, studio))
    else:
        print((_gold if (options.run / "labels").is_dir() else _questions)(options, studio))
    return 0


def _findings(options: argparse.Namespace, studio: bool) -> str:
    from pipeline.errors import ReviewError
    from pipeline.render import data, form
    from pipeline.review import asked, verdict_sheet
    from pipeline.store import open_store

    if studio:
        raise ReviewError(str(options.out), "answers are judged in a workbook", "Name a file that ends in .xlsx")
    tables = {name: data.read(name, options.run) for name in ("policies", "sentences", "clauses")}
    with open_store(options.run) as store:
        rows = asked.findings(store, options.all)
        doubtful = asked.sentences(store, tables, DOUBTFUL if options.sentences is None else options.sentences)
        made = verdict_sheet.form([*rows, *doubtful], store.identity)
    with replaced(options.out) as unfinished:
        form.write(made, unfinished)
    return f"{options.out}: {len(rows)} answers and {len(doubtful)} sentences to judge"


def _gold(options: argparse.Namespace, studio: bool) -> str:
    from pipeline.errors import ReviewError
    from pipeline.gold import read_gold
    from pipeline.review import labelstudio

    if not studio:
        raise ReviewError(str(options.run), "it holds gold, which has labels", "Export it for Label Studio, as .json")
    tasks = labelstudio.from_gold(read_gold(options.run))
    _as_json(tasks, options.out)
    return f"{options.out}: {len(tasks)} annotated policies"


def _questions(options: argparse.Namespace, studio: bool) -> str:
    from pipeline.render import data, form
    from pipeline.review import labels, labelstudio, sheet, texts

    tables = {name: data.read(name, options.run) for name in ("policies", "sentences", "clauses")}
    questions = labels.questions(tables, SENTENCES if options.sentences is None else options.sentences)
    sources = texts.sources(options.run, tables["policies"], {q.document for q in questions})
    if studio:
        made = f"vnpolicy {version('vnpolicy')}"
        tasks = [labelstudio.from_predictions(s, labels.said_of(tables, s.name), made) for s in sources.values()]
        _as_json(tasks, options.out)
    else:
        with replaced(options.out) as unfinished:
            form.write(sheet.form(questions, sources), unfinished)
    return f"{options.out}: {len(questions)} sentences of {len(sources)} policies"


def _free(path: Path) -> None:
    """Refuses before any work is done what cannot be written at its end."""
    from pipeline.errors import OutputError

    if path.exists():
        raise OutputError(str(path), "it is there, and may hold a reviewer's work", "Give another name")
    if not os.access(path.absolute().parent, os.W_OK | os.X_OK):
        raise OutputError(str(path), "its folder is not there or cannot be written", "Name another file")


def _as_json(tasks: object, path: Path) -> None:
    with replaced(path) as unfinished:
        unfinished.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _import(options: argparse.Namespace) -> int:
    return _verdicts(options) if options.out else _labels(options)


def _verdicts(options: argparse.Namespace) -> int:
    from pipeline.render import form
    from pipeline.review import keep

    done = keep.take(form.read(options.file), options.out, options.reviewer, options.replace)
    for line in done.refused:
        print(f"vnpolicy: {line}", file=sys.stderr)
    print(f"{options.out}: {done.new} verdicts kept, {done.known} there already, {len(done.refused)} refused")
    if done.new:
        print("They show in the reports after the next `vnpolicy run`; figures: vnpolicy review report", options.out)
    return int(bool(done.refused))


def _report(options: argparse.Namespace) -> int:
    from pipeline.review import answers, report
    from pipeline.store import open_store

    with open_store(options.run) as store:
        found = report.of(store.verdicts(), answers.states(store))
    print(json.dumps(found, ensure_ascii=False, indent=1) if options.json else report.text(found))
    return 0


def _labels(options: argparse.Namespace) -> int:
    from pipeline.render import form
    from pipeline.review import folder, labelstudio, sheet

    if options.file.suffix.lower() == ".json":
        sources, taken, refused = labelstudio.read(read_json(options.file), options.reviewer)
    else:
        sources, taken, refused = sheet.filled(form.read(options.file), options.reviewer)
    done = folder.add(options.gold, sources, taken)
    for line in [*refused, *done.refused]:
        print(f"vnpolicy: {line}", file=sys.stderr)
    count = len(refused) + len(done.refused)
    print(f"{options.gold}: {done.new} units added, {done.known} there already, {count} refused")
    return int(count > 0)


def read_json(path: Path) -> object:
    """What a JSON file holds. Raises `ReviewError` where it cannot be read, or is none."""
    from pipeline.errors import ReviewError

    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReviewError(str(path), f"cannot be read ({error.strerror or error})", "Name the file") from error
    except (ValueError, RecursionError) as error:
        raise ReviewError(str(path), f"no JSON ({error})", "Export the project again, as JSON") from error


def _config(options: argparse.Namespace) -> int:
    from pipeline.review.labelstudio import config

    print(config(), end="")
    return 0


COMMAND = Command(
    name="review",
    about="have people label doubtful sentences and judge answers",
    examples="""vnpolicy review export --for labels build review.xlsx
vnpolicy review import review.xlsx --gold my/gold --reviewer "Lan Anh"
vnpolicy review export --for labels build review.json
vnpolicy review export data/annotated gold.json
vnpolicy review export --for findings build answers.xlsx
vnpolicy review import answers.xlsx --out build --reviewer "Lan Anh"
vnpolicy review report build
vnpolicy review config""",
    options=_options,
    call=_call,
)
