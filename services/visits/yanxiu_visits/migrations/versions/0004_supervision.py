"""Supervision: teams, draws that are committed to and revealed, and inspections."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _made() -> sa.Column[int]:
    return sa.Column("made_us", sa.BigInteger(), nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("district", *columns, name=op.f(f"pk_{table}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_district_{'_'.join(columns)}"), table, ["district", *columns])


def upgrade() -> None:
    op.create_table(
        "supervision_team", _text("district"), _text("id"), _made(), _text("body"), _key("supervision_team", "id")
    )
    _index("supervision_team", "made_us", "id")
    op.create_table(
        "supervision_draw",
        *(_text(name) for name in ("district", "id", "school_year")),
        _made(),
        *(_text(name) for name in ("seed", "body")),
        _key("supervision_draw", "id"),
    )
    _index("supervision_draw", "made_us", "id")
    append_only(op, "supervision_draw", ("id",))
    op.create_table(
        "supervision_draw_result",
        *(_text(name) for name in ("district", "draw", "body")),
        _key("supervision_draw_result", "draw"),
    )
    append_only(op, "supervision_draw_result", ("draw",))
    op.create_table(
        "inspection",
        *(_text(name) for name in ("district", "id", "school", "school_year", "kind", "state")),
        sa.Column("due_on", sa.Date(), nullable=False),
        _text("draw", null=True),
        _text("body"),
        _key("inspection", "id"),
        sa.UniqueConstraint("district", "draw", "school", name=op.f("uq_inspection_district_draw_school")),
    )
    for columns in (("due_on", "id"), ("school", "due_on"), ("school_year", "state")):
        _index("inspection", *columns)


def downgrade() -> None:
    op.drop_table("inspection")
    for table in ("supervision_draw_result", "supervision_draw"):
        no_longer_append_only(op, table)
        op.drop_table(table)
    op.drop_table("supervision_team")
