"""A district is backed up while the platform runs, and comes back as it was; what was altered does not."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.platform import Platform, yanxiu

DISTRICT = "puer"
SERVICES = ("registry", "credits", "visits")


def rows(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in a file, table by table."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}  # noqa: S608 - names of the file itself


@pytest.fixture(scope="module")
def backup(demo: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup") / "made"
    done = yanxiu("backup", "--district", DISTRICT, "--to", str(folder), "--data", str(demo.data))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "已备份并核对" in done.stdout
    assert "backed up and checked" in done.stdout
    return folder


@pytest.fixture
def elsewhere(demo: Platform, tmp_path: Path) -> Path:
    """An empty platform with the keys of the one that was backed up."""
    shutil.copytree(demo.data / "keys", tmp_path / "var" / "keys")
    return tmp_path / "var"


def test_it_comes_back_as_it_was_and_its_ledger_is_what_the_backup_says(backup: Path, elsewhere: Path) -> None:
    manifest = json.loads((backup / "backup.json").read_text(encoding="utf-8"))
    assert manifest["entries"] > 0
    done = yanxiu("restore", str(backup), "--data", str(elsewhere))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{manifest['entries']} entries" in done.stdout
    for service in SERVICES:
        restored = rows(elsewhere / "data" / service / f"{DISTRICT}.db")
        assert restored == rows(backup / service / f"{DISTRICT}.db")
        assert sum(map(len, restored.values())) > 0
    assert len(rows(elsewhere / "data" / "credits" / f"{DISTRICT}.db")["ledger"]) == manifest["entries"]


def test_nothing_is_put_over_what_is_there_unless_that_is_kept(backup: Path, elsewhere: Path) -> None:
    assert yanxiu("restore", str(backup), "--data", str(elsewhere)).returncode == 0
    again = yanxiu("restore", str(backup), "--data", str(elsewhere))
    assert again.returncode == 1
    assert "--replace" in again.stderr
    kept = yanxiu("restore", str(backup), "--data", str(elsewhere), "--replace")
    assert kept.returncode == 0, kept.stderr
    assert len(list((elsewhere / "data" / "credits").glob(f"{DISTRICT}.db.2*"))) >= 1


@pytest.mark.parametrize("service", SERVICES)
def test_a_file_that_was_altered_is_named_and_nothing_is_restored(
    backup: Path, elsewhere: Path, tmp_path: Path, service: str
) -> None:
    altered = tmp_path / "altered"
    shutil.copytree(backup, altered)
    file = altered / service / f"{DISTRICT}.db"
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 2)
        (byte,) = opened.read(1)
        opened.seek(-1, 1)
        opened.write(bytes([byte ^ 1]))
    done = yanxiu("restore", str(altered), "--data", str(elsewhere))
    assert done.returncode == 1
    assert f"{service}/{DISTRICT}.db" in done.stderr
    assert not list((elsewhere / "data").rglob("*.db"))


def test_a_ledger_that_does_not_hold_is_no_backup(backup: Path, elsewhere: Path, tmp_path: Path) -> None:
    assert yanxiu("restore", str(backup), "--data", str(elsewhere)).returncode == 0
    with closing(sqlite3.connect(elsewhere / "data" / "credits" / f"{DISTRICT}.db")) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE ledger SET micro_credits = micro_credits + 1 WHERE seq = 3")
    done = yanxiu("backup", "--district", DISTRICT, "--to", str(tmp_path / "bad"), "--data", str(elsewhere))
    assert done.returncode == 1
    assert "第 3 条不符" in done.stderr
    assert not (tmp_path / "bad" / "backup.json").exists()


def test_what_cannot_be_backed_up_says_why(demo: Platform, tmp_path: Path) -> None:
    words = ("--to", str(tmp_path / "new"), "--data", str(demo.data))
    assert "nowhere" in yanxiu("backup", "--district", "nowhere", *words).stderr
    assert yanxiu("backup", "--district", "Not An Id", "--to", str(tmp_path / "x")).returncode == 2
    assert yanxiu("backup", "--district", DISTRICT, "--to", str(tmp_path), "--data", str(demo.data)).returncode == 2
    assert yanxiu("restore", str(tmp_path)).returncode == 2
