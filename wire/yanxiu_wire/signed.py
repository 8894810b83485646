"""Signed statements: JWS (RFC 7515) with ES256, checked by a public JWK Set alone."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHM = "ES256"
HEAD = "yanxiu-head+jws"
TRANSCRIPT = "yanxiu-transcript+jws"


class NotSigned(Exception):
    """A statement that no key of the set has signed, or that is no statement of the kind expected."""


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a signed head states: the ledger of `origin` had `size` entries, with that tree root and last hash.

    `previous` is the SHA-256 of the head signed before this one (None for the first), so that none can be left out.
    `beside` is the SHA-256 over the signatures, locks and public lists that came since then; heads of before it was
    introduced have none.
    """

    origin: str
    size: int
    root: str
    head: str
    day: date
    time: datetime
    previous: str | None
    beside: str | None = None


def read_keys(text: str) -> KeySet:
    """Read a JWK Set; raises `NotSigned` when it is none, or holds a private key's secret part and nothing else."""
    try:
        return KeySet.import_key_set(msgspec.json.decode(text))
    except (JoseError, ValueError, TypeError, KeyError, msgspec.DecodeError) as error:
        raise NotSigned(f"no JWK Set: {error}") from error


def content_of(token: str, keys: KeySet, kind: str, *, payload: bytes | None = None) -> bytes:
    """Return what a token signs; `payload` is given for a detached one. Raises `NotSigned`."""
    try:
        found = jws.deserialize_compact(token, keys, algorithms=[ALGORITHM], payload=payload)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotSigned(f"the signature does not hold: {error}") from error
    if found.headers().get("typ") != kind:
        raise NotSigned(f"signed as something else than {kind}")
    return found.payload


def read_head(token: str, keys: KeySet) -> Head:
    """Return what a signed head states; raises `NotSigned`."""
    try:
        return msgspec.json.decode(content_of(token, keys, HEAD), type=Head)
    except msgspec.DecodeError as error:
        raise NotSigned(f"no signed head: {error}") from error


def fingerprint(token: str) -> str:
    """Return the SHA-256 (hex) of a token, by which the next head names it."""
    return hashlib.sha256(token.encode()).hexdigest()
