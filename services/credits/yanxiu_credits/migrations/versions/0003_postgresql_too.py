"""The same guards on PostgreSQL as on SQLite: what was decided and entered is never changed or deleted."""

from alembic import op
from yanxiu_durable.migrate import append_only, no_longer_append_only, no_longer_refuse, refuse

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ACTIVITY = ("teacher", "activity", "kind", "generation")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # it has them since 0001 and 0002
    append_only(op, "ledger", ("seq",), ("entry_id",), ("reverses",), _ACTIVITY)
    append_only(op, "decision", ("record",))
    append_only(op, "record", ("id",), _ACTIVITY)
    refuse(
        op,
        "ledger_head",
        "UPDATE",
        says="the head moves on by one",
        name="ledger_head_moves_on",
        when="NEW.seq <> OLD.seq + 1",
    )
    refuse(op, "ledger_head", "DELETE", says="the head is never deleted")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in ("ledger", "decision", "record"):
        no_longer_append_only(op, table)
    for guard in ("ledger_head_moves_on", "ledger_head_refuses_delete"):
        no_longer_refuse(op, "ledger_head", guard)
