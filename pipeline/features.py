"""Hashed n-grams of texts as sparse matrices, made over arrays and not in Python: twenty million characters a second.

Every substring has the hash `(P[end] - P[start]) * B**-start` modulo 2**64, where `P` are the prefix sums of
`code[i] * B**i` and `B` is odd and so has an inverse. The hashes of all n-grams of all texts are three operations.

>>> matrix = ngrams(["bảo mật", "bảo hành"], words=(1, 1), chars=None)
>>> matrix.rows.tolist(), len(set(matrix.hashes.tolist()))
([0, 0, 1, 1], 3)
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.nlp import fold

BASE = np.uint64(0x9E3779B97F4A7C15)
"""Odd, with bits spread evenly: the golden ratio in 64 bits."""

MIX = np.uint64(0xD6E8FEB86659FD93)
BREAK = "\n"
"""Stands between two texts; n-grams do not cross it."""

_TOKEN = re.compile(r"\w+|[:?%@]")
"""Words of one letter count: scikit-learn's own pattern would read "đồng ý" as "đồng"."""

Range = tuple[int, int]


class Grams(NamedTuple):
    """N-gram occurrences: `rows[i]` is the text that has the n-gram with hash `hashes[i]`. Shapes (n,), (n,)."""

    rows: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint32]


@cache
def _powers(length: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """`BASE**i` and `BASE**-i` for i up to `length`, modulo 2**64."""
    inverse = np.uint64(pow(int(BASE), -1, 1 << 64))
    power, back = (np.full(length + 1, b, dtype=np.uint64) for b in (BASE, inverse))
    power[0] = back[0] = 1
    return np.multiply.accumulate(power), np.multiply.accumulate(back)


def ngrams(texts: Sequence[str], *, words: Range | None, chars: Range | None, salt: int = 0) -> Grams:
    """The n-grams of folded texts: `words[0]` to `words[1]` words at a time, characters likewise, across words too.

    `salt` keeps the n-grams of one field apart from those of another.
    """
    return _ngrams(list(map(_spelled, texts)), words, chars, salt)


def _ngrams(texts: Sequence[str], words: Range | None, chars: Range | None, salt: int) -> Grams:
    """The n-grams of texts that are spelled already."""
    joined = BREAK + BREAK.join(texts) + BREAK
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
    power, back = (p[: len(codes) + 1] for p in _powers(1 << max(16, int(len(codes) + 1).bit_length())))
    prefix = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(codes.astype(np.uint64) * power[:-1], out=prefix[1:])
    broken = np.cumsum(codes == ord(BREAK))
    parts: list[Grams] = []
    for n in range(chars[0], chars[1] + 1) if chars else ():
        count = max(0, len(codes) - n - 1)
        inside = broken[:count] == broken[n : n + count]
        parts.append(_hashed(prefix, back, broken, slice(1, 1 + count), slice(1 + n, 1 + n + count), inside, 2 * salt))
    first = np.flatnonzero((codes[1:] > 32) & (codes[:-1] <= 32)) + 1
    last = np.flatnonzero((codes[:-1] > 32) & (codes[1:] <= 32)) + 1
    for n in range(words[0], words[1] + 1) if words else ():
        start, end = first[: max(0, len(first) - n + 1)], last[n - 1 :]
        inside = broken[start] == broken[end - 1]
        parts.append(_hashed(prefix, back, broken, start, end, inside, 2 * salt + 1))
    return Grams(np.concatenate([p.rows for p in parts]), np.concatenate([p.hashes for p in parts]))


Places = slice | npt.NDArray[np.int64]


def _hashed(
    prefix: npt.NDArray[np.uint64],
    back: npt.NDArray[np.uint64],
    broken: npt.NDArray[np.int64],
    start: Places,
    end: Places,
    inside: npt.NDArray[np.bool_],
    salt: int,
) -> Grams:
    """The n-grams from `start` to `end` that are `inside` of one text."""
    value = ((prefix[end] - prefix[start]) * back[start])[inside]
    value += np.uint64((salt + 1) * 0x632BE59BD9B4E019 & (1 << 64) - 1)
    value ^= value >> np.uint64(29)
    value *= MIX
    value >>= np.uint64(32)
    return Grams(broken[start][inside] - 1, value.astype(np.uint32))


class Field(NamedTuple):
    """A text of each unit as features: which attributes, which n-grams, and the length of their vector."""

    attributes: tuple[str, ...]
    words: Range | None
    chars: Range | None
    weight: float


class Vectoriser:
    """TF-IDF over hashed n-grams of several fields, each field L2-normalised and weighted, side by side.

    `least` is the number of training units in which an n-gram must occur. After `fit`: `hashes_`, `idf_`, one a field.
    """

    def __init__(self, fields: tuple[Field, ...], least: int = 2) -> None:
        self.fields = fields
        self.least = least

    def fit(self, units: Sequence[object], y: object = None) -> "Vectoriser":
        """Learns which n-grams occur often enough and how rare they are."""
        self.hashes_: list[npt.NDArray[np.uint32]] = []
        self.idf_: list[npt.NDArray[np.float32]] = []
        for salt, field in enumerate(self.fields):
            grams = _ngrams(_texts(units, field), field.words, field.chars, salt)
            once = np.unique(grams.rows.astype(np.uint64) << np.uint64(32) | grams.hashes) & np.uint64(0xFFFFFFFF)
            hashes, count = np.unique(once.astype(np.uint32), return_counts=True)
            kept = count >= self.least
            self.hashes_.append(hashes[kept])
            self.idf_.append((np.log((1 + len(units)) / (1 + count[kept])) + 1).astype(np.float32))
        return self

    def transform(self, units: Sequence[object]) -> sparse.csr_matrix:
        """Matrix of shape (units, n-grams of all fields), float32."""
        blocks = [self._block(units, field, salt) for salt, field in enumerate(self.fields)]
        return sparse.hstack(blocks, format="csr", dtype=np.float32)

    def _block(self, units: Sequence[object], field: Field, salt: int) -> sparse.csr_matrix:
        """The columns of one field. Each distinct text is worked on once: units of a section share their heading."""
        texts = _texts(units, field)
        distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        grams = _ngrams(list(distinct), field.words, field.chars, salt)
        known, place = self._lookup(salt)(grams.hashes)
        bits = len(self.hashes_[salt]).bit_length()
        small = len(distinct) << bits < 1 << 32  # as in every run: half the bytes are sorted in half the time
        keys: npt.NDArray[Any] = (grams.rows[known] << bits | place).astype(np.uint32 if small else np.uint64)
        keys.sort()
        first = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
        rows, columns = (keys[first] >> bits).astype(np.int32), (keys[first] & (1 << bits) - 1).astype(np.int32)
        data = (1 + np.log(np.diff(first, append=len(keys)).astype(np.float32))) * self.idf_[salt][columns]
        length = np.sqrt(np.bincount(rows, data * data, minlength=len(distinct)))
        data *= (field.weight / length[rows]).astype(np.float32)
        ends = np.cumsum(np.bincount(rows, minlength=len(distinct)))
        shape = len(distinct), len(self.hashes_[salt])
        block = sparse.csr_matrix((data, columns, np.concatenate([[0], ends])), shape=shape)
        return block if len(distinct) == len(units) else block[[distinct[text] for text in texts]]

    def _lookup(self, salt: int) -> "Lookup":
        if not hasattr(self, "_lookups"):
            self._lookups = [Lookup(hashes) for hashes in self.hashes_]
        return self._lookups[salt]


class Lookup:
    """Places of hashes in a sorted array, faster than by binary search: a table says where each prefix begins."""

    def __init__(self, hashes: npt.NDArray[np.uint32]) -> None:
        bits = len(hashes).bit_length() + 2  # four slots a hash: most unknown ones meet an empty slot
        self.hashes, self.shift = hashes, np.uint32(32 - bits)
        slots = np.arange((1 << bits) + 1, dtype=np.uint64) << np.uint64(self.shift)
        self.begins = np.searchsorted(hashes, slots).astype(np.int32)

    def __call__(self, wanted: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Which of `wanted` (positions in it) are in the array, and where."""
        slot = wanted >> self.shift
        place, end = self.begins[slot], self.begins[slot + np.uint32(1)]
        left = np.flatnonzero(place < end)
        place, end = place[left], end[left]
        which, where = [], []
        while len(left):
            hit = self.hashes[place] == wanted[left]
            which.append(left[hit])
            where.append(place[hit])
            more = ~hit & (place + 1 < end)
            left, place, end = left[more], place[more] + 1, end[more]
        if not which:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        return np.concatenate(which), np.concatenate(where).astype(np.int64)


def _texts(units: Sequence[object], field: Field) -> list[str]:
    """The spelled text of each unit."""
    columns = [map(_spelled, map(attrgetter(name), units)) for name in field.attributes]
    return [" : ".join(filter(None, parts)) if len(parts) > 1 else parts[0] for parts in zip(*columns, strict=True)]


@lru_cache(maxsize=4096)
def _spelled(text: str) -> str:
    """The folded words, with one space between them; texts stand in several fields of a unit and in several units."""
    return " ".join(_TOKEN.findall(fold(text)))
