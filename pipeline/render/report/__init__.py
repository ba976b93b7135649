"""`report.html`: the comparison in a browser, offline, with scripts of the page only.

Up to `SINGLE` policies the report is one file. Beyond, each policy has a page of its own in `report/`, so that the
overview stays quick. Policy text is untrusted: templates escape it, `text.py` shows what cannot be seen, and the
page's Content-Security-Policy runs nothing but the scripts that are written here (by hash) and loads nothing at all.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.batch import Batch
from pipeline.labels import labels
from pipeline.render.compared import compared
from pipeline.render.report import charts, policy
from pipeline.render.report.outstanding import Cards
from pipeline.render.report.overview import Overview
from pipeline.render.report.text import script_json, visible
from pipeline.render.terms import cautions, terms
from pipeline.replacing import replaced

if TYPE_CHECKING:
    from jinja2 import Environment

SINGLE = 50
"""Policies up to which their texts stand in the report itself: about 5 MB, which a mail still takes."""

LONGEST = 300
"""Characters of a quote in the overview beyond `SINGLE` policies; the page of the policy has it whole."""

SHOWN = 20
"""Changed sentences of a vendor in the view of changes; the page of the policy has all of them."""

FOLDER = "report"
OURS = '<meta name="generator" content="vnpolicy">'
"""Marks a page as made by a run, in its head."""

PAGE = ("page.js", "policy.js", "start.js")
OVERVIEW = (
    *("dataTables.min.js", "page.js", "policy.js", "evidence.js", "heatmap.js", "comparison.js", "side.js"),
    *("charts.js", "start.js"),
)
"""Scripts of the page of a policy and of the report, in the order in which they run."""


class Brought(NamedTuple):
    """What the run brought of a vendor; `href` leads to the page of its policy, empty where it has none."""

    vendor: str
    href: str
    changed: policy.Changed


def write(batch: Batch, folder: Path) -> Path:
    """Writes `report.html`, and beyond `SINGLE` policies their pages beside it; returns its path.

    What the run brought has a view of its own, and stands word by word on the page of the policy that changed.
    """
    seen = compared(batch)
    if not batch.requirements:
        seen = replace(seen, regimes=())
    single = len(seen.analyses) <= SINGLE
    keys = {doc_id: _key(doc_id) for doc_id in seen.vendors}
    hrefs = {d: f"#view=policy&doc={key}" if single else f"{FOLDER}/{key}.html#view=policy" for d, key in keys.items()}
    diffs = {diff.doc_id: diff for diff in batch.diffs if not diff.quarantine}
    overview, pages = Overview(seen.regimes, None if single else LONGEST), []
    for analysis in seen.analyses:
        doc_id = analysis.policy.doc_id
        page = policy.page(keys[doc_id], analysis, seen, diffs.get(doc_id))
        overview.add(page.key, hrefs[doc_id], analysis.policy, seen)
        if single:
            pages.append(page)
        else:
            (folder / FOLDER).mkdir(exist_ok=True)
            _write(folder / FOLDER / f"{page.key}.html", "page.html", PAGE, {"page": page})
    context = {
        "data": overview.data(),
        "regimes": seen.regimes,
        "pages": pages,
        "outstanding": Cards(seen, hrefs).all(),
        "charts": charts.charts(seen),
        "brought": [Brought(visible(d.vendor), hrefs.get(d.doc_id, ""), policy.changed(d)) for d in batch.diffs],
        "shown": SHOWN,
        "failures": batch.failures,
        "as_of": batch.as_of.isoformat(),
    }
    _write(folder / "report.html", "report.html", OVERVIEW, context)
    _cleared(folder / FOLDER, kept=set() if single else {f"{key}.html" for key in keys.values()})
    return folder / "report.html"


def _cleared(folder: Path, kept: set[str]) -> None:
    """Removes the pages of an earlier run, of policies that are gone, and the folder where nothing is left in it."""
    for path in folder.glob("*.html"):
        if path.name not in kept and OURS in path.read_text(encoding="utf-8", errors="replace")[:2000]:
            path.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _write(path: Path, template: str, scripts: Sequence[str], context: Mapping[str, Any]) -> None:
    text = _templates().get_template(template).render(assets=_assets(tuple(scripts)), **context)
    with replaced(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def _key(doc_id: str) -> str:
    """A name for a document that can stand in an address and in a file name, the same in every run.

    >>> _key("1boss"), _key("a/Chính sách")
    ('1boss', 'a-chinh-sach-026294')
    """
    bare = unicodedata.normalize("NFD", doc_id.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:60]
    return slug if slug == doc_id else f"{slug}-{hashlib.sha256(doc_id.encode()).hexdigest()[:6]}".strip("-")


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("pipeline.render.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"terms": terms(), "cautions": cautions(), "labels": labels()}
    environment.filters["script_json"] = script_json
    return environment


@cache
def _assets(scripts: tuple[str, ...]) -> Mapping[str, str]:
    """Style and script of a page as text that may stand in it, and the policy that allows these and nothing else."""
    from markupsafe import Markup

    static = files("pipeline.render.report") / "static"
    style = _templates().get_template("report.css").render()
    script = '"use strict";\n' + "\n".join((static / name).read_text(encoding="utf-8") for name in scripts)
    allowed = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "img-src data:",  # a chart on its way to a PNG
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return {"style": Markup(style), "script": Markup(script), "policy": allowed}


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
