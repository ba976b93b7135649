"""Tries an installation of the wheel away from the checkout: `python tests/installed.py ENVIRONMENT`.

Called by `make wheel`. Prints size, start-up and the seconds to a first table; exits with 1 where something is amiss.
"""

import subprocess
import sys
import time
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent


def seconds(*command: str, cwd: Path) -> float:
    """Wall seconds of a command that must succeed."""
    started = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main(environment: Path) -> int:
    """Runs the installed command on a copy of the five policies; returns the exit status."""
    command, python = str(environment / "bin" / "vnpolicy"), str(environment / "bin" / "python")
    with TemporaryDirectory() as name:
        away = Path(name)
        copytree(ROOT / "data" / "raw", away / "policies")
        where = subprocess.run(
            [python, "-c", "import pipeline; print(pipeline.__file__)"],
            cwd=away, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        if not Path(where).is_relative_to(environment):
            print(f"the package of the checkout was tried, not the installed one: {where}", file=sys.stderr)
            return 1
        first = seconds(command, "run", "policies", "--out", "out", "--quiet", cwd=away)
        again = seconds(command, "--help", cwd=away)
        loaded = seconds(python, "-c", "import pipeline", cwd=away)
        rows = (away / "out" / "comparison.csv").read_text(encoding="utf-8-sig").count("\n")
    wheel = next((ROOT / "dist").glob("*.whl"))
    size = wheel.stat().st_size / 1e6
    print(f"{wheel.name}: {size:.1f} MB; installed {_megabytes(environment)} MB with its libraries")
    print(f"first table {first:.1f} s; vnpolicy --help {again:.2f} s; import pipeline {loaded:.2f} s; {rows} rows")
    return 0


def _megabytes(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) // 1_000_000


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
