"""Decide on an erasure that another person proposed: from then on names may be cleared, and it is not withdrawn."""

from __future__ import annotations

import msgspec
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import EVERY_KIND, BeginErasure, Erasure, WordKind
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.erasing import refusals
from yanxiu_registry.erasing.announce_begun import announce_begun, shown_before
from yanxiu_registry.erasing.decidable import decidable
from yanxiu_registry.erasing.erasure_store import put_begun
from yanxiu_registry.erasing.words import shown_now
from yanxiu_registry.refusals import refused


async def begin_erasure(
    registry: Registry, district: str, command: BeginErasure, deadline: Deadline
) -> Erasure | Refused:
    """The erasure, begun; it is begun once, by whoever did first, and what that one decided of `everywhere` stands.

    Whoever asks, the words are announced as they are now: another person of his name may have come since, or gone, and
    what was spared as that one's would go. So where they are others than those announced before, or than those that he
    says he was shown, he is refused, and has to say which he was shown.

    Refused: ERASURE_UNKNOWN, ERASURE_WITHDRAWN, ERASURE_SUPERSEDED, SAME_PERSON, TEACHER_EMPLOYED, TEACHER_SERVES,
    TEACHER_HOLDS_GRANT, STREAM_KEEPS_NAMES, WORDS_CHANGED.
    """

    async def work(conn: AsyncConnection) -> Erasure | Refused:
        one = await decidable(registry, conn, district, command.caller, command.erasure)
        if isinstance(one, Refused) or one.confirmed_at is not None:
            return one
        shown = await shown_now(registry, conn, district, one)
        if (command.shown or await _agreed(conn, district, one, shown)) != shown:
            return refused(refusals.words_changed(one.id))
        if one.begun_at is None:
            stamp = registry.stamp(command.caller)
            everywhere: tuple[WordKind, ...] = tuple(kind for kind in EVERY_KIND if kind in command.everywhere)
            await put_begun(conn, district, one.id, everywhere, stamp)
            one = msgspec.structs.replace(one, begun_by=stamp.by, begun_at=stamp.at, everywhere=everywhere)
        await announce_begun(conn, district, one, shown)
        return one

    # The key is that of the confirmation, which is another command, and of the attempt; a blank stands in no client's.
    told = msgspec.structs.replace(command, key=f"{command.key} begin {uuid_utils.uuid7()}")
    return await once(registry.dbs, district, told, Erasure, deadline, work)


async def _agreed(conn: AsyncConnection, district: str, one: Erasure, shown: str) -> str | None:
    """Return the check code of the words that it was decided on; None where an older version began and kept none."""
    return shown if one.begun_at is None else await shown_before(conn, district, one.id)
