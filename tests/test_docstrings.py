"""The examples in the docstrings of every module hold, and all that is public has a docstring."""

import ast
import doctest
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from pipeline.entities import KINDS

PACKAGE = Path(__file__).parent.parent / "pipeline"
Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
MODULES = [
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "__main__.py"
]
SPECIFICATIONS = {kind.__name__ for kind in KINDS}
VERBS = {"triggers", "find", "canonical", "settle"}
"""What every kind of entity has; said once, in `pipeline.entities`."""


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.failed == 0
    assert result.attempted >= 3 or name not in SPECIFICATIONS


def test_there_are_many() -> None:
    assert sum("\n>>> " in path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")) >= 40


def public(node: ast.Module | ast.ClassDef, within: str = "") -> Iterator[tuple[str, Documented]]:
    """Functions and classes that others may use, and the methods of these, each with its name."""
    for child in node.body:
        if isinstance(child, Documented) and not child.name.startswith("_"):
            yield within + child.name, child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{child.name}.")


@pytest.mark.parametrize("name", MODULES)
def test_all_that_is_public_has_a_docstring(name: str) -> None:
    tree = ast.parse(Path(str(import_module(name).__file__)).read_text(encoding="utf-8"))
    bare = {found for found, node in public(tree) if not ast.get_docstring(node)}
    assert bare - (VERBS if name in SPECIFICATIONS else set()) == set()
