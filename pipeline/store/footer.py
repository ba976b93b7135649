"""The footer of a Parquet file, read and written so that row groups can be moved without being decoded.

A footer is a struct of Thrift's compact protocol. It says of each row group where its bytes begin; no other bytes of a
file depend on their place. What is not moved is written again as it was read, byte for byte.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, NamedTuple

MAGIC = b"PAR1"

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)

Struct = dict[int, tuple[int, Any]]
"""Type and value by number of the field, in their order."""

# Numbers of fields in parquet.thrift
_ROWS, _GROUPS = 3, 4  # of the file
_COLUMNS, _GROUP_ROWS, _GROUP_AT, _ORDINAL = 1, 3, 5, 7  # of a row group
_FILE, _COLUMN_AT, _META = 1, 2, 3  # of a column in it; fields after these lead to indexes and keys
_SIZE, _DATA_AT, _INDEX_AT, _DICTIONARY_AT, _BLOOM_AT = 7, 9, 10, 11, 14  # of what is said of the column


class Group(NamedTuple):
    """A row group: where its bytes lie in its file, and what the footer says of it."""

    offset: int
    length: int
    said: Struct


NONE = Group(0, 0, {})
"""No row group."""


def read(file: BinaryIO) -> tuple[Struct, list[Group]]:
    """The footer of a file, and its row groups in order.

    Raises `ValueError` where it is no Parquet file, or has what this module cannot move (page indexes, Bloom filters,
    anything between the columns of a row group).
    """
    end = file.seek(0, 2)
    file.seek(max(0, end - 8))
    length, magic = struct.unpack("<I4s", file.read(8).rjust(8, b"\0"))
    if magic != MAGIC or length + 12 > end:
        raise ValueError("no footer")
    file.seek(end - 8 - length)
    try:
        footer: Struct = _Reader(file.read(length)).struct()
        groups = footer[_GROUPS][1][1] if _GROUPS in footer else []
        return footer, [_group(said) for said in groups]
    except (IndexError, KeyError, TypeError, struct.error) as error:
        raise ValueError("a damaged footer") from error


def _group(said: Struct) -> Group:
    columns = said[_COLUMNS][1][1]
    if any(set(column) - {_COLUMN_AT, _META} or _BLOOM_AT in column[_META][1] for column in columns):
        raise ValueError("indexes, filters or columns of other files")
    facts = [column[_META][1] for column in columns]
    starts = [min(fact[at][1] for at in (_DATA_AT, _DICTIONARY_AT) if at in fact) for fact in facts]
    ends = [start + fact[_SIZE][1] for start, fact in zip(starts, facts, strict=True)]
    if starts[1:] != ends[:-1]:
        raise ValueError("something between the columns")
    return Group(starts[0], ends[-1] - starts[0], said)


def written(footer: Struct, groups: Iterable[Group]) -> bytes:
    """The end of a file that has the bytes of these row groups one after another, from `MAGIC` on."""
    moved, offset, rows = [], len(MAGIC), 0
    for number, group in enumerate(groups):
        moved.append(_moved(group.said, offset - group.offset, number))
        offset, rows = offset + group.length, rows + group.said[_GROUP_ROWS][1]
    whole = footer | {_ROWS: (_I64, rows), _GROUPS: (_LIST, (_STRUCT, moved))}
    said = bytearray()
    _write_struct(said, whole)
    return bytes(said) + struct.pack("<I4s", len(said), MAGIC)


def _moved(group: Struct, by: int, ordinal: int) -> Struct:
    columns = []
    for column in group[_COLUMNS][1][1]:
        facts = _shifted(column[_META][1], (_DATA_AT, _INDEX_AT, _DICTIONARY_AT), by)
        at = {} if column[_COLUMN_AT][1] == 0 else {_COLUMN_AT: by}  # writers of today leave it 0
        columns.append(_shifted(column, at, by) | {_META: (_STRUCT, facts)})
    new = _shifted(group, (_GROUP_AT,), by) | {_COLUMNS: (_LIST, (_STRUCT, columns))}
    return new | ({_ORDINAL: (_I16, ordinal)} if _ORDINAL in group else {})


def _shifted(said: Struct, fields: Iterable[int], by: int) -> Struct:
    return said | {field: (said[field][0], said[field][1] + by) for field in fields if field in said}


class _Reader:
    """Reads values one after another."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def struct(self) -> Struct:
        found: Struct = {}
        field = 0
        while head := self.byte():
            field = field + (head >> 4) if head >> 4 else self.signed()
            found[field] = head & 15, self.value(head & 15)
        return found

    def value(self, kind: int) -> Any:
        if kind in (_TRUE, _FALSE):
            return None  # the type is the value
        if kind == _BYTE:
            return self.byte()
        if kind in (_I16, _I32, _I64):
            return self.signed()
        if kind in (_DOUBLE, _BINARY):
            return self.bytes(8 if kind == _DOUBLE else self.unsigned())
        if kind == _LIST:
            return self.list()
        if kind == _STRUCT:
            return self.struct()
        raise ValueError("a type that no footer has")

    def list(self) -> tuple[int, Sequence[Any]]:
        head = self.byte()
        kind, length = head & 15, head >> 4
        length = self.unsigned() if length == 15 else length
        if kind in (_TRUE, _FALSE):
            return kind, [self.byte() for _ in range(length)]
        return kind, [self.value(kind) for _ in range(length)]

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def bytes(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]

    def unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def signed(self) -> int:
        value = self.unsigned()
        return (value >> 1) ^ -(value & 1)


def _write_struct(into: bytearray, said: Struct) -> None:
    before = 0
    for field, (kind, value) in said.items():
        if 0 < field - before < 16:
            into.append((field - before) << 4 | kind)
        else:
            into.append(kind)
            _write_signed(into, field)
        _write(into, kind, value)
        before = field
    into.append(0)


def _write(into: bytearray, kind: int, value: Any) -> None:
    if kind == _BYTE:
        into.append(value)
    elif kind in (_I16, _I32, _I64):
        _write_signed(into, value)
    elif kind in (_DOUBLE, _BINARY):
        if kind == _BINARY:
            _write_unsigned(into, len(value))
        into.extend(value)
    elif kind == _LIST:
        _write_list(into, *value)
    elif kind == _STRUCT:
        _write_struct(into, value)


def _write_list(into: bytearray, kind: int, values: Sequence[Any]) -> None:
    into.append(min(len(values), 15) << 4 | kind)
    if len(values) >= 15:
        _write_unsigned(into, len(values))
    for value in values:
        if kind in (_TRUE, _FALSE):
            into.append(value)
        else:
            _write(into, kind, value)


def _write_signed(into: bytearray, value: int) -> None:
    _write_unsigned(into, value << 1 if value >= 0 else (-value << 1) - 1)


def _write_unsigned(into: bytearray, value: int) -> None:
    while value > 127:
        into.append(value & 127 | 128)
        value >>= 7
    into.append(value)
