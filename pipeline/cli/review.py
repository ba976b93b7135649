"""`vnpolicy review`: sentences out of a run for people to label, and their answers back into gold."""

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

from pipeline.cli.command import Command, written

SENTENCES = 200
"""An afternoon's work: half a minute each."""


def _options(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(required=True, metavar="STEP", dest="step")
    export = steps.add_parser("export", help="write the sentences from which the model would learn most")
    export.add_argument("run", type=Path, metavar="FOLDER", help="what `vnpolicy run` wrote, or a folder of gold")
    export.add_argument("out", type=Path, metavar="FILE", help="file to write: .xlsx, or .json for Label Studio")
    export.add_argument("--for", dest="subject", choices=("labels",), default="labels", help="what to ask for")
    export.add_argument("--format", choices=("xlsx", "labelstudio"), help="default: by the end of the file's name")
    export.add_argument(
        "--sentences", type=int, default=SENTENCES, metavar="N", help="how many at most (default: %(default)s)"
    )
    export.set_defaults(act=_export)
    back = steps.add_parser("import", help="check a file that came back and add it to a folder of gold")
    back.add_argument("file", type=Path, metavar="FILE", help="the workbook, or the JSON export of Label Studio")
    back.add_argument("--gold", type=Path, required=True, help="folder of annotations to add to; made where missing")
    back.add_argument("--reviewer", default="", metavar="NAME", help="who filled in rows that name nobody")
    back.set_defaults(act=_import)
    config = steps.add_parser("config", help="print the labelling interface for a project of Label Studio")
    config.set_defaults(act=_config)


def _call(options: argparse.Namespace) -> int:
    return int(options.act(options))


def _export(options: argparse.Namespace) -> int:
    studio = (options.format or options.out.suffix.lstrip(".")) in ("labelstudio", "json")
    print((_gold if (options.run / "labels").is_dir() else _questions)(options, studio))
    return 0


def _gold(options: argparse.Namespace, studio: bool) -> str:
    from pipeline.errors import ReviewError
    from pipeline.gold import read_gold
    from pipeline.review import labelstudio

    if not studio:
        raise ReviewError(str(options.run), "it holds gold, which has labels", "Export it for Label Studio, as .json")
    tasks = labelstudio.from_gold(read_gold(options.run))
    _new(options.out, partial(_as_json, tasks))
    return f"{options.out}: {len(tasks)} annotated policies"


def _questions(options: argparse.Namespace, studio: bool) -> str:
    from pipeline.render import data, form
    from pipeline.review import labels, labelstudio, sheet, texts

    tables = {name: data.read(name, options.run) for name in ("policies", "sentences", "clauses")}
    questions = labels.questions(tables, options.sentences)
    sources = texts.sources(options.run, tables["policies"], {q.document for q in questions})
    if studio:
        made = f"vnpolicy {version('vnpolicy')}"
        tasks = [labelstudio.from_predictions(s, labels.said_of(tables, s.name), made) for s in sources.values()]
        _new(options.out, partial(_as_json, tasks))
    else:
        _new(options.out, partial(form.write, sheet.form(questions, sources)))
    return f"{options.out}: {len(questions)} sentences of {len(sources)} policies"


def _new(path: Path, writer: Callable[[Path], None]) -> None:
    from pipeline.errors import OutputError

    if path.exists():
        raise OutputError(str(path), "it is there, and may hold a reviewer's work", "Give another name")
    written(path, writer)


def _as_json(tasks: object, path: Path) -> None:
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _import(options: argparse.Namespace) -> int:
    from pipeline.render import form
    from pipeline.review import folder, labelstudio, sheet

    if options.file.suffix.lower() == ".json":
        sources, taken, refused = labelstudio.read(_json(options.file), options.reviewer)
    else:
        sources, taken, refused = sheet.filled(form.read(options.file), options.reviewer)
    done = folder.add(options.gold, sources, taken)
    for line in [*refused, *done.refused]:
        print(f"vnpolicy: {line}", file=sys.stderr)
    count = len(refused) + len(done.refused)
    print(f"{options.gold}: {done.new} units added, {done.known} there already, {count} refused")
    return int(count > 0)


def _json(path: Path) -> object:
    from pipeline.errors import ReviewError

    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReviewError(str(path), f"cannot be read ({error.strerror or error})", "Name the file") from error
    except ValueError as error:
        raise ReviewError(str(path), f"no JSON ({error})", "Export the project again, as JSON") from error


def _config(options: argparse.Namespace) -> int:
    from pipeline.review.labelstudio import config

    print(config(), end="")
    return 0


COMMAND = Command(
    name="review",
    about="have people label the sentences from which the model would learn most",
    examples="""vnpolicy review export --for labels build review.xlsx
vnpolicy review import review.xlsx --gold my/gold --reviewer "Lan Anh"
vnpolicy review export --for labels build review.json
vnpolicy review export data/annotated gold.json
vnpolicy review config""",
    options=_options,
    call=_call,
)
