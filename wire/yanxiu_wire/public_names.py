"""Messages of the names on a public list (公示): the registry tells the name alone, and credits never learns it."""

from __future__ import annotations

from datetime import date

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Query
from yanxiu_wire.refusal import Refused

SERVICE = "registry"


class GetPublicNames(Query, frozen=True, kw_only=True):
    """Ask for the names of teachers on a public list that the caller is being shown; `on` is the day of the list."""

    teachers: tuple[str, ...]
    on: date


class PublicNames(msgspec.Struct, frozen=True, kw_only=True, tag="public-names"):
    """Names in the order asked for; None where unknown or nobody of the caller's own school."""

    items: tuple[str | None, ...]


GET_PUBLIC_NAMES = Endpoint(SERVICE, "get-public-names", GetPublicNames, PublicNames | Refused)
