"""What reviewers found, as numbers: precision by attribute, agreement, answers by state of review."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.review.agreement import agreement, precision
from pipeline.store.verdicts import Verdict

KINDS = {
    "answer": "Answers of the machine",
    "absence": "Attributes of which it found nothing, or could not tell",
    "sentence": "Categories of doubtful sentences",
}


def of(verdicts: Sequence[Verdict], states: Mapping[str, int]) -> dict[str, Any]:
    """All of it, ready for JSON; shares are of the rows that are decided and not disputed, with intervals of 95%."""
    return {
        "verdicts": len(verdicts),
        "states": dict(states),
        "precision": [row._asdict() for row in precision(verdicts)],
        "agreement": [row._asdict() for row in agreement(verdicts)],
    }


def text(found: Mapping[str, Any]) -> str:
    """It as lines for a terminal."""
    states = ", ".join(f"{number} {state}" for state, number in found["states"].items()) or "none"
    lines = [f"{found['verdicts']} verdicts. Answers of the comparison that people judged: {states}."]
    for kind, title in KINDS.items():
        rows = [row for row in found["precision"] if row["kind"] == kind]
        if rows:
            lines += ["", f"{title}:", f"  {'':24} {'right':>6} {'of':>5} {'share':>6}  95% interval"]
            lines += [_line(row) for row in rows]
    if found["agreement"]:
        lines += ["", "Reviewers of the same rows:"]
    for row in found["agreement"]:
        kappa = "not defined, one verdict throughout" if row["kappa"] is None else f"{row['kappa']:.2f}"
        lines.append(f"  {row['first']}, {row['second']}: {row['same']} of {row['rows']} the same "
                     f"({row['share']:.2f}), Cohen's kappa {kappa}")  # fmt: skip
    return "\n".join(lines)


def _line(row: Mapping[str, Any]) -> str:
    decided = row["right"] + row["wrong"]
    share = "     –" if row["share"] is None else f"{row['share']:6.2f}  {row['low']:.2f} to {row['high']:.2f}"
    apart = [
        f"{row[name]} {words}" for name, words in (("untold", "cannot tell"), ("disputed", "disputed")) if row[name]
    ]
    return f"  {row['subject']:24} {row['right']:6} {decided:5} {share}" + (f"  ({', '.join(apart)})" if apart else "")
