"""The tables of areas, researchers and groups: an owner's row, and its dated rows, as schools and teachers have them.

A text column of a dated row holds a list as JSON.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from yanxiu_registry.tables import METADATA, Instant


def _owner(name: str, *more: Any) -> sa.Table:
    return sa.Table(
        name,
        METADATA,
        sa.Column("district", sa.String(31), primary_key=True),
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("begins_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        *more,
    )


def _dated(owner: str, *facts: Any) -> sa.Table:
    return sa.Table(
        f"{owner}_fact",
        METADATA,
        sa.Column("district", sa.String(31), primary_key=True),
        sa.Column(owner, sa.String(36), primary_key=True),
        sa.Column("since", sa.Date, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("until", sa.Date),
        sa.Column("superseded", sa.Integer),
        *facts,
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["district", owner], [f"{owner}.district", f"{owner}.id"]),
    )


area = _owner("area")
area_fact = _dated("area", sa.Column("name", sa.String(100), nullable=False))

# A researcher goes by the id of the teacher.
researcher = _owner("researcher", sa.ForeignKeyConstraint(["district", "id"], ["teacher.district", "teacher.id"]))
researcher_fact = _dated(
    "researcher",
    sa.Column("subjects", sa.Text, nullable=False),
    sa.Column("stages", sa.Text, nullable=False),
    sa.Column("areas", sa.Text, nullable=False),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.Column("conflicts", sa.Text, nullable=False),
    sa.Column("absences", sa.Text, nullable=False),
)

research_group = _owner("research_group")
research_group_fact = _dated(
    "research_group",
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("subject", sa.String(60)),
    sa.Column("school", sa.String(36)),
    sa.Column("area", sa.String(36)),
    sa.Column("leader", sa.String(36), nullable=False),
    sa.Column("members", sa.Text, nullable=False),
    sa.Column("leader_backbone", sa.Boolean),
    sa.Column("leader_grounds", sa.String(200)),
    sa.Column("appointed_by", sa.String(200)),
    sa.Column("filed_on", sa.Date),
    sa.Column("archived_on", sa.Date),
    sa.Index(None, "district", "school"),
)

leading_group = _owner("leading_group")
leading_group_fact = _dated(
    "leading_group",
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("school", sa.String(36)),
    sa.Column("members", sa.Text, nullable=False),
    sa.Column("remark", sa.String(200)),
    sa.Index(None, "district", "school"),
)

studio = _owner("studio")
studio_fact = _dated(
    "studio",
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("level", sa.String(60), nullable=False),
    sa.Column("leader", sa.String(36), nullable=False),
    sa.Column("schools", sa.Text, nullable=False),
)
