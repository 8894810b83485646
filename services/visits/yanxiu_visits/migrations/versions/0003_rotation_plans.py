"""Rotation plans, and the residencies that adopted ones make."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=False)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_district_{'_'.join(columns)}"), table, ["district", *columns])


def upgrade() -> None:
    op.create_table(
        "rotation_plan",
        *(_text(name) for name in ("district", "id", "state")),
        _day("first_on"),
        _day("last_on"),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        _text("body"),
        _text("contents"),
        _text("problem", null=True),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_rotation_plan")),
    )
    _index("rotation_plan", "created_us", "id")
    _index("rotation_plan", "state")
    op.create_table(
        "residency",
        *(_text(name) for name in ("district", "id", "plan", "person", "school", "role")),
        _text("term", null=True),
        _day("starts_on"),
        _day("ends_on"),
        _text("state"),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_residency")),
        sa.CheckConstraint("state IN ('live', 'withdrawn')", name=op.f("ck_residency_state_known")),
    )
    for columns in (("starts_on", "id"), ("person", "starts_on"), ("school", "starts_on")):
        _index("residency", *columns)


def downgrade() -> None:
    op.drop_table("residency")
    op.drop_table("rotation_plan")
