"""Have the services clear what names a person: begun in the registry, cleared elsewhere, and once more at the end."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from yanxiu_wire.erasure import (
    BEGIN_ERASURE,
    CLEARS,
    EVERY_KIND,
    GET_ERASURE_WORDS,
    BeginErasure,
    ClearPerson,
    ConfirmErasure,
    Erasure,
    GetErasureWords,
)
from yanxiu_wire.faults import WireFault
from yanxiu_wire.person_document import Call
from yanxiu_wire.refusal import RefusalItem, Refused


class Cleared(msgspec.Struct, frozen=True, kw_only=True):
    """What every service was asked; by service, how many rows of which table it cleared, and by which words."""

    asked: ClearPerson
    rows: Mapping[str, Mapping[str, int]]
    by: Mapping[str, str]


async def clear_elsewhere(call: Call, command: ConfirmErasure, one: Erasure) -> Cleared | Refused | None:
    """Begin, and have every other service clear what names him; None where somebody else has just done it all."""
    caller, key, decided = command.caller, command.key, command.everywhere or ()
    begin = BeginErasure(caller=caller, key=key, erasure=one.id, everywhere=decided, shown=command.shown)
    begun = await call(BEGIN_ERASURE, begin)
    if isinstance(begun, Refused):
        return begun
    if begun.confirmed_at is not None:
        return None
    if begun.everywhere is None and set(decided) != set(EVERY_KIND):
        return _begun_otherwise(one.id)
    words = await call(GET_ERASURE_WORDS, GetErasureWords(caller=caller, erasure=one.id))
    if isinstance(words, Refused):
        return words
    asked = ClearPerson(caller=caller, key=key, erasure=one.id, teacher=one.teacher, words=words)
    rows: dict[str, Mapping[str, int]] = {}
    by: dict[str, str] = {}
    for endpoint in CLEARS:
        reply = await call(endpoint, asked)
        if isinstance(reply, Refused):
            return plainly(endpoint.service, reply)
        rows[endpoint.service], by[endpoint.service] = dict(reply.rows), reply.by
    return Cleared(asked=asked, rows=rows, by=by)


async def clear_again(call: Call, cleared: Cleared) -> bool:
    """Have what was written while the erasure was done cleared too; whether every service has looked.

    It cannot be asked for later: then nobody knows the words any more.
    """
    looked = True
    for endpoint in CLEARS:
        try:
            reply = await call(endpoint, cleared.asked)
        except WireFault:
            looked = False
        else:
            looked &= not isinstance(reply, Refused)
    return looked


def plainly(service: str, refused: Refused) -> Refused:
    """Say of a service that has not got the district's copy that it is this, for what it may hold nobody knows."""
    if refused.errors[0].code != "DISTRICT_UNKNOWN":
        return refused
    return _stop(
        "DISTRICT_UNKNOWN",
        "district",
        service,
        (f"{service} 还没有本区县的副本，不知其中有无此人的姓名", "请待其补齐（yanxiu status）后再办理"),
        (f"{service} has no copy of the district yet, so nobody knows whether it holds his name", "wait until it has"),
    )


def _begun_otherwise(erasure: str) -> Refused:
    """Two kinds would be taken out everywhere, which nobody decided."""
    return _stop(
        "BEGUN_BY_OLDER_VERSION",
        "everywhere",
        erasure,
        (
            "登记服务是旧版本，或这项删除由旧版本开始办理：旧版本不认得 everywhere，姓名和工号会一并抹去，现已停下",
            "请先升级登记服务；确要两类都抹去的，写明 everywhere: [NAME, NUMBER] 后再次确认",
        ),
        (
            "the registry is of an older version, or one began this: it knows no everywhere and takes both kinds out",
            "upgrade the registry; where both are to go, say everywhere: [NAME, NUMBER] and confirm once more",
        ),
    )


def _stop(code: str, field: str, value: str, zh: tuple[str, str], en: tuple[str, str]) -> Refused:
    item = RefusalItem(
        code=code,
        field=field,
        value=value,
        message_zh=f"{zh[0]}。",
        message_en=f"{en[0]}.",
        remedy_zh=f"{zh[1]}。",
        remedy_en=f"{en[1]}.",
    )
    return Refused(errors=(item,))
