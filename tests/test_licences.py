"""The page of licences names every package that an installation brings."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def test_the_page_is_complete_and_all_are_compatible() -> None:
    spec = importlib.util.spec_from_file_location("licences", DOCS / "licences.py")
    assert spec and spec.loader
    licences = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(licences)
    page = (DOCS / "licences.md").read_text(encoding="utf-8")
    packages = {name: p for name, p in licences.closure().items() if name != licences.ROOT}
    assert {"scikit-learn", "underthesea", "spacy", "pandas"} <= set(packages)
    for package in packages.values():
        assert f"| {package.metadata['Name']} |" in page, "run: make licences"
        assert licences.COMPATIBLE.search(licences.licence(package)), package.metadata["Name"]
