"""Messages owned by the visits service; its capabilities are not built yet, only its health is."""

from __future__ import annotations

from typing import Any

from yanxiu_wire.endpoint import Endpoint, Event

SERVICE = "visits"
ENDPOINTS: tuple[Endpoint[Any, Any], ...] = ()
EVENTS: tuple[Event[Any], ...] = ()
