"""A run sends nothing anywhere, and writes nothing but its output folder."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

ROOT = Path(__file__).parent.parent

FORBIDDING = """
import socket
def refuse(*arguments, **options):
    raise PermissionError("the network was used")
socket.getaddrinfo = socket.create_connection = refuse
for name in ("connect", "connect_ex", "sendto"):
    def call(self, *arguments, _plain=getattr(socket.socket, name)):
        if self.family != socket.AF_UNIX:
            refuse()
        return _plain(self, *arguments)
    setattr(socket.socket, name, call)
"""
"""Read by every Python process as it starts, workers included; local pipes between processes stay."""


def run_away_from_home(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a world of its own: another home, working folder and temporary folder, and no network."""
    for name in ("home", "work", "tmp", "site"):
        (folder / name).mkdir()
    (folder / "site" / "sitecustomize.py").write_text(FORBIDDING, encoding="utf-8")
    environment = {
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(folder / "site"), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments],
        cwd=folder / "work",
        env=environment,
        capture_output=True,
        text=True,
    )


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_run_writes_into_its_output_folder_alone_and_needs_no_network(tmp_path: Path) -> None:
    copytree(ROOT / "data" / "raw", tmp_path / "raw")
    before = files(tmp_path / "raw")
    result = run_away_from_home(tmp_path, "run", str(tmp_path / "raw"), "--out", str(tmp_path / "out"), "--quiet")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out" / "comparison.xlsx").exists()
    assert files(tmp_path / "raw") == before
    assert [files(tmp_path / name) for name in ("home", "work", "tmp")] == [{}, {}, {}]


def test_the_network_really_is_forbidden_there(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(FORBIDDING, encoding="utf-8")
    code = "import socket; socket.socket().connect(('127.0.0.1', 9))"
    result = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(tmp_path / "site")}, capture_output=True, text=True
    )
    assert "PermissionError: the network was used" in result.stderr
