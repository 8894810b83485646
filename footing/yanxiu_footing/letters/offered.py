"""What a service that follows others answers about its dead letters, to the platform's operator alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_wire import dead_letters as wire
from yanxiu_wire.caller import Role
from yanxiu_wire.endpoint import Endpoint

from yanxiu_footing.audit.declared import Audited, personal
from yanxiu_footing.copying import Copy
from yanxiu_footing.follow_registry import Remember, remember_nothing
from yanxiu_footing.letters.drop_dead_letters import drop_dead_letters
from yanxiu_footing.letters.get_dead_letters import get_dead_letters
from yanxiu_footing.letters.list_dead_letters import list_dead_letters
from yanxiu_footing.letters.replay_dead_letters import replaying
from yanxiu_footing.letters.served import Applied
from yanxiu_footing.scope import roles

OPERATORS = roles("platform-operator")
Offer = tuple[Any, frozenset[Role]] | tuple[Any, frozenset[Role], Audited]


def letters_offered(
    service: str, copy: Copy, remember: Remember = remember_nothing
) -> Mapping[Endpoint[Any, Any], Offer]:
    """Return the endpoints of a service that applies announcements so."""
    applied = Applied(copy, remember)
    return {
        wire.LIST_DEAD_LETTERS[service]: (list_dead_letters, OPERATORS, personal()),
        wire.GET_DEAD_LETTERS[service]: (get_dead_letters, OPERATORS, personal(before=True)),
        wire.REPLAY_DEAD_LETTERS[service]: (replaying(applied), OPERATORS),
        wire.DROP_DEAD_LETTERS[service]: (drop_dead_letters, OPERATORS),
    }
