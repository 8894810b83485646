"""Sign the receipt of an erasure: over ids and a digest; once, so that it is the same for whoever asks again."""

from __future__ import annotations

import re

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasing import KIND, ErasureStated
from yanxiu_wire.erasure import ErasureReceipt, SignErasure
from yanxiu_wire.refusal import Refused

from yanxiu_credits.service import Service
from yanxiu_credits.sign_person_export import digest_malformed

_SHA256 = re.compile(r"[0-9a-f]{64}")


async def sign_erasure(
    service: Service, district: str, command: SignErasure, deadline: Deadline
) -> ErasureReceipt | Refused:
    """Return the signature, each time the same. Refused: DIGEST_MALFORMED."""
    if not _SHA256.fullmatch(command.sha256):
        return digest_malformed()

    async def work(_conn: AsyncConnection) -> ErasureReceipt | Refused:
        stated = ErasureStated(
            district=district, erasure=command.erasure, teacher=command.teacher, sha256=command.sha256
        )
        return ErasureReceipt(token=service.signer.sign(encode(stated), KIND))

    # A blank stands in no client's key: this one cannot be taken before. One erasure has one receipt.
    told = msgspec.structs.replace(command, key=f"receipt {command.erasure}")
    return await once(service.databases, district, told, ErasureReceipt, deadline, work)
