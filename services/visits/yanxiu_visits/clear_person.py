"""Take what names a person out of the texts of visits; no hash rests on any of them."""

from __future__ import annotations

import msgspec
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_footing.persons.begun import digest_of, not_begun
from yanxiu_footing.persons.clear_texts import Search, answers_of, changes_of, find_rows, put_changes
from yanxiu_footing.persons.held import Whose
from yanxiu_footing.persons.sweep_cleared import sweep_cleared
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import ClearPerson, Erasure, ErasureWords, PersonCleared
from yanxiu_wire.refusal import Refused

from yanxiu_visits.all_tables import metadata
from yanxiu_visits.personal import PERSONAL
from yanxiu_visits.personal_texts import TEXTS
from yanxiu_visits.service import Service


async def clear_person(
    service: Service, district: str, command: ClearPerson, deadline: Deadline
) -> PersonCleared | Refused:
    """Return how many rows of each table were changed. Texts that come in meanwhile are found by doing it again.

    Then the freed pages of a file are written anew, so that no byte of him is left in it. Refused: ERASURE_NOT_BEGUN.
    """
    if (refused := await not_begun(service, district, command, deadline)) is not None:
        return refused
    search = Search.of(metadata, TEXTS, PERSONAL, Whose(district, command.teacher), command.words)
    async with service.databases.read(district) as conn:
        rows = await find_rows(conn, search)
    now_us = to_us(service.clock.now())

    async def work(conn: AsyncConnection) -> PersonCleared:
        await put_changes(conn, search.whose, command.erasure, await changes_of(conn, search, rows), now_us)
        rows_changed = await answers_of(conn, district, command.erasure) or {}
        return PersonCleared(rows=rows_changed, by=digest_of(command))

    # Neither key nor hash of the command are made of a name; a blank stands in no client's key. The key is one of the
    # attempt: what came in since is sought when the same is asked again, and what was done is counted once.
    told = msgspec.structs.replace(command, key=f"{command.key} clear {uuid_utils.uuid7()}", words=ErasureWords())
    done = await once(service.databases, district, told, PersonCleared, deadline, work)
    await sweep_cleared(service.databases, district)
    return done


async def clear_as_of(conn: AsyncConnection, district: str, one: Erasure, words: ErasureWords) -> None:
    """Clear in a copy what an erasure cleared, as it did then."""
    assert one.confirmed_at is not None  # noqa: S101 - what is known is done
    search = Search.of(metadata, TEXTS, PERSONAL, Whose(district, one.teacher), words)
    changes = await changes_of(conn, search, await find_rows(conn, search))
    await put_changes(conn, search.whose, one.id, changes, to_us(one.confirmed_at))
