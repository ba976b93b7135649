"""`run.json`: what ran, with which versions, on how much, how long."""

import json as encoder
import resource
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from pipeline.batch import Batch


def json(batch: Batch, facts: Mapping[str, object], path: Path) -> None:
    """Writes `facts` of the caller with counts, seconds a stage and peak memory in MB of the whole process."""
    main = [c for a in batch.analyses for c in a.clauses if c.primary]
    whole = {
        **facts,
        "versions": {
            name: version(name) for name in ("vnpolicy", "scikit-learn", "numpy", "phonenumbers")
        },
        "counts": {
            "documents": len(batch.analyses) + sum(f.error != "NotAPolicy" for f in batch.failures),
            "compared": len(batch.compared),
            "failures": len(batch.failures),
            "sentences": len(main),
            "entities": sum(len(a.entities) for a in batch.analyses),
            "findings": len(batch.findings),
        },
        "labels": dict(Counter(c.label for c in main).most_common()),
        "unsure": round(sum(c.unsure for c in main) / max(1, len(main)), 4),
        "seconds": {stage: round(seconds, 3) for stage, seconds in batch.seconds.items()},
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    path.write_text(encoder.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
