"""The tables that make commands and events durable; a service puts them among its own.

`inbox` remembers each command's answer, `outbox` holds every event announced, in order and for ever, `outbox_progress`
how far they were found in the stream, `consumed` the events of others that were applied.
"""

from __future__ import annotations

import sqlalchemy as sa

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_metadata() -> sa.MetaData:
    """Metadata whose constraints all get names; without one a migration on SQLite could not change them."""
    return sa.MetaData(naming_convention=_NAMES)


def inbox_table(metadata: sa.MetaData) -> sa.Table:
    """Commands done: the hash of what was asked and the answer that was given."""
    return sa.Table(
        "inbox",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("reply_type", sa.Text),
        sa.Column("reply", sa.LargeBinary),
        sa.Column("answered_ms", sa.BigInteger, nullable=False),
    )


def outbox_table(metadata: sa.MetaData) -> sa.Table:
    """Events announced. `sent_ms` and `stream_seq` are empty until the stream has the event.

    Adds `outbox_progress` to the metadata too: per district the stream's birth and the last row found in it for good.
    """
    sa.Table(
        "outbox_progress",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("stream_created", sa.Text, nullable=False),
        sa.Column("verified_seq", sa.BigInteger, nullable=False),
    )
    table = sa.Table(
        "outbox",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("trace", sa.Text),
        sa.Column("recorded_ms", sa.BigInteger, nullable=False),
        sa.Column("sent_ms", sa.BigInteger),
        sa.Column("stream_seq", sa.BigInteger),
        sa.UniqueConstraint("district", "id"),
    )
    unsent = table.c.sent_ms.is_(None)
    # Only what waits is in it, so that looking for work costs the same after a million events.
    sa.Index("ix_outbox_unsent", table.c.district, table.c.seq, sqlite_where=unsent, postgresql_where=unsent)
    return table


def consumed_table(metadata: sa.MetaData) -> sa.Table:
    """Events of other services that were applied, by message id."""
    return sa.Table(
        "consumed",
        metadata,
        sa.Column("district", sa.Text, primary_key=True),
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("applied_ms", sa.BigInteger, nullable=False),
    )


# The same tables once more, for this package's own statements: they need no service's metadata.
_OWN = new_metadata()
INBOX = inbox_table(_OWN)
OUTBOX = outbox_table(_OWN)
OUTBOX_PROGRESS = _OWN.tables["outbox_progress"]
CONSUMED = consumed_table(_OWN)

# Where one database holds every district, this tells which ones there are; each has a file of its own on SQLite.
DISTRICTS = sa.Table("yanxiu_district", sa.MetaData(), sa.Column("district", sa.Text, primary_key=True))
