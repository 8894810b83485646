"""The endpoints of the visits service: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_wire import visits as wire

from yanxiu_visits import scope
from yanxiu_visits.rebuild_facts import rebuild_facts

TABLE: Table = {
    wire.REBUILD_VISIT_FACTS: (rebuild_facts, scope.REBUILDERS),
}
