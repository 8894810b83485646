"""Messages by which the registry says that a statement names nobody: the names it looks for stay where they are."""

from __future__ import annotations

from datetime import date

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Query
from yanxiu_wire.refusal import Refused

SERVICE = "registry"


class CheckStatement(Query, frozen=True, kw_only=True):
    """Ask that a statement that is reviewed blind name nobody.

    Sought are the names and staff numbers of the school's staff since a day, of the `people` given by id, and of who is
    in a research group among the `groups`.
    """

    school: str
    since: date
    statement: str
    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class StatementChecked(msgspec.Struct, frozen=True, kw_only=True, tag="statement-checked"):
    """It does not; `people` is of how many the names were looked for."""

    people: int


CHECK_STATEMENT = Endpoint(SERVICE, "check-statement", CheckStatement, StatementChecked | Refused)
