"""Who may call an endpoint, as the policies come out for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from yanxiu_wire.caller import Role
from yanxiu_wire.endpoint import Endpoint


class Permit(msgspec.Struct, frozen=True):
    """The roles that may call an endpoint of their district, and the ids of the policies that say so.

    `reasons` has for each role those that let it in, or keep it out where more than a lack of them does.
    """

    roles: frozenset[Role]
    policies: tuple[str, ...]
    reasons: Mapping[Role, tuple[str, ...]] = {}


Permits = Mapping[Endpoint[Any, Any], Permit]
NOBODY = Permit(frozenset(), ())
