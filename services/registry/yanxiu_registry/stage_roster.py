"""Lay rows of a roster ready; nothing is entered yet."""

from __future__ import annotations

import asyncio

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.codec import encode_canonical
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.roster_import import RosterStaged, StageRoster

from yanxiu_registry.context import Registry
from yanxiu_registry.diff_roster import row_owner
from yanxiu_registry.refusals import refused, too_many, value_invalid
from yanxiu_registry.store.rosters import SealedRow, stage_rows

MOST_ROWS = 1000
_LONGEST_ID = 100


async def stage_roster(
    registry: Registry, district: str, command: StageRoster, deadline: Deadline
) -> RosterStaged | Refused:
    """How many rows lie ready in all; a row staged again takes the place of the one with its number."""
    if len(command.rows) > MOST_ROWS:
        return too_many("rows", len(command.rows), MOST_ROWS)
    if not 1 <= len(command.roster) <= _LONGEST_ID:
        zh, en = f"1 至 {_LONGEST_ID} 个字符的标识", f"an id of 1 to {_LONGEST_ID} characters"
        return refused(value_invalid("roster", command.roster, zh, en))
    # A later row takes an earlier one's place within one message too.
    plain = {row.number: encode_canonical(row.cells).decode() for row in command.rows}
    sealed = await asyncio.to_thread(_seal, registry, district, command.roster, plain)

    async def work(conn: AsyncConnection) -> RosterStaged | Refused:
        stamp = registry.stamp(command.caller)
        count = await stage_rows(conn, district, command.roster, sealed, stamp)
        return RosterStaged(roster=command.roster, rows=count)

    # The rows hold national ids: the inbox keeps a keyed digest of them, not a hash that could be searched for them.
    digest = registry.vault.digest(district, [f"{number}:{cells}" for number, cells in plain.items()])
    remembered = msgspec.structs.replace(command, roster=f"{command.roster}#{digest}", rows=())
    return await once(registry.dbs, district, remembered, RosterStaged, deadline, work)


def _seal(registry: Registry, district: str, roster: str, plain: dict[int, str]) -> list[SealedRow]:
    return [
        SealedRow(number, registry.vault.seal(district, row_owner(roster, number), cells))
        for number, cells in plain.items()
    ]
