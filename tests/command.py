"""The command line for tests: in this process, which loads Python and the model once, or as a process of its own."""

import csv
import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from pipeline.cli import main

COMMAND = [sys.executable, "-m", "pipeline.cli"]


def vnpolicy(*arguments: str | Path, stdin: str = "") -> CompletedProcess[str]:
    """What `vnpolicy ARGUMENTS` prints, and its status."""
    given = io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8")), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    with patch("sys.stdin", given), redirect_stdout(out), redirect_stderr(err):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as ended:  # argparse ends the process
            status = int(ended.code or 0)
    return CompletedProcess(list(arguments), status, out.getvalue(), err.getvalue())


def typed(*arguments: str | Path) -> CompletedProcess[str]:
    """The same by a process of its own, as in a terminal."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=os.environ, check=False)


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table that it wrote."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))
