"""Which recognitions stand: those that no reversal took back."""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_credits.books.tables import recognition, reversal

# Conditions on `recognition`, for statements that read from it.
TAKEN_BACK = sa.exists().where(reversal.c.district == recognition.c.district, reversal.c.record == recognition.c.id)
STANDS = ~TAKEN_BACK
