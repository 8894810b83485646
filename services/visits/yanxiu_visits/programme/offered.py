"""The endpoints of what schools set up: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_wire.organisation import LIST_SCHOOL_ORGANISATIONS

from yanxiu_visits import scope
from yanxiu_visits.programme.list_organisations import list_organisations

OFFERED: Table = {LIST_SCHOOL_ORGANISATIONS: (list_organisations, scope.EVERYWHERE | scope.SCHOOL_ROLES)}
