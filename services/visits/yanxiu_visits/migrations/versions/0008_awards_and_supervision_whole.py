"""Awards withdrawn or revoked, who objected, who holds which inspection; what is once, once again if ended."""

import json

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_RECIPIENT = "uq_award_nomination_district_year_category_recipient"
_DRAW = "uq_inspection_district_draw_school"


def upgrade() -> None:
    op.create_table(
        "award_ending",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("district", "nomination", "what")),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("freed", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("reason", "ended_by", "role")),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "nomination", name=op.f("pk_award_ending")),
        sa.CheckConstraint("what IN ('withdrawn', 'revoked')", name=op.f("ck_award_ending_what_known")),
    )
    append_only(op, "award_ending", ("nomination",))
    op.create_table(
        "inspection_supervisor",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("district", "person", "inspection")),
        sa.PrimaryKeyConstraint("district", "person", "inspection", name=op.f("pk_inspection_supervisor")),
    )
    with op.batch_alter_table("award_nomination") as batch:
        batch.drop_constraint(_RECIPIENT, type_="unique")
    _once("award_nomination", "recipient", ["year", "category", "recipient"], "state <> 'withdrawn'")
    with op.batch_alter_table("inspection") as batch:
        batch.drop_constraint(_DRAW, type_="unique")
    _once("inspection", "draw", ["draw", "school"], "state <> 'cancelled'")
    op.add_column("award_objection", sa.Column("raised_by", sa.Text(), nullable=True))
    _fill()
    with op.batch_alter_table("award_objection") as batch:
        batch.alter_column("raised_by", existing_type=sa.Text(), nullable=False)


def _once(table: str, name: str, columns: list[str], where: str) -> None:
    op.create_index(
        f"ix_{table}_{name}_once",
        table,
        ["district", *columns],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _fill() -> None:
    """Take out of what was stored who objected, and who holds which inspection."""
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT district, id, body FROM award_objection")).all():
        given = {"by": json.loads(row.body)["raised_by"], "of": row.district, "id": row.id}
        connection.execute(
            sa.text("UPDATE award_objection SET raised_by = :by WHERE district = :of AND id = :id"), given
        )
    add = sa.text("INSERT INTO inspection_supervisor (district, person, inspection) VALUES (:of, :person, :id)")
    for row in connection.execute(sa.text("SELECT district, id, body FROM inspection")).all():
        for person in dict.fromkeys(json.loads(row.body)["supervisors"]):
            connection.execute(add, {"of": row.district, "person": person, "id": row.id})


def downgrade() -> None:
    with op.batch_alter_table("award_objection") as batch:
        batch.drop_column("raised_by")
    op.drop_index("ix_inspection_draw_once", "inspection")
    with op.batch_alter_table("inspection") as batch:
        batch.create_unique_constraint(_DRAW, ["district", "draw", "school"])
    op.drop_index("ix_award_nomination_recipient_once", "award_nomination")
    with op.batch_alter_table("award_nomination") as batch:
        batch.create_unique_constraint(_RECIPIENT, ["district", "year", "category", "recipient"])
    op.drop_table("inspection_supervisor")
    no_longer_append_only(op, "award_ending")
    op.drop_table("award_ending")
