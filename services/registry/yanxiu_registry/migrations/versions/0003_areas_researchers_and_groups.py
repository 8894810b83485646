"""Areas, researchers, research groups and leading groups with dated facts; a school's area, and why it is weak."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import refuse

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OWNERS = ("area", "researcher", "research_group", "leading_group")


def upgrade() -> None:
    with op.batch_alter_table("school_fact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("area", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("weak_decided_by", sa.String(length=200), nullable=True))
    _areas()
    _researchers()
    _research_groups()
    _leading_groups()
    for owner in OWNERS:
        for table in (owner, f"{owner}_fact"):
            refuse(op, table, "DELETE", says=f"{table} keeps what it has")
        says = f"what was superseded in {owner}_fact stays as it was"
        refuse(op, f"{owner}_fact", "UPDATE", says=says, when="OLD.superseded IS NOT NULL")


def downgrade() -> None:
    for owner in reversed(OWNERS):
        op.drop_table(f"{owner}_fact")
        op.drop_table(owner)
    with op.batch_alter_table("school_fact", schema=None) as batch_op:
        batch_op.drop_column("weak_decided_by")
        batch_op.drop_column("area")


def _owner(name: str, *more: Any) -> None:
    op.create_table(
        name,
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        *more,
        sa.PrimaryKeyConstraint("district", "id", name=op.f(f"pk_{name}")),
    )


def _dated(owner: str, *facts: sa.Column[Any]) -> None:
    name = f"{owner}_fact"
    op.create_table(
        name,
        sa.Column("district", sa.String(length=31), nullable=False),
        sa.Column(owner, sa.String(length=36), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("superseded", sa.Integer(), nullable=True),
        *facts,
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", owner], [f"{owner}.district", f"{owner}.id"], name=op.f(f"fk_{name}_district_{owner}_{owner}")
        ),
        sa.PrimaryKeyConstraint("district", owner, "since", "version", name=op.f(f"pk_{name}")),
    )


def _areas() -> None:
    _owner("area")
    _dated("area", sa.Column("name", sa.String(length=100), nullable=False))


def _researchers() -> None:
    _owner(
        "researcher",
        sa.ForeignKeyConstraint(
            ["district", "id"], ["teacher.district", "teacher.id"], name=op.f("fk_researcher_district_id_teacher")
        ),
    )
    _dated(
        "researcher",
        sa.Column("subjects", sa.Text(), nullable=False),
        sa.Column("stages", sa.Text(), nullable=False),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("conflicts", sa.Text(), nullable=False),
        sa.Column("absences", sa.Text(), nullable=False),
    )


def _research_groups() -> None:
    _owner("research_group")
    _dated(
        "research_group",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=True),
        sa.Column("school", sa.String(length=36), nullable=True),
        sa.Column("area", sa.String(length=36), nullable=True),
        sa.Column("leader", sa.String(length=36), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("archived_on", sa.Date(), nullable=True),
    )
    op.create_index(op.f("ix_research_group_fact_district_school"), "research_group_fact", ["district", "school"])


def _leading_groups() -> None:
    _owner("leading_group")
    _dated(
        "leading_group",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("school", sa.String(length=36), nullable=True),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=True),
    )
    op.create_index(op.f("ix_leading_group_fact_district_school"), "leading_group_fact", ["district", "school"])
