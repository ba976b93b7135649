"""House rules that a reader would otherwise have to check: which module may import which."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "pipeline"
LEVELS = [
    {"errors", "interrupt", "spacy_doc"},
    {"records", "automaton", "replacing", "periods", "lists"},
    {"sieve"},
    {"batch", "labels", "attributes", "nlp", "fingerprint", "instruments"},
    {"regimes", "intervals"},
    {"gold", "features", "around", "formats", "prevalence", "sources"},
    {"predictor"},
    {"classifier"},
    {"likeness"},
    {"choose", "card"},
    {"ingest", "segment", "entities", "classify", "findings", "field", "render"},
    {"artefact", "changes", "store"},
    {"pictures"},
    {"evaluate"},
    {"review"},
    {"train", "run"},
    {"learning", "floors"},
    {"cli", "api"},
]
HEAVY = {
    "sklearn",
    "py3langid",
    "pyarrow",
    "phonenumbers",
    "skops",
    "joblib",
    "charset_normalizer",
    "rapidfuzz",
    "rich",
    "stdnum",
    "markdown_it",
    "ahocorasick",
    "xlsxwriter",
    "matplotlib",
    "openpyxl",
    "duckdb",
    "filelock",
    "distributed",
    "spacy",
    "pandas",
    "jinja2",
    "markupsafe",
}
MODULES = sorted(
    path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE
)


def level(name: str) -> int:
    return next(i for i, names in enumerate(LEVELS) if name in names)


def top(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_go_downward(path: Path) -> None:
    own = top(path)
    for name in imports(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        parts = name.split(".")
        if (
            parts[0] == "pipeline"
            and len(parts) > 1
            and parts[1] != own
            and (PACKAGE / parts[1]).with_suffix(".py").exists() | (PACKAGE / parts[1]).is_dir()
        ):
            assert level(parts[1]) < level(own), f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    """`vnpolicy --help` must not load them; the modules of the classifier are loaded by who needs a model only."""
    if path.name in ("features.py", "around.py", "predictor.py", "classifier.py"):
        return
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not {name.split(".")[0] for name in imports(tree)} & HEAVY


def test_every_module_has_a_level_and_a_docstring() -> None:
    assert {top(path) for path in MODULES} == set().union(*LEVELS)
    for path in MODULES:
        assert ast.get_docstring(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))), path
