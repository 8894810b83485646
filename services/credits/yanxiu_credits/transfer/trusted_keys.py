"""Whose transcripts are taken: this deployment's own ledger keys, and those of other deployments that it trusts."""

from __future__ import annotations

from pathlib import Path

from joserfc.jwk import KeySet
from yanxiu_wire.signed import NotSigned, read_keys


class TrustUnusable(Exception):
    """The file of trusted keys cannot be read, or is no JWK Set."""


def trusted_keys(own: KeySet, others: Path | None) -> KeySet:
    """Return the public keys that a transcript may be signed with; raises `TrustUnusable` for a file that is none."""
    if others is None:
        return own
    try:
        more = read_keys(others.read_text(encoding="utf-8"))
    except (OSError, ValueError, NotSigned) as error:
        raise TrustUnusable(f"{others}: no JWK Set of trusted ledgers (信任的台账公钥不可用): {error}") from error
    return KeySet([*own.keys, *more.keys])
