"""The pictures of a model card, drawn from what stands in its folder: card.json, learning.json, review.json.

The same facts give the same files with the same matplotlib. Colours are those of Okabe and Ito, which colour-blind
readers can tell apart.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import card as model_card
from pipeline.errors import ModelError, OutputError

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
DPI = 110
NARROWEST = 0.06
"""Height of the scale of a score at the least."""

Facts = Mapping[str, Any]
Points = Sequence[Mapping[str, Any]]


def draw(folder: Path) -> list[Path]:
    """Draws the pictures for which there are facts and writes the page of the card with them; returns what it wrote."""
    card = _read(folder / "card.json")
    if not isinstance(card, Mapping) or "confusion" not in card:
        raise ModelError(str(folder / "card.json"), "there is no card of this version", "Make it with: vnpolicy train")
    drawers: dict[str, Callable[[], Any]] = {
        "labels.png": lambda: _labels(card),
        "confusion.png": lambda: _confusion(card),
        "doubt.png": lambda: _doubt(card),
    }
    for name, drawer in (("learning", _learning), ("review", _review)):
        points = (_read(folder / f"{name}.json") or {}).get("points")
        if points:
            drawers[f"{name}.png"] = lambda points=points, drawer=drawer: drawer(points)  # type: ignore[misc]
    try:
        for name, drawer_of in drawers.items():
            drawer_of().savefig(folder / name, dpi=DPI, metadata={"Software": None})
        page = model_card.text(
            card, [name for name in (*model_card.PICTURES, model_card.SEARCH) if (folder / name).is_file()]
        )
        (folder / "README.md").write_text(page, encoding="utf-8")
    except ImportError as error:
        raise ModelError("matplotlib", "it is not installed", "Install it with: pip install vnpolicy[plots]") from error
    except OSError as error:
        raise OutputError(
            str(folder), f"cannot be written ({error.strerror or error})", "Name another folder"
        ) from error
    return [*(folder / name for name in drawers), folder / "README.md"]


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return None
    except ValueError as error:
        raise ModelError(str(path), f"no JSON ({error})", "Make it anew") from error


def _figure(width: float, height: float, columns: int = 1) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(1, columns)
    for axis in np.atleast_1d(axes):
        axis.spines[["top", "right"]].set_visible(False)
        axis.tick_params(labelsize=9)
    return figure, axes


def _labels(card: Facts) -> Any:
    rows = sorted(card["labels"].items(), key=lambda row: row[1]["f1"])
    figure, axis = _figure(8, 6)
    for y, (_, row) in enumerate(rows):
        if row["interval"]:
            axis.plot(row["interval"], (y, y), color=BLUE, linewidth=3, alpha=0.35, solid_capstyle="round")
        axis.plot(row["f1"], y, "o", color=BLUE, markersize=6)
        axis.annotate(f"{row['f1']:.2f}", (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=9)
        axis.annotate(f"{row['units']:,}", (1.15, y), xycoords=("axes fraction", "data"), va="center", ha="right",
                      fontsize=9, color=GREY)  # fmt: skip
    axis.annotate("F1", (1.01, 1.01), xycoords="axes fraction", fontsize=9)
    axis.annotate("units", (1.15, 1.01), xycoords="axes fraction", fontsize=9, color=GREY, ha="right")
    axis.axvline(card["cross_validation"]["macro_f1"], color=GREY, linewidth=1, linestyle=":")
    axis.set_yticks(range(len(rows)), [name for name, _ in rows])
    axis.set_xlabel("F1 on vendors not trained on, with its 95 % interval (dotted: macro-F1)", fontsize=9)
    axis.grid(axis="x", alpha=0.3)
    return figure


def _confusion(card: Facts) -> Any:
    names = list(card["labels"])
    counts = np.array([[card["confusion"].get(gold, {}).get(said, 0) for said in names] for gold in names])
    share = 100 * counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure, axis = _figure(9, 8)
    axis.imshow(np.sqrt(share), cmap="Blues", vmin=0, vmax=10)
    for i, j in zip(*np.nonzero(share >= 0.5), strict=True):
        colour = "white" if share[i, j] > 40 else "black"
        axis.text(j, i, f"{share[i, j]:.0f}", ha="center", va="center", fontsize=8, color=colour)
    axis.set_xticks(range(len(names)), names, rotation=60, ha="right", rotation_mode="anchor")
    axis.set_yticks(range(len(names)), names)
    axis.set_xlabel("said by the model", fontsize=10)
    axis.set_ylabel("gold", fontsize=10)
    return figure


def _doubt(card: Facts) -> Any:
    figure, (left, right) = _figure(9, 4, columns=2)
    said, true, units = zip(*card["reliability"], strict=True)
    left.plot((0, 1), (0, 1), color=GREY, linewidth=1, linestyle=":")
    left.plot(said, true, color=BLUE, linewidth=1)
    left.scatter(said, true, s=[12 + 300 * n / sum(units) for n in units], color=BLUE, zorder=3)
    left.set(xlim=(0, 1), ylim=(0, 1))
    left.set_xlabel("score of the main label", fontsize=9)
    left.set_ylabel("share that is right", fontsize=9)
    error = card["cross_validation"]["calibration_error"]
    left.set_title(f"Reliability (expected calibration error {error:.3f})", fontsize=10)
    kept, share, _ = zip(*card["coverage"], strict=True)
    right.plot([100 * k for k in kept], [100 * s for s in share], color=BLUE, marker="o", markersize=3)
    at = min(range(len(kept)), key=lambda i: abs(kept[i] - 0.8))
    right.annotate(f"80 % kept: {100 * share[at]:.1f} % right", (100 * kept[at], 100 * share[at]), xytext=(-6, -34),
                   textcoords="offset points", ha="right", fontsize=9, arrowprops={"arrowstyle": "-", "color": GREY},
                   annotation_clip=False)  # fmt: skip
    right.set_xlabel("sentences kept, surest first (%)", fontsize=9)
    right.set_ylabel("main labels that are right (%)", fontsize=9)
    right.set(xlim=(0, 101), ylim=(min(80, 100 * min(share) - 3), 101))
    right.set_title("Coverage and accuracy", fontsize=10)
    for axis in (left, right):
        axis.grid(alpha=0.3)
    return figure


def _learning(points: Points) -> Any:
    figure, axes = _figure(9, 4, columns=2)
    sizes = sorted({p["vendors"] for p in points})
    units = [float(np.mean([p["units"] for p in points if p["vendors"] == size])) for size in sizes]
    titles = {"authored": "on authored vendors held out", "real": "on the real vendors"}
    for axis, (origin, title) in zip(axes, titles.items(), strict=True):
        for name, colour, said in (("macro_f1", BLUE, "macro-F1"), ("micro_f1", ORANGE, "micro-F1")):
            at = [[p[origin] for p in points if p["vendors"] == size] for size in sizes]
            _band(axis, units, at, name, colour, said)
        axis.set_xscale("log")
        axis.set_xticks(units, [f"{n:,.0f}" for n in units])
        axis.minorticks_off()
        axis.set_xlabel("authored units learned from", fontsize=9)
        axis.set_title(title, fontsize=10)
    _shared_scale(axes)
    return figure


def _review(points: Points) -> Any:
    figure, axes = _figure(9, 4, columns=2)
    for axis, (name, title) in zip(axes, (("macro_f1", "macro-F1"), ("main_accuracy", "main label")), strict=True):
        for way, colour, said in (("chosen", BLUE, "chosen by the model"), ("random", ORANGE, "drawn at random")):
            amounts = sorted({p["reviewed"] for p in points if p["way"] == way})
            at = [[p for p in points if p["way"] == way and p["reviewed"] == amount] for amount in amounts]
            _band(axis, amounts, at, name, colour, said, band=False)
        axis.set_xlabel("reviewed sentences of the user's policies", fontsize=9)
        axis.set_title(title, fontsize=10)
    _shared_scale(axes)
    return figure


def _band(
    axis: Any, x: Sequence[float], at: Sequence[Points], name: str, colour: str, said: str, band: bool = True
) -> None:
    """The mean of a score over the orders of vendors, and the mean of its intervals around it."""
    axis.plot(x, [np.mean([p[name] for p in points]) for points in at], "o-", color=colour, markersize=4, label=said)
    if band and all(p["intervals"][name] for points in at for p in points):
        low, high = np.array([np.mean([p["intervals"][name] for p in points], axis=0) for points in at]).T
        axis.fill_between(x, low, high, color=colour, alpha=0.13, linewidth=0)


def _shared_scale(axes: Any) -> None:
    """One scale for all axes, at least `NARROWEST` high: what is a point apart shall not look like a leap."""
    low, high = min(a.get_ylim()[0] for a in axes), max(a.get_ylim()[1] for a in axes)
    more = max(0.0, NARROWEST - (high - low)) / 2
    for axis in axes:
        axis.set_ylim(low - more, high + more)
        axis.grid(alpha=0.3)
        axis.legend(fontsize=9, loc="lower right", frameon=False)
