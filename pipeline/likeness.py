"""Which sentences stand nearly word for word in other policies, and which policies come from one template.

MinHash over the words and pairs of words of a sentence: sentences of which one band of hashes agrees are candidates,
and the Jaccard index of their sets decides. Each candidate is compared with the first of its band alone, and what is
alike is joined, so that ten thousand policies with the same sentence cost ten thousand comparisons and not their
square. The same is done a second time with policies as sets of groups of like sentences: these are the templates.

The vendor's name is read as a blank: a template says the same for all who fill it in.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.nlp import fold
from pipeline.records import Analysis, Sentence

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from scipy import sparse

    from pipeline.features import Grams

WORDS = 6
"""Words of the shortest sentence that counts: what is shorter ("Điện thoại: ...") is alike by chance."""

ALIKE = 0.7
"""Jaccard index from which two sentences say nearly the same words: of twelve words one may differ, of thirty three."""

FROM_ONE_TEMPLATE = 0.3
"""Jaccard index of two policies as sets of groups of sentences: about half of either stands in the other."""

NAME = "tên"
"""Stands for the vendor's name."""

LEGAL_FORM = re.compile(r"\b(?:công ty(?: cổ phần| tnhh| trách nhiệm hữu hạn| hợp danh)?|cửa hàng|thương hiệu)(?= tên)")
REPEATED = re.compile(r"\btên(?:\W+tên\b)+")


PAIRS = 200_000
"""Candidates compared at a time, so that memory stays near a hundred megabytes however many there are."""


@dataclass(frozen=True)
class Likeness:
    """Sentences that are alike have the same group.

    `groups[doc_id][index]` is the group of a sentence that counts, `holders[group]` are the documents in which it
    stands, `templates` the groups of documents from one template, the largest first.
    """

    groups: Mapping[str, Mapping[int, int]]
    holders: Mapping[int, Sequence[str]]
    templates: Sequence[Sequence[str]]


def likeness(analyses: Sequence[Analysis]) -> Likeness:
    """Compares all policies; hashes are fixed, so that the same policies give the same groups."""
    import numpy as np

    from pipeline.features import Grams, ngrams

    counted = [(number, s.index, text) for number, a in enumerate(analyses) for s, text in _counted(a)]
    if not counted:
        return Likeness({}, {}, ())
    grams = ngrams([text for _, _, text in counted], words=(1, 2), chars=None)
    alike = _groups(grams, len(counted), bands=8, rows=4, least=ALIKE)
    documents = np.array([number for number, _, _ in counted])
    template = _groups(Grams(documents, _spread(alike)), len(analyses), bands=24, rows=2, least=FROM_ONE_TEMPLATE)

    groups: dict[str, dict[int, int]] = defaultdict(dict)
    holders: dict[int, dict[str, None]] = defaultdict(dict)
    for (number, index, _), group in zip(counted, alike.tolist(), strict=True):
        doc_id = analyses[number].policy.doc_id
        groups[doc_id][index] = group
        holders[group][doc_id] = None
    members: dict[int, list[str]] = defaultdict(list)
    for analysis, group in zip(analyses, template.tolist(), strict=True):
        members[group].append(analysis.policy.doc_id)
    templates = sorted((m for m in members.values() if len(m) > 1), key=lambda m: -len(m))
    return Likeness(groups, {group: list(ids) for group, ids in holders.items()}, templates)


def _counted(analysis: Analysis) -> Iterable[tuple[Sentence, str]]:
    """The sentences that count, folded, with a blank for the vendor's name."""
    names = {fold(analysis.policy.vendor), *(fold(e.text) for e in analysis.entities if e.kind == "organization")}
    longest_first = sorted(names, key=len, reverse=True)
    name = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
    for sentence in analysis.sentences:
        if sentence.kind in ("body", "item"):
            text = REPEATED.sub(NAME, LEGAL_FORM.sub(NAME, name.sub(NAME, fold(sentence.text))))
            if len(text.split()) >= WORDS:
                yield sentence, text


def _groups(sets: "Grams", size: int, *, bands: int, rows: int, least: float) -> "npt.NDArray[np.int64]":
    """A group for each of `size` sets of hashes: sets with Jaccard index `least` or more, joined. Shape (size,)."""
    import numpy as np
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    keys = np.unique(sets.rows.astype(np.uint64) << np.uint64(32) | sets.hashes)
    members, hashes = (keys >> np.uint64(32)).astype(np.int64), (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    present, starts = np.unique(members, return_index=True)
    _, column = np.unique(hashes, return_inverse=True)
    table = sparse.csr_matrix((np.ones(len(keys), dtype=np.int32), (members, column)), shape=(size, column.max() + 1))
    joined = sparse.coo_matrix((size, size), dtype=bool)
    group = np.arange(size)
    for band in range(bands):
        signature = _signature(hashes, starts, seed=band, rows=rows)
        _, first, same = np.unique(signature, return_index=True, return_inverse=True)
        pairs = np.stack([present, present[first[same]]])
        pairs = pairs[:, group[pairs[0]] != group[pairs[1]]]
        pairs = pairs[:, _jaccard(table, pairs) >= least]
        edges = sparse.coo_matrix((np.ones(pairs.shape[1], dtype=bool), tuple(pairs)), shape=(size, size))
        joined = (joined + edges).tocoo()
        group = connected_components(joined, directed=False)[1].astype(np.int64)
    return group


def _signature(
    hashes: "npt.NDArray[np.uint32]", starts: "npt.NDArray[np.int64]", *, seed: int, rows: int
) -> "npt.NDArray[np.uint64]":
    """One band of the MinHash of each set: `rows` least values under random functions, as one number. Shape (sets,)."""
    import numpy as np

    random = np.random.default_rng(seed)
    wide = hashes.astype(np.uint64)
    band = np.zeros(len(starts), dtype=np.uint64)
    for factor, offset in random.integers(1, 1 << 63, size=(rows, 2), dtype=np.uint64):
        least = np.minimum.reduceat((wide * (factor | np.uint64(1)) + offset) >> np.uint64(32), starts)
        band = (band ^ least) * np.uint64(0x9E3779B97F4A7C15)
        band ^= band >> np.uint64(29)
    return band


def _jaccard(table: "sparse.csr_matrix", pairs: "npt.NDArray[np.int64]") -> "npt.NDArray[np.float64]":
    """The Jaccard index of each pair of rows of a matrix of ones. `pairs` has shape (2, n), the result (n,)."""
    import numpy as np

    length = np.diff(table.indptr)
    found = np.zeros(pairs.shape[1])
    for start in range(0, pairs.shape[1], PAIRS):
        left, right = pairs[:, start : start + PAIRS]
        both = np.asarray(table[left].multiply(table[right]).sum(axis=1)).ravel()
        found[start : start + PAIRS] = both / (length[left] + length[right] - both)
    return found


def _spread(numbers: "npt.NDArray[np.int64]") -> "npt.NDArray[np.uint32]":
    """Numbers of groups as hashes, so that their least value is that of no group in particular."""
    import numpy as np

    mixed = (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(32)).astype(np.uint32)
