"""The public keys by which signed heads and transcripts are checked."""

from __future__ import annotations

from yanxiu_wire.books import GetLedgerKeys, LedgerKeys
from yanxiu_wire.deadline import Deadline

from yanxiu_credits.service import Service


async def get_ledger_keys(service: Service, _district: str, _query: GetLedgerKeys, _deadline: Deadline) -> LedgerKeys:
    """Return the JWK Set of this deployment; it holds no secret."""
    return LedgerKeys(jwks=service.signer.public)
