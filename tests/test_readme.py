"""The README names what a user gets: every data table, every report, both commands to begin with."""

from pathlib import Path

import pytest

from pipeline.render.tables import TABLES

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
REPORTS = ("report.html", "comparison.xlsx", "comparison.csv", "comparison.md", "comparison.json", "run.json", "store/")


@pytest.mark.parametrize("name", [*TABLES, *REPORTS])
def test_it_names(name: str) -> None:
    assert f"`{name}`" in README


def test_it_begins_with_two_commands() -> None:
    assert "\nmake run " in README[:1000]
    assert "\nmake test " in README[:1000]
