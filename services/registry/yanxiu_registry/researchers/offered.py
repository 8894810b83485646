"""What is answered about researchers: endpoints, use cases and who may ask."""

from __future__ import annotations

from yanxiu_footing.audit.declared import personal
from yanxiu_wire import researcher as wire

from yanxiu_registry.offering import Offered
from yanxiu_registry.researchers.correct_absence import correct_absence
from yanxiu_registry.researchers.correct_researcher import correct_researcher
from yanxiu_registry.researchers.end_researcher import end_researcher
from yanxiu_registry.researchers.enrol_researcher import enrol_researcher
from yanxiu_registry.researchers.get_researchers import get_researchers
from yanxiu_registry.researchers.list_researchers import list_researchers
from yanxiu_registry.researchers.record_absence import record_absence
from yanxiu_registry.scope import OFFICERS, READERS

OFFERED: Offered = {
    wire.ENROL_RESEARCHER: (enrol_researcher, OFFICERS),
    wire.CORRECT_RESEARCHER: (correct_researcher, OFFICERS),
    wire.END_RESEARCHER: (end_researcher, OFFICERS),
    wire.RECORD_ABSENCE: (record_absence, OFFICERS),
    wire.CORRECT_ABSENCE: (correct_absence, OFFICERS),
    wire.GET_RESEARCHERS: (get_researchers, READERS, personal()),
    wire.LIST_RESEARCHERS: (list_researchers, READERS, personal("items.id")),
}
