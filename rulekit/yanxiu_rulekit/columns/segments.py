"""A sealed segment: the lines of a period that is closed, in one file that says what it was made from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import msgspec
import numpy as np

from yanxiu_rulekit.columns.lines import Attributes, LineColumns, Part, as_json

_COLUMNS = ("starts", "day", "micro_hours", "micro_credits", "code")
_FORM = 1


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """What a segment was made from: the district, both days of the period, and the ledger up to which it was read."""

    district: str
    start: date
    end: date
    seq: int
    head: str


class SegmentBroken(Exception):
    """A segment that cannot be used: altered, cut short, or of another form. Read the ledger again instead."""


class _Label(msgspec.Struct, frozen=True, kw_only=True):
    form: int
    seal: Seal
    digest: str


def save_segment(path: Path, columns: LineColumns, seal: Seal) -> None:
    """Write columns of one part under their seal; the file is there whole or not at all."""
    if len(columns.parts) > 1:
        raise ValueError("a segment holds one part")
    empty = np.zeros(0, dtype=np.int32)
    starts = np.zeros(len(columns.teachers) + 1, dtype=np.int64)
    part = columns.parts[0] if columns.parts else Part(starts, empty, empty, empty, empty, 1, 0)
    arrays = {name: np.ascontiguousarray(getattr(part, name)) for name in _COLUMNS}
    arrays["teachers"] = _text(columns.teachers)
    arrays["attributes"] = _text(columns.attributes.texts)
    label = _Label(form=_FORM, seal=seal, digest=_digest(seal, arrays))
    made = path.with_name(f".{path.name}.{os.getpid()}")
    with made.open("wb") as file:
        np.savez(file, label=np.frombuffer(msgspec.json.encode(label), dtype=np.uint8), **arrays)  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def load_segment(path: Path, *, read: Callable[[str], Mapping[str, Any]] = as_json) -> tuple[LineColumns, Seal]:
    """Read a segment and check its digest; raises `SegmentBroken`, or FileNotFoundError."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in (*_COLUMNS, "teachers", "attributes")}
            label = msgspec.json.decode(file["label"].tobytes(), type=_Label)
    except (ValueError, KeyError, EOFError, BadZipFile, msgspec.DecodeError) as error:
        raise SegmentBroken(f"{path}: {error}") from None
    if label.form != _FORM or label.digest != _digest(label.seal, arrays):
        raise SegmentBroken(f"{path}: it does not hold what was sealed")
    day = arrays["day"]
    found = len(day) > 0
    part = Part(
        **{name: arrays[name] for name in _COLUMNS},
        first=int(day.min()) if found else 1,
        last=int(day.max()) if found else 0,
    )
    columns = LineColumns(
        teachers=tuple(_texts(arrays["teachers"])),
        attributes=Attributes(_texts(arrays["attributes"]), read),
        parts=(part,) if found else (),
    )
    return columns, label.seal


def read_seal(path: Path) -> Seal:
    """Return what a segment was made from, without reading its lines; raises as `load_segment` does."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return msgspec.json.decode(file["label"].tobytes(), type=_Label).seal
    except (ValueError, KeyError, EOFError, BadZipFile, msgspec.DecodeError) as error:
        raise SegmentBroken(f"{path}: {error}") from None


def _text(texts: tuple[str, ...]) -> np.ndarray[Any, Any]:
    return np.frombuffer(msgspec.json.encode(texts), dtype=np.uint8)


def _texts(stored: np.ndarray[Any, Any]) -> list[str]:
    return msgspec.json.decode(stored.tobytes(), type=list[str])


def _digest(seal: Seal, arrays: Mapping[str, np.ndarray[Any, Any]]) -> str:
    whole = hashlib.sha256(msgspec.json.encode(seal))
    for name in sorted(arrays):
        one = arrays[name]
        whole.update(f"{name} {one.dtype.str} {one.shape}".encode())
        whole.update(one.view(np.uint8).data)
    return whole.hexdigest()
