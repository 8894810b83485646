"""The form of a table of endpoints: for each, the use case that answers, the roles that may ask, what the trail has."""

from __future__ import annotations

from yanxiu_footing.answering import Table

Offered = Table
