"""What the README tells a user to type exists."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"vnpolicy (\w+)((?: --[\w-]+)*)", README)))
TARGETS = sorted(set(re.findall(r"`make (\w+)`", README)))


def test_it_names_commands_and_targets() -> None:
    assert len(COMMANDS) >= 3
    assert {"run", "test"} <= set(TARGETS)


@pytest.mark.parametrize("name", sorted({name for name, _ in COMMANDS}))
def test_command_and_its_options_exist(name: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", name, "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    for line in README.splitlines():
        if f"vnpolicy {name} " in line:
            for option in re.findall(r"--[\w-]+", line.split("#")[0].split("`")[-2] if "`" in line else line):
                assert option in said, f"{option} in {line!r}"


@pytest.mark.parametrize("target", TARGETS)
def test_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_linked_files_exist() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / link).exists(), link
