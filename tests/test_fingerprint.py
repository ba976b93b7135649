"""Fingerprints cover all that a result depends on, and change with it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import fingerprint

SHARED = {"errors.py", "labels.py", "spacy_doc.py", "__init__.py"}
"""Messages and readers of data that the fingerprints have: these change no result."""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of three files in the place of the real one."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.py").write_text("a = 1\n")
    (tmp_path / "inner" / "b.py").write_text("b = 1\n")
    (tmp_path / "inner" / "c.toml").write_text("c = 1\n")
    monkeypatch.setattr(fingerprint, "PACKAGE", tmp_path)
    fingerprint.of_files.cache_clear()
    yield tmp_path
    fingerprint.of_files.cache_clear()


def of_files(*names: str) -> str:
    fingerprint.of_files.cache_clear()
    return fingerprint.of_files(*names)


@pytest.mark.parametrize("name", ["a.py", "inner/b.py", "inner/c.toml"])
def test_a_change_of_any_file_shows(package: Path, name: str) -> None:
    before = of_files("a.py", "inner")
    (package / name).write_text("x = 2\n")
    assert of_files("a.py", "inner") != before


def test_a_new_file_and_a_new_name_show(package: Path) -> None:
    seen = [of_files("inner")]
    (package / "inner" / "d.py").write_text("")
    seen.append(of_files("inner"))
    (package / "inner" / "d.py").rename(package / "inner" / "e.py")
    assert len({*seen, of_files("inner")}) == 3


def test_what_python_leaves_behind_does_not_show(package: Path) -> None:
    before = of_files("inner")
    (package / "inner" / "__pycache__").mkdir()
    (package / "inner" / "__pycache__" / "b.cpython-311.pyc").write_bytes(b"x")
    assert of_files("inner") == before


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (("one", "law"), ("two", "law"), {"classify", "compare", "completeness"}),
        (("one", "law"), ("one", "other law"), {"compare", "completeness"}),
    ],
)
def test_model_and_laws_count_from_the_stage_that_asks_them(
    old: tuple[str, str], new: tuple[str, str], changed: set[str]
) -> None:
    one, two = fingerprint.of_stages(*old), fingerprint.of_stages(*new)
    assert {stage for stage in one if one[stage] != two[stage]} == changed


def test_fingerprints_are_the_same_every_time() -> None:
    one = fingerprint.of_stages("one")
    assert one == fingerprint.of_stages("one")
    assert all(re.fullmatch("[0-9a-f]{12}", value) for value in one.values())


def test_a_stage_changes_with_the_stages_it_rests_on(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint.of_stages("m")
    files = fingerprint.of_files
    monkeypatch.setattr(fingerprint, "of_files", lambda *names: "changed" if "segment" in names else files(*names))
    after = fingerprint.of_stages("m")
    assert [stage for stage in before if before[stage] != after[stage]] == [
        "segment", "extract", "classify", "compare", "completeness",
    ]  # fmt: skip


def files_of(stage: str) -> set[Path]:
    """All files that a stage's fingerprint is made of, those of the stages it rests on included."""
    names, rests_on = fingerprint.STAGES[stage]
    paths = [fingerprint.PACKAGE / name for name in names]
    assert all(path.exists() for path in paths)
    own = {file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))}
    return own.union(*(files_of(other) for other in rests_on))


def imported(path: Path) -> set[Path]:
    """Modules of the package that a module imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipeline"):
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    root = fingerprint.PACKAGE.parent
    found = [root / (name.replace(".", "/") + end) for name in names for end in (".py", "/__init__.py")]
    return {file for file in found if file.is_file()}


@pytest.mark.parametrize("stage", fingerprint.STAGES)
def test_all_that_a_stage_imports_is_in_its_fingerprint(stage: str) -> None:
    files = files_of(stage)
    missing = {p for file in files if file.suffix == ".py" for p in imported(file)} - files
    assert {path.name for path in missing} <= SHARED


@pytest.mark.parametrize("stage", fingerprint.STAGES)
def test_all_data_that_a_stage_names_is_in_its_fingerprint(stage: str) -> None:
    files = files_of(stage)
    named = {
        name
        for file in files
        if file.suffix == ".py"
        for name in re.findall(r"[\"/]([a-z_]+\.toml)\"", file.read_text(encoding="utf-8"))
    }
    assert named <= {file.name for file in files}


def test_files_that_a_model_must_fit_exist() -> None:
    assert all((fingerprint.PACKAGE / name).is_file() for name in fingerprint.MODEL_FILES)
