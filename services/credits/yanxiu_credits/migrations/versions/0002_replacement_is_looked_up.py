"""The guard against replacing a ledger row looks each key up in its index.

As one condition with OR it read the whole district's ledger for every new entry.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SAME = (
    "seq = NEW.seq",
    "entry_id = NEW.entry_id",
    "reverses = NEW.reverses",
    "teacher = NEW.teacher AND activity = NEW.activity AND kind = NEW.kind AND generation = NEW.generation",
)


def upgrade() -> None:
    _guard(" OR ".join(_one_with(same) for same in _SAME))


def downgrade() -> None:
    _guard(_one_with("(" + " OR ".join(f"({same})" for same in _SAME) + ")"))


def _one_with(same: str) -> str:
    return f"EXISTS (SELECT 1 FROM ledger WHERE district = NEW.district AND {same})"  # noqa: S608 - texts of this file


def _guard(there: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return  # nothing replaces a row there without an UPDATE
    op.execute("DROP TRIGGER ledger_refuses_replace")
    op.execute(
        f"CREATE TRIGGER ledger_refuses_replace BEFORE INSERT ON ledger WHEN {there} "
        "BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END"
    )
