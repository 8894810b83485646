"""Take what names a person out of the texts of credits; rows that hashes rest on keep the digest of before, signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_footing.persons.begun import digest_of, not_begun
from yanxiu_footing.persons.clear_texts import (
    Change,
    Search,
    answers_of,
    changes_of,
    find_rows,
    put_changes,
)
from yanxiu_footing.persons.held import Whose
from yanxiu_footing.persons.sweep_cleared import sweep_cleared
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import ClearPerson, Erasure, ErasureWords, PersonCleared
from yanxiu_wire.refusal import Refused

from yanxiu_credits.all_tables import metadata
from yanxiu_credits.erasing.bound import Sign, digests_of, put_redactions, redactions_of
from yanxiu_credits.personal import PERSONAL
from yanxiu_credits.personal_texts import TEXTS
from yanxiu_credits.service import Service


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
    of = Redacting(command.erasure, command.caller.subject, to_us(service.clock.now()), service.signer.sign)

    async def work(conn: AsyncConnection) -> PersonCleared:
        await redact(conn, search.whose, await changes_of(conn, search, rows), of)
        rows_changed = await answers_of(conn, district, command.erasure) or {}
        return PersonCleared(rows=rows_changed, by=digest_of(command))

    # Neither key nor hash of the command are made of a name; a blank stands in no client's key. The key is one of the
    # attempt: what came in since is sought when the same is asked again, and what was done is counted once.
    told = msgspec.structs.replace(command, key=f"{command.key} clear {uuid_utils.uuid7()}", words=ErasureWords())
    done = await once(service.databases, district, told, PersonCleared, deadline, work)
    await sweep_cleared(service.databases, district)
    return done


async def clear_as_of(conn: AsyncConnection, district: str, one: Erasure, words: ErasureWords, sign: Sign) -> None:
    """Clear in a copy what an erasure cleared, as it did then."""
    assert one.confirmed_by is not None and one.confirmed_at is not None  # noqa: S101, PT018 - what is known is done
    search = Search.of(metadata, TEXTS, PERSONAL, Whose(district, one.teacher), words)
    changes = await changes_of(conn, search, await find_rows(conn, search))
    await redact(conn, search.whose, changes, Redacting(one.id, one.confirmed_by, to_us(one.confirmed_at), sign))


@dataclass(frozen=True, slots=True)
class Redacting:
    """For which erasure, who answers for it, when (microseconds since 1970), and what signs."""

    erasure: str
    by: str
    at_us: int
    sign: Sign


async def redact(conn: AsyncConnection, whose: Whose, changes: Sequence[Change], of: Redacting) -> None:
    """Make the changes and keep a signed redaction of each row that hashes rest on."""
    before = await digests_of(conn, whose.district, changes)
    await put_changes(conn, whose, of.erasure, changes, of.at_us)
    after = await digests_of(conn, whose.district, changes)
    made = redactions_of(before, after, district=whose.district, erasure=of.erasure, by=of.by, at_us=of.at_us)
    await put_redactions(conn, made, of.sign)
