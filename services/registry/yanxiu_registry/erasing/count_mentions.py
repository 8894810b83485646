"""Say in how many rows of the register the words of an erasure stand."""

from __future__ import annotations

from yanxiu_footing.persons.count_texts import counting

from yanxiu_registry.personal import PERSONAL
from yanxiu_registry.personal_texts import TEXTS
from yanxiu_registry.tables import METADATA

count_mentions = counting(METADATA, TEXTS, PERSONAL)
