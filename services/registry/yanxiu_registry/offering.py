"""The form of a table of endpoints: for each, the use case that answers and the roles that may ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from yanxiu_wire.caller import Role
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint

from yanxiu_registry.context import Registry

UseCase = Callable[[Registry, str, Any, Deadline], Awaitable[Any]]
Offered = Mapping[Endpoint[Any, Any], tuple[UseCase, frozenset[Role]]]
