"""What several test modules share: a small gold folder, a small model trained once a session, the real model.

Tests marked `browser` need a Chromium: the one that VNPOLICY_CHROMIUM names, else `chromium` on the path. Without one
they are deselected, and the summary says so; where CI is set they run, and fail.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.around import ClauseText
from pipeline.artefact import Saved, load_model, model_folder
from pipeline.classifier import ClauseClassifier
from pipeline.gold import GoldDocument, read_gold
from pipeline.labels import label_ids
from pipeline.records import Policy
from pipeline.train import Examples, examples, train

CHROMIUM = os.environ.get("VNPOLICY_CHROMIUM") or shutil.which("chromium")
ROOT = Path(__file__).parent.parent
ANNOTATED = ROOT / "data" / "annotated"

Trained = tuple[ClauseClassifier, dict[str, Any]]
"""A classifier and its card, as `train` gives them."""

WITHOUT_BROWSER = pytest.StashKey[int]()

DOZEN = 12
"""Policies that the small model is trained on: enough for every common category, and a few seconds."""

LINES: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "hoa-sen": [
        ("Trang chủ | Giỏ hàng | Đăng nhập", "x", "other"),
        ("Chính sách bảo mật của Hoa Sen Mộc", "h", "other"),
        ("1. Thông tin được thu thập", "h", "data_collected"),
        ("Chúng tôi thu thập họ tên, số điện thoại và địa chỉ nhận hàng của bạn.", "s", "data_collected"),
        ("2. Thời gian lưu trữ", "h", "retention"),
        ("Thông tin được lưu trữ trong 24 tháng kể từ đơn hàng cuối cùng.", "s", "retention"),
        ("3. Liên hệ", "h", "contact"),
        ("Mọi khiếu nại xin gửi về email gop-y@hoasenmoc.example.", "s", "complaints,contact"),
    ],
    "gio-bien": [
        ("Quy định về dữ liệu khách của Gió Biển", "h", "other"),
        ("Khi đặt phòng, quý khách cung cấp họ tên và ngày sinh.", "s", "data_collected"),
        ("Gió Biển không bán dữ liệu của quý khách cho bất kỳ ai.", "s", "disclosure"),
        ("Quý khách có quyền yêu cầu xóa dữ liệu của mình.", "s", "user_rights"),
    ],
}
"""Units of two invented policies: text, kind, labels."""

ENTITIES = {
    "hoa-sen": [
        "retention\tP24M\t5\trequired\t24 tháng",
        "email\tgop-y@hoasenmoc.example\t7\trequired\tgop-y@hoasenmoc.example",
    ]
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [] if CHROMIUM or os.environ.get("CI") else [i for i in items if i.get_closest_marker("browser")]
    if left_out:
        config.stash[WITHOUT_BROWSER] = len(left_out)
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if number := config.stash.get(WITHOUT_BROWSER, 0):
        terminalreporter.write_line(
            f"{number} tests of the web report left out: no Chromium. Install it, or name it with VNPOLICY_CHROMIUM",
            yellow=True,
        )


class Oracle:
    """A model that says of each text what it was told to, so that scores can be worked out by hand."""

    def __init__(self, said: Mapping[str, str], chances: Mapping[str, float] | None = None) -> None:
        self.chances = chances or {}
        self.said = {text: labels.split(",") for text, labels in said.items()}
        self.thresholds_ = np.full(len(label_ids()), 0.5)

    def probabilities(self, units: Sequence[ClauseText]) -> tuple[np.ndarray, np.ndarray]:
        has, main = np.zeros((2, len(units), len(label_ids())))
        for row, unit in enumerate(units):
            labels = self.said.get(unit.text, ["other"])
            has[row, [label_ids().index(label) for label in labels]] = [self.chances.get(label, 1) for label in labels]
            main[row, label_ids().index(labels[0])] = 1
        return has, main


def policy_of(text: str, doc_id: str = "invented") -> Policy:
    """An invented policy, for stages that begin with one."""
    return Policy(
        doc_id=doc_id,
        version="",
        vendor=doc_id,
        source=f"{doc_id}.txt",
        sha256="",
        retrieved_at=None,
        language="vi",
        text=text,
    )


def write_gold(
    folder: Path,
    lines: Mapping[str, Sequence[tuple[str, str, str]]] = LINES,
    entities: Mapping[str, Sequence[str]] = ENTITIES,
) -> Path:
    """A folder in the gold format; units stand on lines of their own with a blank line between."""
    for part in ("text", "labels", "entities"):
        (folder / part).mkdir(parents=True)
    for name, units in lines.items():
        text, rows = "", []
        for number, (unit, kind, labels) in enumerate(units):
            rows.append(f"{number}\t{len(text)}\t{len(text) + len(unit)}\t{kind}\t{labels}\n")
            text += unit + "\n\n"
        (folder / "text" / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
        (folder / "labels" / f"{name}.tsv").write_text("".join(rows), encoding="utf-8", newline="\n")
    for name, found in entities.items():
        (folder / "entities" / f"{name}.tsv").write_text("".join(f"{row}\n" for row in found), encoding="utf-8")
    rows = [f"{name},{name.title()},{'real' if name == 'hoa-sen' else 'authored'}\n" for name in lines]
    (folder / "documents.csv").write_text("doc_id,vendor,origin\n" + "".join(rows), encoding="utf-8")
    return folder


@pytest.fixture
def gold_folder(tmp_path: Path) -> Path:
    """A gold folder of two invented policies that a test may spoil."""
    return write_gold(tmp_path / "gold")


@pytest.fixture(scope="session")
def annotated() -> list[GoldDocument]:
    """A dozen authored policies of data/annotated, spread over the registers that they are written in."""
    authored = [document for document in read_gold(ANNOTATED) if document.origin == "authored"]
    return authored[:: len(authored) // DOZEN][:DOZEN]


@pytest.fixture(scope="session")
def dozen(annotated: list[GoldDocument]) -> Examples:
    """Units, labels and vendors of the dozen."""
    return examples(annotated)


@pytest.fixture(scope="session")
def small(annotated: list[GoldDocument]) -> Trained:
    """A model trained on the dozen, and its card."""
    return train(annotated)


@pytest.fixture(scope="session")
def trained() -> Saved:
    """The real model, where `make train` has made it."""
    if not (model_folder() / "model.skops").is_file():
        pytest.fail("no model in models/clauses: make it with `make train`")
    return load_model(model_folder())
