"""A sealed segment: the lines of a period that is closed, in one file that says what it was made from."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np

from yanxiu_rulekit.columns.lines import Attributes, LineColumns, Part, as_json

_COLUMNS = ("starts", "day", "micro_hours", "micro_credits", "code")
_FORM = 1
_LONGEST_LABEL = 4096


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
    """Write columns of one part under their seal; the file is there whole or not at all.

    The file is a line of JSON (form, seal, digest) and then the columns as numpy's npz. The digest is over the seal and
    every byte that follows.
    """
    if len(columns.parts) > 1:
        raise ValueError("a segment holds one part")
    empty = np.zeros(0, dtype=np.int32)
    starts = np.zeros(len(columns.teachers) + 1, dtype=np.int64)
    part = columns.parts[0] if columns.parts else Part(starts, empty, empty, empty, empty, 1, 0)
    arrays: dict[str, Any] = {name: np.ascontiguousarray(getattr(part, name)) for name in _COLUMNS}
    arrays["teachers"] = _text(columns.teachers)
    arrays["attributes"] = _text(columns.attributes.texts)
    body = io.BytesIO()
    np.savez(body, **arrays)
    whole = body.getbuffer()
    label = _Label(form=_FORM, seal=seal, digest=_digest(seal, whole))
    made = path.with_name(f".{path.name}.{os.getpid()}")
    with made.open("wb") as file:
        file.write(msgspec.json.encode(label) + b"\n")
        file.write(whole)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def load_segment(path: Path, *, read: Callable[[str], Mapping[str, Any]] = as_json) -> tuple[LineColumns, Seal]:
    """Read a segment, once its digest is right; raises `SegmentBroken`, or FileNotFoundError."""
    with path.open("rb") as file:
        label = _label(path, file)
        whole = file.read()
    if label.digest != _digest(label.seal, whole):
        raise SegmentBroken(f"{path}: it does not hold what was sealed")
    with np.load(io.BytesIO(whole), allow_pickle=False) as arrays:
        columns = {name: arrays[name] for name in _COLUMNS}
        teachers, texts = _texts(arrays["teachers"]), _texts(arrays["attributes"])
    day = columns["day"]
    found = len(day) > 0
    part = Part(**columns, first=int(day.min()) if found else 1, last=int(day.max()) if found else 0)
    lines = LineColumns(teachers=tuple(teachers), attributes=Attributes(texts, read), parts=(part,) if found else ())
    return lines, label.seal


def read_seal(path: Path) -> Seal:
    """Return what a segment says that it was made from, unchecked; raises as `load_segment` does."""
    with path.open("rb") as file:
        return _label(path, file).seal


def _label(path: Path, file: IO[bytes]) -> _Label:
    try:
        label = msgspec.json.decode(file.readline(_LONGEST_LABEL), type=_Label)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SegmentBroken(f"{path}: {error}") from None
    if label.form != _FORM:
        raise SegmentBroken(f"{path}: of another form")
    return label


def _text(texts: tuple[str, ...]) -> np.ndarray[Any, Any]:
    return np.frombuffer(msgspec.json.encode(texts), dtype=np.uint8)


def _texts(stored: np.ndarray[Any, Any]) -> list[str]:
    return msgspec.json.decode(stored.tobytes(), type=list[str])


def _digest(seal: Seal, whole: bytes | memoryview) -> str:
    found = hashlib.sha256(msgspec.json.encode(seal))
    found.update(whole)
    return found.hexdigest()
