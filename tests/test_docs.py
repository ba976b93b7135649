"""What the pages say is so: commands parse, links lead somewhere, examples run, quoted figures are the build's."""

import contextlib
import csv
import doctest
import io
import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from shutil import copytree
from typing import NamedTuple

import pytest

from pipeline.cli import main, parser
from pipeline.ingest import READERS
from pipeline.labels import labels
from pipeline.render.tables import COLUMNS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "data" / "annotated" / "README.md"]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANNOTATED = ROOT / "data" / "annotated"
TREE = ("pipeline/", "tests/", "docs/", "data/", "models/", "notebooks/", "benchmarks/")
TYPES = {str: "text", int: "number", float: "decimal", bool: "yes/no"}


class Block(NamedTuple):
    """A fenced block of a page."""

    page: str
    kind: str
    text: str


def blocks() -> Iterator[Block]:
    for name in NAMES:
        for kind, text in FENCE.findall((ROOT / name).read_text(encoding="utf-8")):
            yield Block(name, kind, text)


BLOCKS = list(blocks())
LINES = [(b.page, line) for b in BLOCKS for line in b.text.splitlines() if re.search(r"(?:^|[\s/\\])vnpolicy \w", line)]


def quoted(name: str) -> list[str]:
    """What stands between backticks in the running text of a page."""
    return re.findall(r"`([^`\n]+)`", FENCE.sub("", (ROOT / name).read_text(encoding="utf-8")))


def options_of(command: str) -> str:
    """The help of a command, with that of its steps."""
    whole = help_of([command])
    return whole + "".join(help_of([command, step]) for step in commands(whole))


def commands(text: str) -> list[str]:
    """The commands or steps that a help lists."""
    return re.findall(r"^    ([a-z]+)\b", text.partition("options:")[0], re.MULTILINE)


def help_of(words: list[str]) -> str:
    """What `--help` prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), pytest.raises(SystemExit) as left:
        parser().parse_args([*words, "--help"])
    assert left.value.code == 0
    return said.getvalue()


def test_there_is_much_to_check() -> None:
    assert len(LINES) >= 20
    assert sum(b.kind == "python" for b in BLOCKS) >= 3


@pytest.mark.parametrize(("page", "line"), LINES)
def test_a_line_to_type_is_taken(page: str, line: str) -> None:
    words = shlex.split(line.replace("\\", "/").split(" #")[0])
    command = next(i for i, word in enumerate(words) if re.fullmatch(r"(?:\S*/)?vnpolicy", word))
    parser().parse_args(words[command + 1 :])


@pytest.mark.parametrize("name", NAMES)
def test_commands_and_options_in_the_text_exist(name: str) -> None:
    for words in (q.split() for q in quoted(name) if q.startswith("vnpolicy ")):
        if re.fullmatch(r"[a-z]+", words[1]):
            said = options_of(words[1])
            assert [w for w in words if w.startswith("--") and w not in said] == [], words


@pytest.mark.parametrize("name", NAMES)
def test_options_that_stand_alone_are_options_of_some_command(name: str) -> None:
    whole = "".join(options_of(c) for c in commands(help_of([]))) + help_of([])
    for option in (q.split()[0] for q in quoted(name) if q.startswith("--")):
        assert option in whole or option in (ROOT / "Makefile").read_text(encoding="utf-8"), option


@pytest.mark.parametrize("name", NAMES)
def test_targets_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    page = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"(?:`|^)make ([a-z]+)", page, re.MULTILINE):
        assert re.search(rf"^{target}:.*##", makefile, re.MULTILINE), target


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", FENCE.sub("", page)):
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), link
        headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE) if anchor else []
        assert not anchor or anchor in {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}, link


@pytest.mark.parametrize("name", NAMES)
def test_paths_and_modules_that_are_named_exist(name: str) -> None:
    for said in quoted(name):
        if said.startswith(TREE) and not re.search(r"[A-Z]{3}|[\s<{]", said):
            assert list(ROOT.glob(said.rstrip("/"))), said
        elif re.fullmatch(r"pipeline(\.[a-z_0-9]+)+", said):
            assert exists(said), said


def exists(dotted: str) -> bool:
    """Whether it is a module, or what a module has."""
    parent, _, last = dotted.rpartition(".")
    try:
        if find_spec(dotted):
            return True
    except ModuleNotFoundError:
        pass
    return hasattr(__import__(parent, fromlist=[last]), last)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as pages suppose it: `data`, and `build` of two runs between which one policy changed."""
    folder = tmp_path_factory.mktemp("world")
    copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    raw, build = folder / "data" / "raw", folder / "build"
    assert main(["run", str(raw), "--out", str(build), "--quiet"]) == 0
    (folder / "first.json").write_bytes((build / "comparison.json").read_bytes())
    policy = raw / "kiotviet.txt"
    later = policy.read_text(encoding="utf-8") + "\nChúng tôi lưu trữ thông tin cá nhân trong 36 tháng.\n"
    policy.write_text(later, encoding="utf-8")
    assert main(["run", str(raw), "--out", str(build), "--quiet"]) == 0
    return folder


@pytest.mark.parametrize("name", sorted({b.page for b in BLOCKS if b.kind == "python"}))
def test_python_examples_run(name: str, world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world)
    names: dict[str, object] = {}
    for block in (b for b in BLOCKS if b.page == name and b.kind == "python"):
        if ">>> " in block.text:
            example = doctest.DocTestParser().get_doctest(block.text, names, name, name, 0)
            assert doctest.DocTestRunner(verbose=False).run(example).failed == 0
        else:
            exec(compile(block.text, name, "exec"), names)


def test_the_dictionary_has_every_column() -> None:
    page = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    said = {
        table: dict(re.findall(r"^\| `(\w+)` \| ([a-z/]+) \|", part, re.MULTILINE))
        for table, part in re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    }
    wanted = {table: {name: TYPES[kind] for name, kind in columns.items()} for table, columns in COLUMNS.items()}
    assert said == wanted
    assert [*said] == [*wanted]
    assert all([*said[table]] == [*wanted[table]] for table in wanted), "in the order of the columns"


def test_the_dictionary_names_every_file_of_a_run(world: Path) -> None:
    said = set(quoted("docs/files.md"))
    for path in (world / "build").iterdir():
        table = path.stem in COLUMNS and f"*{path.suffix}" in said
        assert table or path.name + "/" * path.is_dir() in said, path.name


def test_the_dictionary_names_what_a_run_reads() -> None:
    assert set(READERS) == {said for said in quoted("docs/files.md") if re.fullmatch(r"\.[a-z]+", said)} - {".csv"}


def test_the_annotation_guide_has_every_category() -> None:
    page = (ROOT / "docs" / "annotation-guide.md").read_text(encoding="utf-8")
    part = page.partition("## Clause categories")[2].partition("### ")[0]
    assert re.findall(r"^\| `(\w+)` \| (.+?) \|", part, re.MULTILINE) == [(label.id, label.vi) for label in labels()]


def test_tests_that_are_named_exist() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    for name in (said for page in NAMES for said in quoted(page) if re.fullmatch(r"test_\w+", said)):
        assert f"def {name}(" in tests, name


def test_the_readme_quotes_the_card_and_the_run(world: Path) -> None:
    script = run_path(str(ROOT / "docs" / "readme.py"))
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    card = json.loads((ROOT / "models" / "clauses" / "card.json").read_text(encoding="utf-8"))
    first = json.loads((world / "first.json").read_text(encoding="utf-8"))
    for name, text in {"accuracy": script["accuracy"](card), "table": script["table"](first)}.items():
        start, end = script["block"](name, page)
        assert page[start:end] == text, "run: make readme"


def test_the_data_statement_counts_right() -> None:
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    rows = {name: said for name, *said in re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)}
    counts: dict[str, Counter[str]] = {"documents": Counter(), "labels": Counter(), "entities": Counter()}
    with (ANNOTATED / "documents.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            counts["documents"][row["origin"]] += 1
            units, entities = (ANNOTATED / kind / f"{row['doc_id']}.tsv" for kind in ("labels", "entities"))
            counts["labels"][row["origin"]] += len(units.read_text(encoding="utf-8").splitlines())
            counts["entities"][row["origin"]] += entities.exists()
    for name, kind in zip(("policies", "labelled units", "policies with annotated entities"), counts, strict=True):
        assert rows[name] == [f"{counts[kind][origin]:,}" for origin in ("real", "authored")]
