"""The page of licences names every package that an installation brings."""

from pathlib import Path
from runpy import run_path

DOCS = Path(__file__).parent.parent / "docs"


def test_the_page_is_complete_and_all_are_compatible() -> None:
    script = run_path(str(DOCS / "licences.py"))
    page = (DOCS / "licences.md").read_text(encoding="utf-8")
    packages = {name: p for name, p in script["closure"]().items() if name != script["ROOT"]}
    assert {"scikit-learn", "pyarrow", "spacy", "pandas"} <= set(packages)
    for package in packages.values():
        assert f"| {package.metadata['Name']} |" in page, "run: make licences"
        assert script["COMPATIBLE"].search(script["licence"](package)), package.metadata["Name"]
