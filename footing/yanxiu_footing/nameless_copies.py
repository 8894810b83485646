"""For migrations: take the names out of announcements of teachers that were stored before these were nameless.

They lie in the registry's outbox, in what other services copied of them and kept as it was known, and among the letters
that could not be applied. The text of everything else is left as it stands.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

_PART = 500
_NAMELESS = {"name": "", "staff_number": "", "national_id": None, "gender": "unstated"}


def clear_names(op: Any, table: str, *key: str, body: str = "body", of: tuple[str, str]) -> int:
    """Clear the announcements of teachers among the rows of a table, in parts; returns how many rows were changed.

    `key` is the primary key without its leading `district`; `of` a column and what it begins with where the row is of
    a teacher (an empty column name: every row is). What cannot be read as an announcement loses its whole body.
    """
    conn, keys = op.get_bind(), ("district", *key)
    if conn.dialect.name == "sqlite":
        # What is overwritten is zeroed in the page, whichever way this SQLite was built.
        conn.exec_driver_sql("PRAGMA secure_delete=ON")
    rows = sa.table(table, *(sa.column(name) for name in dict.fromkeys((*keys, body, of[0])) if name))
    wanted = sa.select(rows).order_by(*(rows.c[name] for name in keys)).limit(_PART)
    if of[0]:
        wanted = wanted.where(rows.c[of[0]].startswith(of[1], autoescape=True))
    mine = sa.and_(*(rows.c[name] == sa.bindparam(f"its_{name}") for name in keys))
    change = sa.update(rows).where(mine).values({body: sa.bindparam("cleared")})
    place, changed = sa.tuple_(*(rows.c[name] for name in keys)), 0
    after: tuple[Any, ...] | None = None
    while True:
        beyond = wanted if after is None else wanted.where(place > sa.tuple_(*(sa.literal(one) for one in after)))
        part = conn.execute(beyond).mappings().all()
        cleared = [(row, nameless_text(row[body])) for row in part]
        given = [
            {**{f"its_{name}": row[name] for name in keys}, "cleared": text}
            for row, text in cleared
            if text != row[body]
        ]
        if given:
            conn.execute(change, given)
        changed += len(given)
        if len(part) < _PART:
            return changed
        after = tuple(part[-1][name] for name in keys)


def nameless_text(body: Any) -> Any:
    """Return an announcement without the names, as text or bytes like what was given."""
    given = bytes(body) if isinstance(body, bytes | memoryview) else body.encode()
    try:
        told = json.loads(given)
        cards = [card for _, card in told["history"]]
    except (ValueError, KeyError, TypeError):
        text = "{}"
    else:
        if all(card.get(name, empty) == empty for card in cards for name, empty in _NAMELESS.items()):
            return body if isinstance(body, str) else given
        for card in cards:
            card |= _NAMELESS
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return text if isinstance(body, str) else text.encode()
