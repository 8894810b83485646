"""Say what a staged roster would change, and what is wrong with its rows; nothing is written."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.roster_import import CheckRoster, RosterReport

from yanxiu_registry.context import Registry
from yanxiu_registry.diff_roster import diff_roster, report_of, roster_unknown


async def check_roster(
    registry: Registry, district: str, query: CheckRoster, deadline: Deadline
) -> RosterReport | Refused:
    """The report; refused with ROSTER_UNKNOWN when no rows lie ready, ROSTER_INCOMPLETE when not as many as said."""
    deadline.check()
    async with registry.dbs.read(district) as conn:
        found = await diff_roster(registry, conn, district, query)
    if found is None:
        return roster_unknown(query.roster)
    return found if isinstance(found, Refused) else report_of(query.roster, found)
