"""What a mutation does with its command: look at the key, send it, show what came of it as of today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
from yanxiu_wire.message import Command

from yanxiu_gateway.backend import Bound
from yanxiu_gateway.names import NO_NAMES
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.create_school import with_day
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import Done, key_problem, settled


async def carry_out(info: Info, ask: Bound[Any, Any], command: Command, names: Mapping[str, str] = NO_NAMES) -> Done:
    """What came of the command; `names` are fields that the input calls by another name."""
    if problem := key_problem(command.key):
        return problem
    return with_day(settled(await ask(command, deadline=info.context.deadline), names))


def plain_ids(kind: str, texts: list[strawberry.ID]) -> tuple[str, ...]:
    """The register's ids for a list of a client's."""
    return tuple(plain_id(kind, one) for one in texts)
