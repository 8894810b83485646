"""The version after this one, as a copy of the sources: a migration for each service, new columns, a new field."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.sources import Sources

# Columns that N+1 knows and N does not, at the end of the module of their table.
_COLUMNS = {
    "registry": ("services/registry/yanxiu_registry/tables.py", "school"),
    "credits": ("services/credits/yanxiu_credits/tables.py", "project"),
    "visits": ("services/visits/yanxiu_visits/visiting/tables.py", "visit"),
}
_FIELD = ("wire/yanxiu_wire/teacher.py", "class TeacherChanged(", "    recorded_at: datetime\n")
_MIGRATION = '''"""A column that the next version brings."""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("{table}", sa.Column("next_note", sa.Text, nullable=True))


def downgrade() -> None:
    op.drop_column("{table}", "next_note")
'''


def write_next_version(sources: Sources) -> None:
    """Make N+1 of a copy of N: only what a release may do at once, adding."""
    for service, (module, table) in _COLUMNS.items():
        text = sources.read(module)
        sources.write(module, f'{text}\n\n{table}.append_column(sa.Column("next_note", sa.Text))\n')
        versions = Path(f"services/{service}/yanxiu_{service}/migrations/versions")
        head = max(path.name[:4] for path in (sources.folder / versions).glob("[0-9]*.py"))
        sources.write(str(versions / "next_column.py"), _MIGRATION.format(head=head, table=table))
    module, event, last = _FIELD
    before, found, after = sources.read(module).partition(event)
    assert found
    assert last in after
    sources.write(module, before + found + after.replace(last, f'{last}    next_note: str = "N+1"\n', 1))
