"""What notebooks and other programs call: one policy, a comparison of several, tables as DataFrames.

Everything here is also on the package itself, loaded when first used: `import pipeline as vn`.

>>> import pipeline as vn
>>> analysis = vn.analyse(
...     "Chính sách bảo mật\\n\\n1. Lưu trữ\\nChúng tôi lưu trữ thông tin cá nhân của quý khách trong 24 tháng.\\n"
...     "2. Liên hệ\\nMọi yêu cầu về dữ liệu cá nhân xin gửi tới email lienhe@hoasen.example."
... )
>>> [(entity.kind, entity.value) for entity in analysis.entities if entity.kind in ("retention", "email")]
[('retention', 'P24M'), ('email', 'lienhe@hoasen.example')]
>>> [finding.answer for finding in vn.compare([analysis]).findings if finding.attribute == "retention"]
[('P24M',)]
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.artefact import load_model as load_saved
from pipeline.artefact import model_folder
from pipeline.batch import Batch
from pipeline.errors import SourceError
from pipeline.gold import read_gold
from pipeline.ingest import READERS, from_text, read
from pipeline.labels import labels
from pipeline.records import Analysis
from pipeline.run import Analyser, add_findings, add_standings
from pipeline.sources import discover
from pipeline.store import open_store

if TYPE_CHECKING:
    import pandas

    from pipeline.classifier import ClauseClassifier

__all__ = ["analyse", "compare", "comparison_frame", "frame", "load_model", "open_store", "opp115", "read_gold"]

LONGEST_PATH = 1000
"""Characters; asking the file system after longer names is an error of its own."""


@cache
def _analyser(folder: Path) -> Analyser:
    return Analyser(folder)


def analyse(source: str | Path, *, model: Path | None = None) -> Analysis:
    """All that one policy yields, from the path of a file or from the policy's text itself.

    A `Path`, or a string that names a file, is read as `vnpolicy run` reads it; any other string is the text. `model`
    is the folder of the model, the package's own by default; it is loaded once. Raises a `DocumentError` where the
    document cannot be used, `SourceError` where a path leads to no file.
    """
    analyser = _analyser(model or model_folder())
    if _is_path(source):
        if Path(source).is_dir():
            raise SourceError(str(source), "a folder", "Call analyse for each file in it, or run `vnpolicy run`")
        return analyser(read(discover(str(source))[0]))
    return analyser(from_text(str(source)))


def _is_path(source: str | Path) -> bool:
    """A mistyped path is a path too: one word on one line that ends like a file of ours."""
    if isinstance(source, Path):
        return True
    if not source or "\n" in source or len(source) > LONGEST_PATH:
        return False
    return source.lower().endswith(tuple(READERS)) or Path(source).exists()


def load_model(folder: Path | None = None) -> "ClauseClassifier":
    """The trained classifier, a scikit-learn estimator. Raises `ModelError` where there is none that fits."""
    from pipeline.classifier import ClauseClassifier

    return ClauseClassifier.of(load_saved(folder or model_folder()).model.learned())


def compare(analyses: Iterable[Analysis], *, as_of: date | None = None) -> Batch:
    """Findings and legal requirements of all `analyses`; completeness by the law of `as_of`, of today by default."""
    return add_standings(add_findings(Batch(analyses=list(analyses)), as_of or date.today()))


def frame(batch: Batch, table: str = "findings") -> "pandas.DataFrame":
    """One of the data tables (`findings`, `requirements`, `sentences`, `clauses`, `entities` ...) as a DataFrame.

    Columns are those of the files that `vnpolicy run` writes. Raises `KeyError` for another name, `ImportError` where
    pandas is not installed (extra `notebooks`).
    """
    import pandas

    from pipeline.render.tables import COLUMNS, TABLES

    return pandas.DataFrame(TABLES[table](batch), columns=list(COLUMNS[table]))


def comparison_frame(batch: Batch, attributes: Sequence[str] = ()) -> "pandas.DataFrame":
    """The comparison in Vietnamese words: one row a vendor, one column an attribute, all attributes by default."""
    import pandas

    from pipeline.render.comparison import cell

    wanted = {a.policy.doc_id: a.policy.vendor for a in batch.analyses if a.policy.doc_id in batch.compared}
    rows: dict[str, dict[str, str]] = {vendor: {} for vendor in wanted.values()}
    for finding in batch.findings:
        if finding.doc_id in wanted and (not attributes or finding.attribute in attributes):
            rows[wanted[finding.doc_id]][finding.attribute] = cell(finding)
    return pandas.DataFrame.from_dict(rows, orient="index", columns=list(attributes) or None)


def opp115() -> dict[str, str]:
    """Clause category -> nearest category of the English corpus OPP-115, empty where it has none.

    >>> opp115()["retention"], opp115()["complaints"]
    ('Data Retention', '')
    """
    return {label.id: label.opp115 for label in labels()}
