"""Errors of PostgreSQL say what went wrong, and never with which values: logs get them, and values are of people."""

from __future__ import annotations

import psycopg
import sqlalchemy as sa
from sqlalchemy import event


def tell_no_values(engine: sa.Engine) -> None:
    """Leave out of errors what the server tells of rows ("Key (name)=(...)"); `hide_parameters` is SQLAlchemy's part.

    What a program asks for (`diag`, the SQLSTATE) stays with the error.
    """

    @event.listens_for(engine, "handle_error")
    def _told(context: sa.engine.ExceptionContext) -> None:
        found = context.original_exception
        if isinstance(found, psycopg.Error) and found.diag.message_primary:
            found.args = (found.diag.message_primary,)
            if context.sqlalchemy_exception is not None:
                kind = type(found)
                context.sqlalchemy_exception.args = (f"({kind.__module__}.{kind.__name__}) {found}",)
