"""What is answered about studios: endpoints, use cases and who may ask."""

from __future__ import annotations

from yanxiu_footing.audit.declared import personal
from yanxiu_wire import studio as wire

from yanxiu_registry.offering import Offered
from yanxiu_registry.scope import OFFICERS, READERS
from yanxiu_registry.studios.correct_studio import correct_studio
from yanxiu_registry.studios.list_studios import list_studios
from yanxiu_registry.studios.open_studio import open_studio

OFFERED: Offered = {
    wire.OPEN_STUDIO: (open_studio, OFFICERS),
    wire.CORRECT_STUDIO: (correct_studio, OFFICERS),
    wire.LIST_STUDIOS: (list_studios, READERS, personal("items.leader")),
}
