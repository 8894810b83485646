"""A district is backed up while the platform runs, and comes back as it was; what was altered does not."""

from __future__ import annotations

import hashlib
import importlib
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from yanxiu_cli.__main__ import run
from yanxiu_credits.books.keys import Signer
from yanxiu_durable.backup import Copies, read_only
from yanxiu_durable.migrate import _config, revisions
from yanxiu_durable.sqlite import open_for_migration
from yanxiu_wire.codec import encode_canonical
from yanxiu_wire.erasing import KIND, ErasureList, ErasureStated
from yanxiu_wire.erasure import Erasure

from tests.cli.platform import Platform, yanxiu
from tests.stores import Stores

DISTRICT = "puer"
SERVICES = ("registry", "credits", "visits")
# Nobody of the demonstration was erased.
NONE_SINCE = ("--no-erasures-since",)
# A point of P-256 that is no key of ours (RFC 7515, appendix A.3).
OTHER_KEY = ("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")


def rows(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in a file, table by table."""
    with closing(sqlite3.connect(read_only(file), uri=True)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}  # noqa: S608 - names of the file itself


@pytest.fixture(scope="module")
def backup(demo: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    # As people name folders.
    folder = tmp_path_factory.mktemp("backup") / "备份 50% #1?"
    done = yanxiu("backup", "--district", DISTRICT, "--to", str(folder), "--data", str(demo.data))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "已备份并核对" in done.stdout
    assert "backed up and checked" in done.stdout
    return folder


@pytest.fixture
def elsewhere(demo: Platform, tmp_path: Path) -> Path:
    """An empty platform with the keys of the one that was backed up."""
    var = tmp_path / "数据 #2?mode=memory%20"
    shutil.copytree(demo.data / "keys", var / "keys")
    return var


def test_it_comes_back_as_it_was_and_its_ledger_is_what_the_backup_says(
    backup: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = json.loads((backup / "backup.json").read_text(encoding="utf-8"))
    assert manifest["entries"] > 0
    assert run(["restore", str(backup), *NONE_SINCE, "--data", str(elsewhere)]) == 0
    assert f"{manifest['entries']} entries" in capsys.readouterr().out
    for service in SERVICES:
        restored = rows(elsewhere / "data" / service / f"{DISTRICT}.db")
        assert restored == rows(backup / service / f"{DISTRICT}.db")
        assert sum(map(len, restored.values())) > 0
    assert len(rows(elsewhere / "data" / "credits" / f"{DISTRICT}.db")["ledger"]) == manifest["entries"]


def list_of_one(demo: Platform, backup: Path) -> tuple[str, tuple[bytes, ...], str]:
    """A list of one erasure, signed as the platform signs it; what that teacher is known by, and his id."""
    with closing(sqlite3.connect(read_only(backup / "registry" / f"{DISTRICT}.db"), uri=True)) as connection:
        query = "SELECT t.id, staff_number, f.name FROM teacher t JOIN teacher_fact f ON f.teacher = t.id"
        ((teacher, number, name), *_) = connection.execute(query + " ORDER BY t.id").fetchall()
    day = datetime(2026, 11, 1, tzinfo=UTC)
    of = Erasure(
        id="e-1", teacher=teacher, reason="虚构", document="虚构", retained_until=day.date(), proposed_by="a",
        proposed_at=day, confirmed_by="b", confirmed_at=day, counts={"teacher": 1},
    )  # fmt: skip
    digest = hashlib.sha256(encode_canonical(of)).hexdigest()
    stated = ErasureStated(district=DISTRICT, erasure=of.id, teacher=teacher, sha256=digest)
    token = Signer.open(demo.data / "keys").sign(encode_canonical(stated), KIND)
    receipt = json.loads(encode_canonical({"erasure": of, "signature": token}))
    made = ErasureList(format=1, district=DISTRICT, made_at=day, receipts=(receipt,))
    return encode_canonical(made).decode(), (number.encode(), name.encode()), teacher


def test_who_was_erased_since_the_backup_does_not_come_back_with_it(
    backup: Path, demo: Platform, elsewhere: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, (number, name), teacher = list_of_one(demo, backup)
    file, where = tmp_path / "erasures.json", ["restore", str(backup), "--data", str(elsewhere)]
    assert run(where) == 1
    assert "--erasures" in capsys.readouterr().err, "nobody says who was erased"
    file.write_text(text.replace(teacher, "another"), encoding="utf-8")
    assert run([*where, "--erasures", str(file)]) == 1, "a receipt that was altered erases nobody"
    assert not list((elsewhere / "data").rglob("*.db"))
    file.write_text(text, encoding="utf-8")
    assert run([*where, "--erasures", str(file)]) == 0, capsys.readouterr().err
    there = elsewhere / "data" / "registry" / f"{DISTRICT}.db"
    for _ in range(2):
        restored = rows(there)
        assert [row[1] for row in restored["erasure_done"]] == ["e-1"]
        assert {row for row in restored["teacher_fact"] if teacher in row and name.decode() in row} == set()
        assert number not in there.read_bytes()
        # Once more over what is there, which is then told by nobody: it is carried over.
        assert run([*where, "--replace"]) == 0, capsys.readouterr().err


def test_nothing_is_put_over_what_is_there_unless_that_is_kept(
    backup: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["restore", str(backup), *NONE_SINCE, "--data", str(elsewhere)]) == 0
    assert run(["restore", str(backup), *NONE_SINCE, "--data", str(elsewhere)]) == 1
    assert "--replace" in capsys.readouterr().err
    assert run(["restore", str(backup), "--data", str(elsewhere), "--replace"]) == 0
    assert len(list((elsewhere / "data" / "credits").glob(f"{DISTRICT}.db.2*"))) >= 1


@pytest.mark.parametrize("service", SERVICES)
def test_a_file_that_was_altered_is_named_and_nothing_is_restored(
    backup: Path, elsewhere: Path, tmp_path: Path, service: str, capsys: pytest.CaptureFixture[str]
) -> None:
    altered = tmp_path / "altered"
    shutil.copytree(backup, altered)
    file = altered / service / f"{DISTRICT}.db"
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 2)
        (byte,) = opened.read(1)
        opened.seek(-1, 1)
        opened.write(bytes([byte ^ 1]))
    assert run(["restore", str(altered), "--data", str(elsewhere)]) == 1
    assert f"{service}/{DISTRICT}.db" in capsys.readouterr().err
    assert not list((elsewhere / "data").rglob("*.db"))


def migrations_of(service: str) -> Path:
    found: Path = importlib.import_module(f"yanxiu_{service}.migrating").MIGRATIONS
    return found


def made_by_the_version_before(file: Path, service: str, scratch: Path) -> None:
    """Replace a file by one of the migration before the newest, with what its tables can hold of the rows."""
    migrations, old = migrations_of(service), scratch / f"{service}.db"
    config, engine = _config(migrations), open_for_migration(old)
    config.attributes.update({"engine": engine, "begins": None, "ends": None})
    command.upgrade(config, revisions(migrations)[1])
    engine.dispose()
    with closing(sqlite3.connect(old, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = DELETE")
        made.execute("ATTACH ? AS new", [str(file)])
        for table, columns in columns_of(made, "main").items():
            common = [one for one in columns if one in columns_of(made, "new").get(table, ())]
            if common and table != "alembic_version":
                names = ", ".join(f'"{one}"' for one in common)
                # Balances are there already: they come with the entries.
                made.execute(f'INSERT OR IGNORE INTO main."{table}" ({names}) SELECT {names} FROM new."{table}"')  # noqa: S608 - names of the file itself
    shutil.move(old, file)


def columns_of(connection: sqlite3.Connection, schema: str) -> dict[str, list[str]]:
    tables = connection.execute(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'").fetchall()  # noqa: S608 - ours
    return {name: [row[1] for row in connection.execute(f'PRAGMA {schema}.table_info("{name}")')] for (name,) in tables}


def written_anew(folder: Path) -> None:
    """Put into the manifest what the files are now."""
    manifest = json.loads((folder / "backup.json").read_text(encoding="utf-8"))
    for one in manifest["files"]:
        content = (folder / one["file"]).read_bytes()
        one |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "backup.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_backup_from_before_a_migration_is_migrated_and_one_of_a_newer_version_is_refused(
    backup: Path, elsewhere: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old"
    shutil.copytree(backup, old)
    # Of the one whose rows are verified afterwards.
    made_by_the_version_before(old / "credits" / f"{DISTRICT}.db", "credits", tmp_path)
    written_anew(old)
    assert run(["restore", str(old), *NONE_SINCE, "--data", str(elsewhere)]) == 0, capsys.readouterr().err
    for service in SERVICES:
        restored, given = (
            rows(elsewhere / "data" / service / f"{DISTRICT}.db"),
            rows(backup / service / f"{DISTRICT}.db"),
        )
        assert restored["alembic_version"] == [(revisions(migrations_of(service))[0],)]
        assert {name: len(its) for name, its in restored.items()} == {name: len(its) for name, its in given.items()}
    with closing(sqlite3.connect(old / "credits" / f"{DISTRICT}.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    written_anew(old)
    shutil.rmtree(elsewhere / "data")
    assert run(["restore", str(old), *NONE_SINCE, "--data", str(elsewhere)]) == 1
    assert "newer version" in capsys.readouterr().err
    assert not list((elsewhere / "data").rglob("*.db"))


def test_an_empty_machine_takes_the_keys_of_the_backup_when_the_operator_has_compared_them(
    backup: Path, elsewhere: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    assert run(["restore", str(backup), "--data", str(empty)]) == 1
    assert "--trust-keys" in (told := capsys.readouterr().err)
    (key,) = json.loads((backup / "ledger-jwks.json").read_text(encoding="utf-8"))["keys"]
    assert key["kid"] in told, "the fingerprint, to be compared"
    assert not list(empty.rglob("*.db"))
    assert run(["restore", str(backup), *NONE_SINCE, "--data", str(empty), "--trust-keys"]) == 0
    assert (empty / "keys" / "ledger-jwks.json").read_bytes() == (backup / "ledger-jwks.json").read_bytes()
    # Who has other keys is another platform, whatever he says.
    others = json.loads((backup / "ledger-jwks.json").read_text(encoding="utf-8"))
    others["keys"][0]["x"], others["keys"][0]["y"] = OTHER_KEY
    (elsewhere / "keys" / "ledger-jwks.json").write_text(json.dumps(others), encoding="utf-8")
    assert run(["restore", str(backup), "--data", str(elsewhere), "--trust-keys"]) == 1
    assert key["kid"] in capsys.readouterr().err
    assert not list((elsewhere / "data").rglob("*.db"))


def test_postgresql_takes_it_after_an_attempt_that_broke_off_and_is_backed_up_the_same_way(
    backup: Path,
    demo: Platform,
    stores: Stores,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    store = stores.new("postgresql", *((one, migrations_of(one)) for one in SERVICES))
    for name, value in (store.variables | {"YANXIU_KEYS": str(demo.data / "keys")}).items():
        monkeypatch.setenv(name, value)
    put, back = [], Copies.back

    async def breaks_off(self: Copies, *given: Any, **named: Any) -> bool:
        if put:
            raise ConnectionResetError
        put.append(await back(self, *given, **named))
        return put[0]

    monkeypatch.setattr(Copies, "back", breaks_off)
    with pytest.raises(ConnectionResetError):
        run(["restore", str(backup), *NONE_SINCE])
    assert put == [True]
    monkeypatch.setattr(Copies, "back", back)
    assert run(["restore", str(backup), *NONE_SINCE]) == 0, capsys.readouterr().err
    assert "visits：上次已放回" in capsys.readouterr().out
    assert run(["restore", str(backup), *NONE_SINCE]) == 1, "all of it is there"
    # A store of SQLite files beside it (the demonstration's) is not what is in use, and not what is copied.
    again = tmp_path / "again"
    assert run(["backup", "--district", DISTRICT, "--to", str(again), "--data", str(demo.data)]) == 0
    first, second = (json.loads((one / "backup.json").read_text(encoding="utf-8")) for one in (backup, again))
    assert (second["entries"], second["head"]) == (first["entries"], first["head"])
    for service in SERVICES:
        assert rows(again / service / f"{DISTRICT}.db") == rows(backup / service / f"{DISTRICT}.db")
    # One row that is not the backup's, and it is not taken for an attempt that broke off.
    store.edit("visits", DISTRICT, "DELETE FROM teacher_fact", force=True)
    store.edit("registry", DISTRICT, "DELETE FROM outbox_progress", force=True)
    assert run(["restore", str(backup), *NONE_SINCE]) == 1
    assert "visits" in capsys.readouterr().err


def test_a_ledger_that_does_not_hold_is_no_backup(
    backup: Path, elsewhere: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["restore", str(backup), *NONE_SINCE, "--data", str(elsewhere)]) == 0
    with closing(sqlite3.connect(elsewhere / "data" / "credits" / f"{DISTRICT}.db")) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE ledger SET micro_credits = micro_credits + 1 WHERE seq = 3")
    assert run(["backup", "--district", DISTRICT, "--to", str(tmp_path / "bad"), "--data", str(elsewhere)]) == 1
    assert "第 3 条不符" in capsys.readouterr().err
    assert not (tmp_path / "bad").exists(), "and nothing is left that might be taken for one"


def test_what_cannot_be_backed_up_says_why(demo: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--to", str(tmp_path / "new"), "--data", str(demo.data)]
    assert run(["backup", "--district", "nowhere", *words]) == 1
    assert "nowhere" in capsys.readouterr().err
    assert run(["backup", "--district", "Not An Id", "--to", str(tmp_path / "x")]) == 2
    assert run(["backup", "--district", DISTRICT, "--to", str(tmp_path), "--data", str(demo.data)]) == 2
    assert run(["restore", str(tmp_path)]) == 2
