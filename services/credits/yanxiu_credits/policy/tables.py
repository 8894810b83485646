"""The tables of previews: what a draft law would change, record by record and teacher by teacher.

Amounts are integers in millionths, as in the ledger; a standing's may be finer, so its exact ones stand as text in
`figures`, with every requirement, and those beside are rounded to a millionth for sums. `matched` is empty until an
adoption came to the line, and then says whether what it did is what the preview had said.
"""

from __future__ import annotations

import sqlalchemy as sa

from yanxiu_credits.tables import metadata

preview = sa.Table(
    "preview",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("job", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("draft", sa.Text, nullable=False),
    # Which law the draft comes to, in a form that the law in force can be compared with when it is to be adopted.
    sa.Column("law", sa.Text, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("hours_unit", sa.Text, nullable=False),
    sa.Column("credits_unit", sa.Text, nullable=False),
    sa.Column("head_seq", sa.BigInteger, nullable=False),
    sa.Column("head_hash", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("today", sa.Date, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("created_us", sa.BigInteger, nullable=False),
    sa.Column("summary", sa.Text),
    sa.Column("adoption", sa.Text),
    sa.CheckConstraint("state IN ('running', 'ready', 'failed', 'adopting', 'adopted')", name="state_known"),
    sa.Index(None, "district", "created_us", "id"),
)

# A record that would be worth something else. An empty `after_status`: the draft law refuses the record altogether.
preview_record = sa.Table(
    "preview_record",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("preview", sa.Text, primary_key=True),
    sa.Column("record", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, nullable=False),
    sa.Column("school", sa.Text, nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("entry_id", sa.Text),
    sa.Column("before_status", sa.Text, nullable=False),
    sa.Column("before_micro_hours", sa.BigInteger, nullable=False),
    sa.Column("before_micro_credits", sa.BigInteger, nullable=False),
    sa.Column("after_status", sa.Text, nullable=False),
    sa.Column("after_micro_hours", sa.BigInteger, nullable=False),
    sa.Column("after_micro_credits", sa.BigInteger, nullable=False),
    sa.Column("after_attributes", sa.Text, nullable=False),
    sa.Column("causes", sa.Text, nullable=False),
    sa.Column("locked", sa.Text),
    sa.Column("matched", sa.Boolean),
    sa.Index(None, "district", "preview", "teacher", "on"),
)

preview_line = sa.Table(
    "preview_line",
    metadata,
    sa.Column("district", sa.Text, primary_key=True),
    sa.Column("preview", sa.Text, primary_key=True),
    sa.Column("teacher", sa.Text, primary_key=True),
    sa.Column("school", sa.Text, nullable=False),
    sa.Column("effect", sa.Text, nullable=False),
    sa.Column("records", sa.Integer, nullable=False),
    *(
        sa.Column(f"{side}_{name}", kind, nullable=False)
        for side in ("before", "after")
        for name, kind in (
            ("verdict", sa.Text),
            ("micro_hours", sa.BigInteger),
            ("micro_credits", sa.BigInteger),
            ("micro_recognised_hours", sa.BigInteger),
            ("micro_recognised_credits", sa.BigInteger),
            ("figures", sa.Text),
        )
    ),
    sa.Column("causes", sa.Text, nullable=False),
    sa.Column("locked", sa.Text),
    sa.Column("matched", sa.Boolean),
    sa.CheckConstraint("effect IN ('gains', 'loses', 'mixed', 'same')", name="effect_known"),
    sa.Index(None, "district", "preview", "effect", "school", "teacher"),
    sa.Index(None, "district", "preview", "school", "teacher"),
)
