"""The recognitions of a school's period are found without reading those of all the others."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NAME = "ix_recognition_district_school_period_kind_label"


def upgrade() -> None:
    op.create_index(_NAME, "recognition", ["district", "school", "period_kind", "label"])


def downgrade() -> None:
    op.drop_index(_NAME, "recognition")
