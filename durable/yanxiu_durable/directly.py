"""Statements of a writing transaction that run on SQLite's driver itself, compiled once, past SQLAlchemy's execution.

A statement of a few rows takes SQLite some ten microseconds and SQLAlchemy another two hundred. Where the transaction
runs in place (`Databases.do` with `few_rows`), these are as quick as the driver; elsewhere SQLAlchemy runs them. What
is raised is SQLAlchemy's in both cases. Only statements made at import belong here: each is compiled and kept.
"""

from __future__ import annotations

import asyncio
import functools
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire import tracing

from yanxiu_durable.driver import Connection
from yanxiu_durable.looking import InOrder
from yanxiu_durable.marks import driver_of
from yanxiu_durable.observed import looking

_STATEMENTS = 256
# Half a millisecond.
_IN_ONE_GO = 50


async def rows_of(connection: AsyncConnection, statement: sa.Executable, given: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a statement with its values; they have the columns' names."""
    driver = driver_of(connection)
    if driver is None or not driver.runs_in_place:
        return (await connection.execute(statement, dict(given))).all()
    known = _read(statement)
    return known.rows(_ran(driver, known, given).fetchall())


async def changed_by(connection: AsyncConnection, statement: sa.Executable, given: Mapping[str, Any]) -> int:
    """Run a statement that writes one row, and say how many rows it wrote.

    Inside `together` on PostgreSQL nobody knows yet: -1; elsewhere an INSERT is counted with `preserve_rowcount`.
    """
    driver = driver_of(connection)
    if driver is None or not driver.runs_in_place:
        return (await connection.execute(statement, dict(given))).rowcount
    return _ran(driver, _written(statement, tuple(given)), given).rowcount


async def write_all(connection: AsyncConnection, statement: sa.Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement that writes a row for each of them; all have the same columns.

    In place it does so many rows in one go, and then lets everybody else in the process have a turn.
    """
    driver = driver_of(connection)
    if driver is None or not driver.runs_in_place:
        await connection.execute(statement, [dict(row) for row in rows])
        return
    known = _written(statement, tuple(rows[0]))
    if len(rows) == 1:
        _ran(driver, known, rows[0])
        return
    _look_after(driver, known)
    for start in range(0, len(rows), _IN_ONE_GO):
        if start:
            await asyncio.sleep(0)
        some = [known.placed(row) for row in rows[start : start + _IN_ONE_GO]]
        _told(driver.plain.executemany, known, some)


async def add_later(connection: AsyncConnection, statement: sa.Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run an INSERT of rows that are bound to fit, at the latest when the transaction ends (`yanxiu_durable.later`)."""
    driver = driver_of(connection)
    if (
        driver is None
        or driver.later is None
        or not driver.runs_in_place
        # Many are written by and by, and a trace shows each statement where it belongs.
        or len(rows) > _IN_ONE_GO
        or tracing.recording()
    ):
        await write_all(connection, statement, rows)
        return
    known = _written(statement, tuple(rows[0]))
    driver.later.keep(known, [known.placed(row) for row in rows])


def heads_of(connection: AsyncConnection) -> dict[str, Any]:
    """Where chains and queues end in this transaction, by table, as far as it is known; it may be forgotten."""
    driver = driver_of(connection)
    return driver.later.heads if driver is not None and driver.later is not None else {}


def write_out(driver: Connection) -> None:
    """Write what was kept for later."""
    try:
        driver.write_later()
    except sqlite3.Error as error:
        told: Any = DBAPIError.instance(None, None, error, sqlite3.Error)
        raise told from error


@functools.lru_cache(maxsize=_STATEMENTS)
def _read(statement: sa.Executable) -> InOrder:
    return InOrder(statement)


@functools.lru_cache(maxsize=_STATEMENTS)
def _written(statement: Any, columns: tuple[str, ...]) -> InOrder:
    """The statement, compiled; an INSERT that names no values itself is of the columns given."""
    unnamed = statement.is_insert and not statement._values  # noqa: SLF001 - SQLAlchemy tells it nowhere else
    return InOrder(statement, columns if unnamed else None)


def _look_after(driver: Connection, known: InOrder) -> None:
    """Have what concerns a statement written before it."""
    if driver.later and driver.later.concerns(known):
        write_out(driver)


def _ran(driver: Connection, known: InOrder, given: Mapping[str, Any]) -> sqlite3.Cursor:
    _look_after(driver, known)
    return _told(driver.plain.execute, known, known.placed(given))


def _told(run: Callable[[str, Any], sqlite3.Cursor], known: InOrder, values: Any) -> sqlite3.Cursor:
    try:
        if not tracing.recording():
            return run(known.sql, values)
        with looking(known.sql):
            return run(known.sql, values)
    except sqlite3.Error as error:
        told: Any = DBAPIError.instance(known.sql, None, error, sqlite3.Error)
        raise told from error
