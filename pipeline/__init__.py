"""vnpolicy: reads Vietnamese privacy policies and compares them, every answer with the sentence that supports it.

The names of `pipeline.api` are here too and load what they need when first used, so that the import takes no time.
"""

from typing import Any

__all__ = ["analyse", "compare", "comparison_frame", "frame", "load_model", "open_store", "opp115", "read_gold"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
    from pipeline import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
