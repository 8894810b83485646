"""Notes of field work, and what they make: visits, records, findings; the forms of the district."""

import sqlalchemy as sa
from alembic import op
from yanxiu_durable.migrate import append_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _table(name: str, keys: tuple[str, ...], *columns: sa.Column, **constraints: str) -> None:
    checks = [sa.CheckConstraint(text, name=op.f(f"ck_{name}_{check}")) for check, text in constraints.items()]
    primary = sa.PrimaryKeyConstraint("district", *keys, name=op.f(f"pk_{name}"))
    op.create_table(name, _text("district"), *columns, primary, *checks)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_district_{'_'.join(columns)}"), table, ["district", *columns])


def upgrade() -> None:
    _notes()
    _visits()
    _records()
    _findings()
    _forms()


def _notes() -> None:
    _table(
        "note",
        ("key",),
        *(_text(name) for name in ("key", "about", "subject", "kind", "author", "typist")),
        sa.Column("occurred_us", sa.BigInteger(), nullable=False),
        sa.Column("recorded_us", sa.BigInteger(), nullable=False),
        _text("body"),
        about_known="about IN ('visit', 'record', 'finding')",
    )
    _index("note", "about", "subject")
    append_only(op, "note", ("key",))


def _visits() -> None:
    _table(
        "visit",
        ("id",),
        _text("id"),
        _text("researcher"),
        *(_text(name, null=True) for name in ("school", "term", "phase")),
        _text("state"),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date()),
        sa.Column("unprepared", sa.Boolean(), nullable=False),
        _text("body"),
    )
    _index("visit", "first_on", "id")
    _index("visit", "researcher", "term")
    _index("visit", "school", "first_on")


def _records() -> None:
    _table(
        "field_record",
        ("id",),
        _text("id"),
        _text("researcher"),
        _text("kind", null=True),
        sa.Column("on", sa.Date(), nullable=False),
        *(_text(name, null=True) for name in ("term", "school", "visit")),
        _text("state"),
        _text("body"),
    )
    _index("field_record", "on", "id")
    _index("field_record", "researcher", "term")
    _index("field_record", "school", "on")
    _index("field_record", "visit")


def _findings() -> None:
    _table(
        "finding",
        ("id",),
        _text("id"),
        _text("finder"),
        *(_text(name, null=True) for name in ("owner", "school", "source_id")),
        _text("state"),
        sa.Column("found_on", sa.Date()),
        sa.Column("due_on", sa.Date(), nullable=False),
        _text("body"),
    )
    _index("finding", "due_on", "id")
    _index("finding", "finder", "found_on")
    _index("finding", "owner")
    _index("finding", "school")
    _index("finding", "source_id")


def _forms() -> None:
    _table("form_draft", ("name",), _text("name"), _text("body"))
    version = sa.Column("version", sa.Integer(), autoincrement=False, nullable=False)
    _table("form_version", ("name", "version"), _text("name"), version, _text("body"))
    append_only(op, "form_version", ("name", "version"))


def downgrade() -> None:
    for table in ("note", "visit", "field_record", "finding", "form_draft", "form_version"):
        op.drop_table(table)
