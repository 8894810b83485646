"""Before a nomination goes on, the registry looks for people's names in its statement: no other service has any."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.awards import Nominate
from yanxiu_wire.blind_statement import CheckStatement
from yanxiu_wire.refusal import Refused

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.outcome import Done, settled

_LONGEST, _MOST = 20_000, 90
_YEARS = range(1, 10_000)


async def names_somebody(info: Info, command: Nominate) -> Done | None:
    """What a nomination is refused with that names somebody of its school; names of schools and groups visits finds."""
    wrong = len(command.statement) > _LONGEST or len(command.people) > _MOST or command.year not in _YEARS
    if wrong:
        return None  # the service of awards says what is wrong with it
    query = CheckStatement(
        caller=command.caller,
        school=command.school,
        since=date(command.year, 1, 1),
        statement=command.statement,
        people=(command.recipient, *command.people),
        groups=(command.recipient,),
    )
    reply = await info.context.backend.check_statement(query, deadline=info.context.deadline)
    return settled(reply) if isinstance(reply, Refused) else None
