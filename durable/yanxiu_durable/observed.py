"""What transactions and statements are seen of: how many and how long, and in a trace the tables they were about.

A statement is told by its verb and its table. Its text and its values stay here: a value may be personal.
"""

from __future__ import annotations

import contextlib
import functools
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from yanxiu_wire import tracing
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable
from yanxiu_wire.metrics import Count, Spread

TRANSACTIONS = Count(
    "yanxiu_database_transactions_total",
    "数据库事务：写 write、读 read、点查 look；完成 done、回滚 undone、逾时 late、不可用 unavailable",
    "transactions that wrote, read or looked; done, undone, too late (late), or without a database (unavailable)",
    ("service", "kind", "outcome"),
)
TRANSACTION_SECONDS = Spread(
    "yanxiu_database_transaction_seconds",
    "一次事务的时长，含排队等待本区县写锁",
    "how long a transaction took, waiting for its district's turn included",
    ("service", "kind"),
)
_TABLE = re.compile(r'\b(?:INTO|FROM|UPDATE|JOIN)\s+"?([a-z_]+)"?')
_VERBS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "BEGIN", "SET", "PRAGMA"})
_SPAN = "_yanxiu_span"
_tables: set[str] = set()


def know_tables(names: Iterable[str]) -> None:
    """Take in the names that a statement may be told by; any other word stays out of traces."""
    _tables.update(names)


@contextlib.contextmanager
def transaction(service: str, kind: str) -> Iterator[None]:
    """Count one transaction by how it ends, and time it."""
    began, outcome = time.perf_counter(), "undone"
    try:
        yield
        outcome = "done"
    except DeadlineExceeded:
        outcome = "late"
        raise
    except ServiceUnavailable:
        outcome = "unavailable"
        raise
    finally:
        TRANSACTIONS.add(service, kind, outcome)
        TRANSACTION_SECONDS.saw(time.perf_counter() - began, service, kind)


def watch(engine: sa.Engine) -> None:
    """Have the statements of an engine told in the traces that are recorded."""
    event.listen(engine, "before_cursor_execute", _before)
    event.listen(engine, "after_cursor_execute", _after)
    event.listen(engine, "handle_error", _failed)


@contextlib.contextmanager
def looking(sql: str) -> Iterator[None]:
    """The same for a statement that runs past the engine."""
    span = tracing.started(*_told(sql, "sqlite")) if tracing.recording() else None
    try:
        yield
    finally:
        if span is not None:
            span.end()


@functools.lru_cache(maxsize=1024)
def named(sql: str) -> tuple[str, str]:
    """The verb of a statement and its first table; empty where it has none that is known."""
    verb = sql.lstrip().partition(" ")[0].upper().rstrip(";")
    table = next((name for name in _TABLE.findall(sql) if name in _tables), "")
    return verb if verb in _VERBS else "SQL", table


def _told(sql: str, system: str) -> tuple[str, dict[str, str]]:
    verb, table = named(sql)
    told = {"db.system.name": system, "db.operation.name": verb}
    if table:
        told["db.collection.name"] = table
    return f"{verb} {table}".rstrip(), told


def _before(connection: sa.Connection, _cursor: Any, statement: str, _given: Any, context: Any, _many: Any) -> None:
    if context is not None and tracing.recording():
        setattr(context, _SPAN, tracing.started(*_told(statement, connection.dialect.name)))


def _after(_connection: Any, _cursor: Any, _statement: Any, _given: Any, context: Any, _many: Any) -> None:
    span = getattr(context, _SPAN, None)
    if span is not None:
        span.end()


def _failed(context: sa.ExceptionContext) -> None:
    span = getattr(context.execution_context, _SPAN, None)
    if span is not None:
        span.set_attribute("error.type", type(context.original_exception).__name__)
        span.end()
