"""One sealed year on disk: its lines in a file, and beside it what the service signed of them.

A file alone proves nothing: whoever can write it can write its digest too. So the statement of which bytes hold the
lines, and at which entry of the ledger they were read, is signed with the key that signs the ledger's heads. A file
that was put in its place, an older one, or one of another district, is not believed; nor is one without a statement.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import msgspec
import uuid_utils
from yanxiu_footing.stored import thaw
from yanxiu_rulekit.columns import LineColumns, Seal, SegmentBroken, load_segment, save_segment
from yanxiu_wire.signed import NotSigned, content_of

from yanxiu_credits.books.keys import Signer

SEALED_YEAR = "yanxiu-sealed-year+jws"
_encoder = msgspec.json.Encoder(order="sorted")


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed: that the file of this digest holds the lines of the days as the ledger had them at `seq`.

    `read_at` is the entry at which the lines were read, as the file itself says it.
    """

    origin: str
    start: date
    end: date
    seq: int
    read_at: int
    head: str
    digest: str


def _token_path(folder: Path, district: str, start: date, end: date) -> Path:
    return folder / district / f"{start}_{end}.jws"


def _lines_path(folder: Path, stated: Statement) -> Path:
    return folder / stated.origin / f"{stated.start}_{stated.end}_{stated.digest[:16]}.npz"


def keep(folder: Path, signer: Signer, seal: Seal, columns: LineColumns) -> Statement:
    """Write the lines and then what is signed of them; each file is there whole or not at all."""
    place = folder / seal.district
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Two writers may share a folder, and a number of a process: neither hashes what the other has written.
    draft = place / f".{seal.start}_{seal.end}.{uuid_utils.uuid7()}"
    save_segment(draft, columns, seal)
    stated = Statement(
        origin=seal.district,
        start=seal.start,
        end=seal.end,
        seq=seal.seq,
        read_at=seal.seq,
        head=seal.head,
        digest=hashlib.sha256(draft.read_bytes()).hexdigest(),
    )
    draft.replace(_lines_path(folder, stated))
    _state(folder, signer, stated)
    for old in place.glob(f"{seal.start}_{seal.end}_*.npz"):
        if old != _lines_path(folder, stated):
            old.unlink(missing_ok=True)
    return stated


def keep_on(folder: Path, signer: Signer, stated: Statement, *, seq: int, head: str) -> Statement:
    """Sign that the same lines are those of the ledger at a later entry too: what came since is not looked at again."""
    later = msgspec.structs.replace(stated, seq=seq, head=head)
    _state(folder, signer, later)
    return later


def _state(folder: Path, signer: Signer, stated: Statement) -> None:
    path = _token_path(folder, stated.origin, stated.start, stated.end)
    draft = path.with_name(f".{path.name}.{uuid_utils.uuid7()}")
    draft.write_text(signer.sign(_encoder.encode(stated), SEALED_YEAR), encoding="utf-8")
    draft.replace(path)


def read_kept(
    folder: Path, signer: Signer, district: str, start: date, end: date
) -> tuple[LineColumns, Statement] | None:
    """Return the lines with what is signed of them; None where nothing is there, or nothing that holds."""
    try:
        token = _token_path(folder, district, start, end).read_text(encoding="utf-8")
        stated = msgspec.json.decode(content_of(token, signer.keys, SEALED_YEAR), type=Statement)
        if (stated.origin, stated.start, stated.end) != (district, start, end):
            return None
        path = _lines_path(folder, stated)
        if hashlib.sha256(path.read_bytes()).hexdigest() != stated.digest:
            return None
        columns, own = load_segment(path, read=thaw)
    except (OSError, UnicodeDecodeError, NotSigned, msgspec.DecodeError, SegmentBroken):
        return None
    says = (own.district, own.start, own.end, own.seq)
    return (columns, stated) if says == (district, start, end, stated.read_at) else None
