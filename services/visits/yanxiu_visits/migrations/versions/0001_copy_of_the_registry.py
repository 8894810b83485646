"""What makes the service durable, and its copy of the registry's facts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NOUNS = ("area", "leading_group", "research_group", "researcher", "school", "teacher")


def upgrade() -> None:
    _durable()
    _outbox()
    _table("district_fact", (), *_fact())
    for noun in _NOUNS:
        _table(f"{noun}_fact", (noun,), _text(noun), *_fact())
    _calendar()
    _places()


def downgrade() -> None:
    facts = tuple(f"{noun}_fact" for noun in (*_NOUNS, "district", "calendar", "term"))
    for table in ("teacher_place", *facts, "outbox_progress", "outbox", "inbox", "dead_letter", "consumed"):
        op.drop_table(table)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _table(name: str, keys: tuple[str, ...], *columns: sa.Column, unique: str | None = None) -> None:
    primary = sa.PrimaryKeyConstraint("district", *keys, name=op.f(f"pk_{name}"))
    once = [sa.UniqueConstraint("district", unique, name=op.f(f"uq_{name}_district_{unique}"))] if unique else []
    op.create_table(name, _text("district"), *columns, primary, *once)


def _durable() -> None:
    _table("consumed", ("message_id",), _text("message_id"), _number("applied_ms"))
    body = sa.Column("body", sa.LargeBinary(), nullable=False)
    _table("dead_letter", ("message_id",), _text("message_id"), _text("event"), body, _number("given_up_us"))
    _table(
        "inbox",
        ("key",),
        _text("key"),
        _text("hash"),
        _text("reply_type", null=True),
        sa.Column("reply", sa.LargeBinary()),
        _number("answered_ms"),
    )


def _outbox() -> None:
    _table(
        "outbox",
        ("seq",),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("id"),
        _text("subject"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _text("trace", null=True),
        _number("recorded_ms"),
        _number("sent_ms", null=True),
        _number("stream_seq", null=True),
        unique="id",
    )
    unsent = sa.text("sent_ms IS NULL")
    op.create_index("ix_outbox_unsent", "outbox", ["district", "seq"], sqlite_where=unsent, postgresql_where=unsent)
    _table("outbox_progress", (), _text("stream_created"), _number("verified_seq"))


def _fact() -> tuple[sa.Column[int], sa.Column[str]]:
    return sa.Column("version", sa.Integer(), nullable=False), _text("body")


def _day(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=null)


def _calendar() -> None:
    year = sa.Column("year", sa.Integer(), autoincrement=False, nullable=False)
    _table("calendar_fact", ("year",), year, *_fact())
    version, body = _fact()
    _table("term_fact", ("term",), _text("term"), version, _day("starts_on"), _day("ends_on"), body)


def _places() -> None:
    since, until = _day("since"), _day("until", null=True)
    _table("teacher_place", ("teacher", "since"), _text("teacher"), since, until, _text("school"))
    op.create_index("ix_teacher_place_district_school", "teacher_place", ["district", "school"])
