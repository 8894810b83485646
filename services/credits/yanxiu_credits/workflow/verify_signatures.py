"""Check every process's chain of signatures."""

from __future__ import annotations

from joserfc.jwk import KeySet
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import SignaturesVerified, VerifySignatures

from yanxiu_credits.books.redacted import read_redactions
from yanxiu_credits.service import Service
from yanxiu_credits.workflow.signing import Signed, first_wrong
from yanxiu_credits.workflow.store import processes_after, signatures_of, stray_signature

PART = 200


async def verify_signatures(
    service: Service, district: str, _query: VerifySignatures, _deadline: Deadline
) -> SignaturesVerified | Refused:
    """Recompute all hashes in parts of bounded size; the first process whose signatures do not fit is named."""
    async with service.databases.read(district) as conn:
        return await check_signatures(conn, district, service.signer.keys)


async def check_signatures(conn: AsyncConnection, district: str, keys: KeySet | None = None) -> SignaturesVerified:
    """Recompute every process's chain of signatures; the first that does not fit is named with its problem.

    With `keys` it believes the redactions alone that they signed; without, whoever asks looks at those himself.
    """
    after, processes, signatures = "", 0, 0
    redacted = await read_redactions(conn, district, keys)

    def original(signed: Signed, now: str) -> str:
        return redacted.original("signature", f"{signed.process}:{signed.seq}", now)

    while part := await processes_after(conn, district, after, PART):
        chains = await signatures_of(conn, district, [row.id for row in part])
        for row in part:
            chain = chains.get(row.id, ())
            problem = first_wrong(chain, state=row.state, version=row.version, original=original)
            processes, signatures = processes + 1, signatures + len(chain)
            if problem is not None:
                return SignaturesVerified(processes=processes, signatures=signatures, first_bad=row.id, problem=problem)
        after = part[-1].id
    stray = await stray_signature(conn, district)
    if stray is not None:
        problem = "签名所属的事项已不存在 signatures of a process that is gone"
        return SignaturesVerified(processes=processes, signatures=signatures, first_bad=stray, problem=problem)
    return SignaturesVerified(processes=processes, signatures=signatures)
