"""Awards: years, nominations, reviewers, marks, places within the quota, objections; and schools that are barred."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("award_objection", "award_place", "award_reviewer", "award_nomination", "award_year", "school_ratio_fact")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null, autoincrement=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("district", *columns, name=op.f(f"pk_{table}"))


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("district", *columns, name=op.f(f"uq_{table}_district_{'_'.join(columns)}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_district_{'_'.join(columns)}"), table, ["district", *columns])


def upgrade() -> None:
    op.create_table(
        "school_ratio_fact",
        *(_text(name) for name in ("district", "school", "label")),
        _number("version"),
        _text("body"),
        _key("school_ratio_fact", "school", "label"),
    )
    op.create_table(
        "award_year", _text("district"), _number("year"), _text("seed"), _text("body"), _key("award_year", "year")
    )
    _nominations()
    _reviews()
    op.create_table(
        "award_place",
        _text("district"),
        _number("year"),
        _text("category"),
        *(_number(name) for name in ("place", "quota")),
        _text("nomination"),
        _key("award_place", "year", "category", "place"),
        _once("award_place", "nomination"),
        sa.CheckConstraint("place BETWEEN 1 AND quota", name=op.f("ck_award_place_within_quota")),
    )
    op.create_table(
        "award_objection",
        *(_text(name) for name in ("district", "id", "nomination")),
        sa.Column("settled", sa.Boolean(), nullable=False),
        _text("body"),
        _key("award_objection", "id"),
    )
    _index("award_objection", "nomination", "settled")


def _nominations() -> None:
    op.create_table(
        "award_nomination",
        *(_text(name) for name in ("district", "id")),
        _number("year"),
        *(_text(name) for name in ("category", "recipient", "school")),
        *(_number(name, null=True) for name in ("number", "rank")),
        _text("state"),
        sa.Column("public", sa.Boolean(), nullable=False),
        _text("body"),
        _key("award_nomination", "id"),
        _once("award_nomination", "year", "category", "recipient"),
        _once("award_nomination", "year", "category", "number"),
    )
    _index("award_nomination", "year", "id")


def _reviews() -> None:
    op.create_table(
        "award_reviewer",
        _text("district"),
        _number("year"),
        *(_text(name) for name in ("reviewer", "body")),
        _key("award_reviewer", "year", "reviewer"),
    )
    op.create_table(
        "award_score",
        *(_text(name) for name in ("district", "nomination", "reviewer")),
        *(_number(name) for name in ("turn", "year")),
        _text("marks"),
        sa.Column("scored_us", sa.BigInteger(), nullable=False),
        _key("award_score", "nomination", "reviewer", "turn"),
    )
    _index("award_score", "year")
    append_only(op, "award_score", ("nomination", "reviewer", "turn"))


def downgrade() -> None:
    no_longer_append_only(op, "award_score")
    op.drop_table("award_score")
    for table in TABLES:
        op.drop_table(table)
