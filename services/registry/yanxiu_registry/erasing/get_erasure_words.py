"""Answer by what the person of an erasure is named: to be counted before it is decided, to be taken out after."""

from __future__ import annotations

import msgspec
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import ErasureWords, GetErasureWords
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.erasing import refusals
from yanxiu_registry.erasing.announce_begun import salted_words
from yanxiu_registry.erasing.erasure_store import read_erasures
from yanxiu_registry.erasing.tables import erasure
from yanxiu_registry.erasing.words import shown_now, words_of
from yanxiu_registry.refusals import refused


async def get_erasure_words(
    registry: Registry, district: str, query: GetErasureWords, deadline: Deadline
) -> ErasureWords | Refused:
    """The words; none of one that is done. Refused: ERASURE_UNKNOWN, ERASURE_WITHDRAWN.

    Of one that is begun they come as it was decided, with the salt of what was announced. Each time with the check code
    that says which words were shown.
    """
    deadline.check()
    async with registry.dbs.read(district) as conn:
        found = await read_erasures(conn, district, erasure.c.id == query.erasure)
        if not found:
            return refused(refusals.erasure_unknown(query.erasure))
        if found[0].withdrawn_at is not None:
            return refused(refusals.withdrawn(query.erasure))
        (one,) = found
        begun = one.begun_at is not None
        words = await (salted_words(conn, district, one) if begun else words_of(conn, district, one.teacher))
        return msgspec.structs.replace(words, shown=await shown_now(registry, conn, district, one))
