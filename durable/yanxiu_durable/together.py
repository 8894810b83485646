"""Statements that only write are sent together: none waits for the answer of the one before."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection


@contextlib.asynccontextmanager
async def together(connection: AsyncConnection) -> AsyncIterator[None]:
    """Send the statements of the block in one go; the end of the block waits for all of them.

    They must write and ask nothing back: rows cannot be read here (SQLAlchemy's ResourceClosedError), and a `rowcount`
    is -1. What a statement is refused for is raised at the latest at the end of the block, as SQLAlchemy raises it; the
    statements behind it are not run. On PostgreSQL this is a pipeline, which spares a round trip for each statement
    while others wait for the district's lock. SQLite is in this process: there the block changes nothing.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    import psycopg

    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        async with driver.pipeline():
            yield
    except psycopg.Error as error:
        told: Any = DBAPIError.instance(None, None, error, psycopg.Error, dialect=connection.dialect)
        raise told from error
