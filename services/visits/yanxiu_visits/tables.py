"""The tables of the visits service that belong to no one area: what makes it durable, and its copy of the registry.

Every table leads its keys with `district`. Days are dates, half days whole numbers of half days, instants integer
microseconds since 1970 in UTC: all exact, and the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

from yanxiu_durable.tables import consumed_table, inbox_table, new_metadata, outbox_table
from yanxiu_footing.copy_tables import copy_tables, fact_table

metadata = new_metadata()

inbox = inbox_table(metadata)
outbox = outbox_table(metadata)
consumed = consumed_table(metadata)

# ---- the copy of the registry's facts: filled by events, never by a command -----------------------------------------

_copy = copy_tables(metadata)
school_fact = _copy["school_fact"]
teacher_fact = _copy["teacher_fact"]
teacher_place = _copy["teacher_place"]
term_fact = _copy["term_fact"]
calendar_fact = _copy["calendar_fact"]
dead_letter = _copy["dead_letter"]
area_fact = fact_table(metadata, "area_fact", "area")
researcher_fact = fact_table(metadata, "researcher_fact", "researcher")
research_group_fact = fact_table(metadata, "research_group_fact", "research_group")
# What another service than the registry announces: which schools are barred from the selections of a period.
school_ratio_fact = fact_table(metadata, "school_ratio_fact", "school", "label")
leading_group_fact = fact_table(metadata, "leading_group_fact", "leading_group")
studio_fact = fact_table(metadata, "studio_fact", "studio")
