"""The package as notebooks use it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

import pipeline as vn
from pipeline import api
from pipeline.artefact import Saved
from pipeline.classifier import RIDGE
from pipeline.errors import EmptyFile, NotVietnamese, SourceError
from pipeline.train import Examples

ROOT = Path(__file__).parent.parent
RAW = ROOT / "data" / "raw"


def test_the_package_names_what_the_api_has() -> None:
    assert set(vn.__all__) == set(api.__all__) <= set(dir(vn))
    with pytest.raises(AttributeError, match="no attribute 'analyze'"):
        vn.analyze  # noqa: B018


def test_import_is_quick_because_it_loads_nothing() -> None:
    code = "import sys, pipeline; print(sorted({'numpy', 'sklearn', 'pandas', 'pyarrow'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert said.strip() == "[]"


def test_the_loaded_model_is_an_estimator_of_scikit_learn(trained: Saved, dozen: Examples) -> None:
    model = vn.load_model()
    assert clone(model).get_params() == {"ridge": RIDGE}
    assert np.array_equal(model.predict_proba(dozen.units), trained.model.predict_proba(dozen.units))


def test_a_path_and_its_text_give_the_same_analysis() -> None:
    path = RAW / "kiotviet.txt"
    by_path, by_name = vn.analyse(path), vn.analyse(str(path))
    by_text = vn.analyse(path.read_text(encoding="utf-8"))
    assert by_path == by_name
    assert by_path.policy.vendor == "KiotViet"
    assert [s.text for s in by_text.sentences] == [s.text for s in by_path.sentences]


@pytest.mark.parametrize(
    ("source", "error", "said"),
    [
        ("data/raw/nothing.txt", SourceError, "no such file"),
        (RAW, SourceError, "folder"),
        ("", EmptyFile, "text: the file is empty"),
        ("This is a privacy policy, and nothing of it is Vietnamese, so nobody can compare it.", NotVietnamese, "not"),
    ],
)
def test_what_cannot_be_analysed_says_why(source: str | Path, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        vn.analyse(source)


def test_tables_are_data_frames() -> None:
    batch = vn.compare([vn.analyse(RAW / "kiotviet.txt"), vn.analyse(RAW / "onesme.txt")])
    table = vn.comparison_frame(batch, ["hotlines", "retention"])
    assert list(table.index) == ["KiotViet", "oneSME"]
    assert table.loc["oneSME", "hotlines"] == "1800 1260 (miễn phí)"
    assert table.loc["KiotViet", "retention"] == "—"
    assert len(vn.comparison_frame(batch).columns) > 30
    findings = vn.frame(batch)
    assert set(findings["vendor"]) == {"KiotViet", "oneSME"}
    assert vn.frame(batch, "sentences")["start"].dtype.kind == "i"


@pytest.mark.parametrize("name", ["kiotviet", "1boss", "modoro"])
def test_spacy_doc_has_every_span_at_its_place(name: str) -> None:
    analysis = vn.analyse(RAW / f"{name}.txt")
    doc = analysis.to_spacy(extensions=True)
    assert doc.text == analysis.policy.text
    assert [span.text for span in doc.spans["sentences"]] == [s.text for s in analysis.sentences]
    assert [(s.text, s.label_, s.kb_id_) for s in doc.spans["entities"]] == [
        (e.text, e.kind, e.value) for e in analysis.entities
    ]
    assert [span._.path for span in doc.spans["sentences"]] == [s.path for s in analysis.sentences]
    item = next(s for s in analysis.sentences if s.lead_in is not None)
    assert doc.spans["sentences"][item.index]._.lead_in == analysis.sentences[item.lead_in or 0].text


def test_displacy_draws_clauses() -> None:
    from spacy import displacy

    drawn = displacy.render(vn.analyse(RAW / "kiotviet.txt").to_spacy(), style="span", options={"spans_key": "clauses"})
    assert "security" in drawn


def test_without_spacy_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ImportError, match=r"vnpolicy\[spacy\]"):
        vn.analyse(RAW / "kiotviet.txt").to_spacy()
