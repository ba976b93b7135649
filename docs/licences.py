"""The licence of every package that an installation brings: `python docs/licences.py` writes `docs/licences.md`.

Read from the packages' own metadata. Exits with 1 where one is not known to let this project be used, changed and
passed on under its own licence: such a package is read about before it becomes a dependency.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

PAGE = Path(__file__).parent / "licences.md"
ROOT = "vnpolicy"
SHIPPED = ("spacy", "notebooks", "dask", "plots")
"""Extras of ours that users install; those of developers bring nothing to a user."""

WITHIN = {"DataTables (in report.html)": "MIT"}
"""What lies in the package itself, with its licence beside it: pipeline/render/report/static."""

COMPATIBLE = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla|LGPL|Lesser General Public|Zlib|CC0)\b",
    re.IGNORECASE,
)
"""Permissive ones, and those whose terms bind only changes to the package itself (MPL, LGPL)."""


def licence(package: Distribution) -> str:
    """What the metadata say: an expression before classifiers before free text before the licence's first lines."""
    said = package.metadata
    classified = [c.split(" :: ")[-1] for c in said.get_all("Classifier") or [] if c.startswith("License :: OSI")]
    names = [c for c in classified if c != "OSI Approved"]
    files = [f for f in package.files or [] if f.name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))]
    texts = [said.get("License") or "", *("\n".join(f.read_text().splitlines()[:3]) for f in files)]
    words = [line for text in texts for line in text.splitlines()]
    return said.get("License-Expression") or "; ".join(names) or next(filter(COMPATIBLE.search, words), "").strip()


def closure(name: str = ROOT, extras: tuple[str, ...] = SHIPPED) -> dict[str, Distribution]:
    """Installed packages that `name` needs, directly or not, by name in lower case; absent ones are passed over."""
    found: dict[str, Distribution] = {}
    wanted = [(name, extras)]
    while wanted:
        current, with_extras = wanted.pop()
        try:
            package = distribution(current)
        except PackageNotFoundError:  # for another system or another Python
            continue
        key = package.metadata["Name"].lower()
        if key in found and not with_extras:
            continue
        found[key] = package
        for line in package.requires or []:
            need = Requirement(line)
            if need.name.lower() not in found and (
                need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *with_extras))
            ):
                wanted.append((need.name, tuple(need.extras)))
    return found


def main() -> int:
    """Writes the page; returns the exit status."""
    packages = {name: p for name, p in sorted(closure().items()) if name != ROOT}
    rows = [f"| {p.metadata['Name']} | {licence(p) or '?'} |" for p in packages.values()]
    rows += [f"| {name} | {said} |" for name, said in WITHIN.items()]
    lines = [
        "# Licences of the packages that vnpolicy brings",
        "",
        "Made by `make licences` from the packages' own metadata. All of them let vnpolicy be used, changed and",
        "passed on under its own licence; the terms of MPL and LGPL bind only changes to the packages themselves.",
        "",
        "| package | licence |",
        "| --- | --- |",
        *rows,
    ]  # fmt: skip
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    strange = [name for name, p in packages.items() if not COMPATIBLE.search(licence(p))]
    if strange:
        print(f"read the licence before shipping: {', '.join(strange)}", file=sys.stderr)
    return int(bool(strange))


if __name__ == "__main__":
    sys.exit(main())
