"""What a transaction sets ends with it: settings of a whole session are refused, and a session is given back as new.

SQLAlchemy's pool gives a session to the next user with whatever was SET in it. So no statement may set anything beyond
its transaction, and what could have been set past this guard (SQL inside of SQL) is reset when the session comes back.
"""

from __future__ import annotations

import re
import time
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import PoolResetState

from yanxiu_durable.errors import SessionSetting
from yanxiu_durable.postgres_seal import PASS_ENDED

_REMARK = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)"
_FOR_THE_SESSION = re.compile(
    rf"(?:^|;){_REMARK}*(?:SET{_REMARK}+(?!(?:LOCAL|TRANSACTION|CONSTRAINTS)\b)|(?:RESET|DISCARD|DO|PREPARE|CALL)\b)"
    # Only where the text says that it ends with the transaction.
    r"|\bset_config\s*\((?!(?:[^()']|'[^']*')*,\s*true\s*\))",
    re.IGNORECASE | re.DOTALL,
)
# Where connections keep their `Session`.
SESSION = "yanxiu_session"


class Session(NamedTuple):
    """The number that the server gave a session, and by how much its clock is ahead of our steady one (seconds)."""

    number: int
    ahead: float

    def now(self) -> float:
        """The server's time in seconds since 1970, wherever this host's clock is turned to."""
        return time.monotonic() + self.ahead


def guard(engine: sa.Engine) -> None:
    """Refuse statements that set something for a session, and reset every session that comes back to the pool.

    The engine's pool must leave resetting to this (`pool_reset_on_return=None`).
    """

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("SELECT pg_backend_pid(), extract(epoch FROM clock_timestamp())::float8")
        number, its_time = cursor.fetchone()
        record.info[SESSION] = Session(number, its_time - time.monotonic())
        cursor.close()

    @event.listens_for(engine, "handle_error")
    def _failed(context: sa.ExceptionContext) -> None:
        # The server's clock has jumped since its sessions were asked: new ones are, and who sends again is served.
        if getattr(context.original_exception, "sqlstate", None) == PASS_ENDED:
            context.is_disconnect = True

    @event.listens_for(engine, "before_cursor_execute")
    def _before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        refuse_for_the_session(statement)

    @event.listens_for(engine, "reset")
    def _come_back(connection: Any, _record: Any, state: PoolResetState) -> None:
        if not state.asyncio_safe or state.terminate_only:
            return  # the connection is closed, and the session with it
        idle = connection.driver_connection.info.transaction_status.name == "IDLE"
        statement = "RESET ALL" if idle else "ROLLBACK;RESET ALL"

        async def reset(driver: Any) -> None:
            await driver.execute(statement, prepare=False)

        connection.run_async(reset)


def refuse_for_the_session(statement: str) -> None:
    """Raise `SessionSetting` for SQL that sets something for longer than its transaction, or hides what it sets."""
    found = _FOR_THE_SESSION.search(statement)
    if found is not None:
        raise SessionSetting(found[0].strip("; \n"))
