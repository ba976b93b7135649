"""Commands that the documentation tells a user to type are ones that the parser takes."""

import re
import shlex
from pathlib import Path

import pytest

from pipeline.cli import parser

DOCS = Path(__file__).parent.parent / "docs"
LINES = [
    (path.name, line)
    for path in sorted(DOCS.glob("*.md"))
    for block in re.findall(r"^```\w*\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if line.startswith("vnpolicy ")
]


def test_there_are_commands() -> None:
    assert len(LINES) >= 6


@pytest.mark.parametrize(("page", "line"), LINES)
def test_command_is_taken(page: str, line: str) -> None:
    parser().parse_args(shlex.split(line.split(" #")[0])[1:])
