"""Sign what was put together of all that the platform holds on a person: by its digest, for the names stay away."""

from __future__ import annotations

import re

from yanxiu_footing.persons.get_person import teacher_unknown
from yanxiu_footing.refusals import refuse
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.person_document import KIND, ExportStated
from yanxiu_wire.personal import PersonExportSigned, SignPersonExport
from yanxiu_wire.refusal import Refused

from yanxiu_credits.service import Service

_SHA256 = re.compile(r"[0-9a-f]{64}")


async def sign_person_export(
    service: Service, district: str, query: SignPersonExport, _deadline: Deadline
) -> PersonExportSigned | Refused:
    """Return the signature. Refused: TEACHER_UNKNOWN for another's, DIGEST_MALFORMED."""
    if query.caller.role == "teacher" and query.caller.teacher != query.teacher:
        return teacher_unknown(query.teacher)
    if not _SHA256.fullmatch(query.sha256):
        return digest_malformed()
    now = service.clock.now()
    stated = ExportStated(district=district, teacher=query.teacher, sha256=query.sha256, issued_at=now)
    return PersonExportSigned(issued_at=now, token=service.signer.sign(encode(stated), KIND))


def digest_malformed() -> Refused:
    """What is to be signed is no digest."""
    return refuse(
        "DIGEST_MALFORMED",
        field="sha256",
        zh="须为 SHA-256 的 64 位小写十六进制。",
        en="A SHA-256 in 64 lower-case hexadecimal digits.",
        remedy=("请对内容重新计算。", "Compute it again from the content."),
    )
