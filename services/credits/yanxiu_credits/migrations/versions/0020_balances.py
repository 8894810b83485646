"""A balance of each teacher beside the ledger: the database keeps it with each entry, and fills it of those there."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_AMOUNTS = ("micro_hours", "micro_credits", "records", "recognised_micro_hours", "recognised_micro_credits")
_REGISTERED = "{row}kind IN ('registration', 'registration-reversal')"
_RECOGNISED = "{row}kind IN ('recognition', 'recognition-reversal')"
# What an entry is in each of the sums; `row` is whose columns they are.
_WORTH = (
    f"CASE WHEN {_REGISTERED} THEN {{row}}micro_hours ELSE 0 END",
    f"CASE WHEN {_REGISTERED} THEN {{row}}micro_credits ELSE 0 END",
    f"CASE WHEN {_REGISTERED} THEN CASE WHEN {{row}}reverses IS NULL THEN 1 ELSE -1 END ELSE 0 END",
    f"CASE WHEN {_RECOGNISED} THEN {{row}}micro_hours ELSE 0 END",
    f"CASE WHEN {_RECOGNISED} THEN {{row}}micro_credits ELSE 0 END",
)
_INTO = "INSERT INTO {balance} (district, teacher, " + ", ".join(_AMOUNTS) + ", up_to)"
# An entry that a balance holds already is not added to it a second time: a copy brings balances before entries.
_ADDED = (
    "ON CONFLICT (district, teacher) DO UPDATE SET "
    + ", ".join(f"{one} = balance.{one} + excluded.{one}" for one in _AMOUNTS)
    + ", up_to = excluded.up_to WHERE excluded.up_to > balance.up_to"
)
_NAME = "ledger_adds_up"


def upgrade() -> None:
    op.create_table(
        "balance",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("teacher", sa.Text(), nullable=False),
        *(sa.Column(one, sa.BigInteger(), nullable=False) for one in _AMOUNTS),
        sa.Column("up_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "teacher", name=op.f("pk_balance")),
        sqlite_with_rowid=False,
    )
    # First the trigger, whose lock keeps writers out: no entry falls between the two.
    _add_up()
    sums = ", ".join(f"SUM({one.format(row='')})" for one in _WORTH)
    _run(
        f"{_INTO.format(balance='balance')} SELECT district, teacher, {sums}, MAX(seq) FROM ledger "  # noqa: S608 - every name stands above
        "GROUP BY district, teacher"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(f"DROP TRIGGER {_NAME} ON ledger")
        _run(f"DROP FUNCTION {_NAME}()")
    else:
        _run(f"DROP TRIGGER {_NAME}")
    op.drop_table("balance")


def _add_up() -> None:
    values = ", ".join(one.format(row="NEW.") for one in _WORTH)
    adds = f"VALUES (NEW.district, NEW.teacher, {values}, NEW.seq) {_ADDED}"
    if op.get_bind().dialect.name == "postgresql":
        # Named with its schema: whoever writes an entry, the balance is the one beside that ledger.
        service = op.get_bind().scalar(sa.text("SELECT current_schema()"))
        into = _INTO.format(balance=f'"{service}".balance')
        _run(
            f"CREATE FUNCTION {_NAME}() RETURNS trigger LANGUAGE plpgsql AS $add$\n"
            f"BEGIN\n  {into} {adds};\n  RETURN NULL;\nEND $add$"
        )
        _run(f"CREATE TRIGGER {_NAME} AFTER INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION {_NAME}()")
    else:
        _run(f"CREATE TRIGGER {_NAME} AFTER INSERT ON ledger BEGIN {_INTO.format(balance='balance')} {adds}; END")


def _run(statement: str) -> None:
    # As it stands: a colon or a per cent sign in it is no parameter.
    op.get_bind().exec_driver_sql(statement, execution_options={"no_parameters": True})
