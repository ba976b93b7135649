"""What the README quotes: `make readme` puts it between the marks `<!-- NAME -->` and `<!-- end -->`.

`accuracy` is quoted from the model's card, `table` from `build/comparison.json` of a run over `data/raw`.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"

SHOWN = ("hotlines", "effective_date", "retention", "third_party_sharing", "deletion", "security_measures", "consent")
"""Attributes with short answers of every sort: values, gaps, contradictions, what is cut off."""


def accuracy(card: Mapping[str, Any]) -> str:
    """What the card says of the classifier, in a few lines."""
    data, scores, labels = card["data"], card["cross_validation"], card["labels"]
    by_f1 = sorted(labels, key=lambda label: labels[label]["f1"])
    worst, best = (f"`{label}` (F1 {labels[label]['f1']:.2f})" for label in (by_f1[0], by_f1[-1]))
    return "\n".join(
        [
            f"On vendors unseen in training: macro-F1 {_interval(scores, 'macro_f1')}, main category right for",
            f"{_interval(scores, 'main_accuracy')} of the sentences; best {best}, worst {worst}.",
            "Brackets: 95 % of a bootstrap over vendors.",
            f"Learned from {data['units']:,} units of {data['documents']} policies, {data['real']} of them real and "
            f"{data['authored']} written for the purpose,",
            "so expect several points less on real ones.",
        ]
    )


def _interval(scores: Mapping[str, Any], name: str) -> str:
    low, high = scores["intervals"][name]
    return f"{scores[name]:.2f} ({low:.2f}–{high:.2f})"


def table(comparison: Mapping[str, Any]) -> str:
    """Some rows of the comparison, a column a vendor."""
    vendors = comparison["vendors"]
    rows = [["", *(v["vendor"] for v in vendors)], ["---"] * (len(vendors) + 1)]
    for attribute in comparison["attributes"]:
        if attribute["id"] in SHOWN:
            words = (v["findings"][attribute["id"]]["words"] for v in vendors)
            rows.append([f"**{attribute['vi']}**", *(word.replace("|", "\\|").replace("\n", " ") for word in words)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def block(name: str, page: str) -> tuple[int, int]:
    """Where what stands between the marks of `name` begins and ends."""
    found = re.search(rf"<!-- {name} -->\n\n(.*?)\n\n<!-- end -->", page, re.DOTALL)
    if found is None:
        raise SystemExit(f"README.md has no marks for {name}")
    return found.span(1)


def main() -> None:
    """Writes both blocks anew."""
    page = README.read_text(encoding="utf-8")
    card = json.loads((ROOT / "models" / "clauses" / "card.json").read_text(encoding="utf-8"))
    comparison = json.loads((ROOT / "build" / "comparison.json").read_text(encoding="utf-8"))
    for name, text in {"accuracy": accuracy(card), "table": table(comparison)}.items():
        start, end = block(name, page)
        page = page[:start] + text + page[end:]
    README.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
