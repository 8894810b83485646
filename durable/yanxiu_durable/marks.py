"""Marks in a transaction that several commands share: what the last one wrote can be undone alone.

Savepoints are such marks. Most commands that fail have written nothing, which SQLite tells by itself; so there a group
is begun without savepoints, and one that must be undone after it wrote is done again with them, as a whole.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_durable.driver import Connection
from yanxiu_durable.errors import DurableError, TransactionBroken

_FIRST = "SAVEPOINT one"
_NEXT = ("RELEASE SAVEPOINT one", _FIRST)
_BACK = "ROLLBACK TO SAVEPOINT one"


class Marks(ABC):
    """The marks of one transaction, of which only the newest is ever gone back to."""

    def __init__(self) -> None:
        self._any = self._set = False

    async def mark(self) -> None:
        """From here on something can be undone; what was written before stays."""
        self._set = False
        await self._run(*(_NEXT if self._any else (_FIRST,)))
        self._any = self._set = True

    async def undo(self) -> None:
        """Back to the newest mark; raises when the transaction was lost, `Unmarked` when it must be given up for it."""
        if not self._set:
            # There may be the one before, which is not meant.
            raise TransactionBroken
        await self._run(_BACK)
        if not self.whole():
            raise TransactionBroken

    @abstractmethod
    def whole(self) -> bool:
        """Whether what was written so far can still be committed."""

    @abstractmethod
    async def _run(self, *statements: str) -> None: ...


class Unmarked(DurableError):
    """What was written since the mark cannot be undone alone: nobody put a savepoint there."""


class _Sqlite(Marks):
    def __init__(self, driver: Connection) -> None:
        super().__init__()
        self._driver = driver

    def whole(self) -> bool:
        # A full disk, for one, rolls all of it back; the next statement would begin a transaction for itself.
        later = self._driver.later
        return self._driver.in_transaction and (later is None or not later.broken)

    async def _run(self, *statements: str) -> None:
        if not self.whole():
            raise TransactionBroken
        for statement in statements:
            await self._driver.say(statement)


class _Counted(_Sqlite):
    """Marks that cost nothing, and can be gone back to only while nothing was written since."""

    def __init__(self, driver: Connection) -> None:
        super().__init__(driver)
        self._written = -1

    async def mark(self) -> None:
        if not self.whole():
            raise TransactionBroken
        self._written = self._driver.plain.total_changes
        if self._driver.later is not None:
            self._driver.later.mark()

    async def undo(self) -> None:
        if not self.whole():
            raise TransactionBroken
        later = self._driver.later
        if self._driver.plain.total_changes - (later.others if later is not None else 0) != self._written:
            raise Unmarked
        if later is not None:
            later.forget()


class _Postgres(Marks):
    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__()
        self._connection = connection

    def whole(self) -> bool:
        # After a failed statement PostgreSQL answers COMMIT with a silent ROLLBACK.
        raw = self._connection.sync_connection.connection if self._connection.sync_connection else None
        driver: Any = raw.driver_connection if raw else None
        return driver is not None and driver.info.transaction_status.name == "INTRANS"

    async def _run(self, *statements: str) -> None:
        await self._connection.exec_driver_sql(";".join(statements), execution_options={"no_parameters": True})


def marks_of(connection: AsyncConnection, *, surely: bool) -> Marks:
    """The marks of the transaction that runs on a connection; `surely` ones can always be gone back to."""
    driver = driver_of(connection)
    if driver is None:
        # A statement that failed leaves nothing that could be gone on with but a savepoint.
        return _Postgres(connection)
    return _Sqlite(driver) if surely else _Counted(driver)


def driver_of(connection: AsyncConnection) -> Connection | None:
    """The connection to SQLite below; None where it is another database."""
    its = connection.sync_connection
    driver = its.connection.driver_connection if its is not None else None
    return driver if isinstance(driver, Connection) else None
