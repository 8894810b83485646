"""What was stored of teachers before announcements were nameless loses names and numbers, and nothing else."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from yanxiu_durable.migrate import upgrade
from yanxiu_durable.postgres_schema import prepare
from yanxiu_durable.sqlite import open_for_migration
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.teacher import Employment, Teacher, TeacherChanged, nameless

from tests.stores import Stores, never_changed

MANY = 501  # more than one part
SUBJECT = "yanxiu.v1.events.registry.teacher-changed.puer"


def announced(number: int) -> TeacherChanged:
    """A synthetic teacher, as announcements were."""
    card = Teacher(
        id=f"t{number}", staff_number=f"工号{number}", name=f"合成{number}", gender="female", title="一级教师",
        employments=(Employment(school="s1", since=date(2020, 9, 1)),), school="s1",
    )  # fmt: skip
    history = ((date(2020, 9, 1), card), (date(2024, 9, 1), card))
    return TeacherChanged(teacher=card.id, version=2, history=history, recorded_at=datetime(2026, 1, 1, tzinfo=UTC))


BODIES = [encode(announced(number)).decode() for number in range(MANY)]
COPIES = [{"teacher": f"t{n}", "version": 2, "body": one} for n, one in enumerate(BODIES)]
LETTERS = [
    {"message_id": "m1", "event": "teacher-changed", "body": BODIES[0].encode(), "given_up_us": 1},
    {"message_id": "m2", "event": "teacher-changed", "body": b"not an announcement of 1", "given_up_us": 1},
    {"message_id": "m3", "event": "school-changed", "body": b'{"name":"left as it is"}', "given_up_us": 1},
]
HISTORY = [
    {"seq": n, "noun": "teacher", "id": f"t{n}", "version": 2, "known_us": n, "body": one}
    for n, one in enumerate(BODIES)
] + [{"seq": MANY, "noun": "school", "id": "s1", "version": 1, "known_us": 1, "body": '{"name":"left as it is"}'}]
SENT = [
    {"seq": n, "id": f"m{n}", "subject": SUBJECT, "body": one.encode(), "recorded_ms": 1}
    for n, one in enumerate(BODIES)
]
STORED: dict[str, tuple[str, dict[str, list[dict[str, Any]]]]] = {
    "registry": ("0010", {"outbox": SENT}),
    "credits": ("0019", {"teacher_fact": COPIES, "dead_letter": LETTERS, "fact_history": HISTORY}),
    "visits": ("0016", {"teacher_fact": COPIES, "dead_letter": LETTERS}),
}


def migrations_of(service: str, until: str, folder: Path) -> tuple[Path, Path]:
    """The service's migrations before one of them, and with it."""
    there = Path(str(import_module(f"yanxiu_{service}").__file__)).parent / "migrations"
    made = []
    for name, last in (("before", until), ("with", f"{int(until) + 1:04}")):
        shutil.copytree(there, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for file in (folder / name / "versions").iterdir():
            if file.name >= last:
                file.unlink()
        made.append(folder / name)
    return made[0], made[1]


def put(connection: sa.Connection, rows_of: dict[str, list[dict[str, Any]]]) -> None:
    for name, rows in rows_of.items():
        table = sa.table(name, *(sa.column(column) for column in ("district", *rows[0])))
        connection.execute(sa.insert(table), [{"district": "puer", **row} for row in rows])


def read(connection: sa.Connection, table: str, order: str) -> list[Any]:
    of = sa.table(table, sa.column(order), sa.column("body"))
    found = connection.execute(sa.select(of.c.body).order_by(of.c[order])).scalars()
    return [one if isinstance(one, str) else bytes(one) for one in found]


def see(connection: sa.Connection, service: str) -> None:
    """Every announcement is what is told now; the rest stands as it did."""
    wanted = [nameless(announced(number)) for number in range(MANY)]
    if service == "registry":
        assert [decode(TeacherChanged, one) for one in read(connection, "outbox", "seq")] == wanted
        return
    copies = [decode(TeacherChanged, one.encode()) for one in read(connection, "teacher_fact", "teacher")]
    assert {one.teacher: one for one in copies} == {one.teacher: one for one in wanted}
    letters = read(connection, "dead_letter", "message_id")
    assert decode(TeacherChanged, letters[0]) == wanted[0]
    assert letters[1:] == [b"{}", b'{"name":"left as it is"}']
    if service == "credits":
        *known, school = read(connection, "fact_history", "seq")
        assert [decode(TeacherChanged, one.encode()) for one in known] == wanted
        assert json.loads(school) == {"name": "left as it is"}


@pytest.mark.parametrize("service", list(STORED))
def test_stored_announcements_lose_their_names_on_sqlite(service: str, tmp_path: Path) -> None:
    until, rows = STORED[service]
    before, after = migrations_of(service, until, tmp_path)
    path = tmp_path / "puer.db"
    upgrade(path, before)
    engine = open_for_migration(path)
    with engine.begin() as connection:
        put(connection, rows)
    upgrade(path, after)
    with engine.connect() as connection:
        see(connection, service)
        if service == "credits":
            with never_changed():
                connection.exec_driver_sql("UPDATE fact_history SET body = ''")
    engine.dispose()


def test_stored_announcements_lose_their_names_on_postgresql(stores: Stores, tmp_path: Path) -> None:
    until, rows = STORED["credits"]
    before, after = migrations_of("credits", until, tmp_path)
    store = stores.new("postgresql")
    prepare("credits", store.settings, before)
    assert store.server is not None
    engine = sa.create_engine(store.server.url(store.database, "postgres"), poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL search_path TO credits")
        put(connection, rows)
    prepare("credits", store.settings, after)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL search_path TO credits")
        see(connection, "credits")
    with pytest.raises(psycopg.IntegrityError, match="append-only"):
        store.edit("credits", "puer", "UPDATE fact_history SET body = ''")
    engine.dispose()
