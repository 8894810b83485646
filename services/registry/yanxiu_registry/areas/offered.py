"""What is answered about areas: endpoints, use cases and who may ask."""

from __future__ import annotations

from yanxiu_footing.audit.declared import PLAIN
from yanxiu_wire import area as wire

from yanxiu_registry.areas.correct_area import correct_area
from yanxiu_registry.areas.create_area import create_area
from yanxiu_registry.areas.get_areas import get_areas
from yanxiu_registry.areas.list_areas import list_areas
from yanxiu_registry.offering import Offered
from yanxiu_registry.scope import OFFICERS, READERS

OFFERED: Offered = {
    wire.CREATE_AREA: (create_area, OFFICERS),
    wire.CORRECT_AREA: (correct_area, OFFICERS),
    wire.GET_AREAS: (get_areas, READERS, PLAIN),
    wire.LIST_AREAS: (list_areas, READERS, PLAIN),
}
