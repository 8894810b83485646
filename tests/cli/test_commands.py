"""The command itself: quick to help, every setting listed, errors in one line with the right exit code."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from yanxiu_cli.__main__ import run
from yanxiu_cli.console import say, tell
from yanxiu_cli.settings import every_setting

from tests.cli.platform import yanxiu

COMMANDS = (
    *("up", "serve", "settings", "token", "query", "import", "ledger", "signatures", "projection", "registry", "cases"),
    *("rules", "plan"),
)


def test_help_names_every_command_in_both_languages() -> None:
    told = yanxiu("--help")
    assert told.returncode == 0
    for command in (*COMMANDS, "schema"):
        assert f" {command} " in told.stdout
    assert "在本机启动整个平台" in told.stdout


@pytest.mark.parametrize(
    "words", [("--help",), ("settings",), ("token", "--help"), ("query", "nonsense")], ids=" ".join
)
def test_a_terminal_without_the_letters_is_told_nevertheless(words: tuple[str, ...]) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "yanxiu_cli", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert "Traceback" not in done.stderr
    assert "\\u" in done.stdout + done.stderr


def test_a_console_whose_disk_is_full_ends_no_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.suppress(OSError), Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        tell("ready")
        with pytest.raises(OSError, match="No space left"):
            say("what was asked for")
        monkeypatch.undo()


def test_help_imports_no_sub_command() -> None:
    source = (
        "import sys\nfrom yanxiu_cli.__main__ import run\nrun(['--help'])\n"
        "heavy = {'nats', 'sqlalchemy', 'strawberry', 'starlette', 'msgspec', 'httpx2', 'yanxiu_gateway'}\n"
        "sys.exit(','.join(sorted(heavy & set(sys.modules))) or None)"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        *((command, "--help") for command in (*COMMANDS, "schema")),
        ("import", "teachers", "--help"),
        ("ledger", "verify", "--help"),
        ("signatures", "verify", "--help"),
        ("projection", "rebuild", "--help"),
        ("registry", "republish", "--help"),
        ("rules", "show", "--help"),
    ],
    ids=" ".join,
)
def test_every_command_can_be_loaded_and_explains_itself(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(list(words))
    told = capsys.readouterr()
    assert code == 0, told.err
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told.out), "Chinese first"


def test_every_setting_of_every_process_is_listed_with_its_meaning_in_both_languages() -> None:
    listed = {one.variable: one for one in every_setting()}
    for variable in ("YANXIU_NATS_URL", "YANXIU_DATA", "YANXIU_KEYS", "YANXIU_HTTP_PORT", "YANXIU_PACKS"):
        assert variable in listed
    assert not [one.variable for one in listed.values() if not one.meaning_zh or not one.meaning_en]
    assert set(listed["YANXIU_NATS_URL"].processes) == {"gateway", "registry", "credits", "visits", "jobs"}
    told = yanxiu("settings").stdout
    assert all(variable in told for variable in listed)


def test_a_process_without_its_settings_names_the_variable() -> None:
    told = yanxiu("serve", "registry", YANXIU_DATA="", YANXIU_KEYS="")
    assert told.returncode in (2, 78)  # 78: EX_CONFIG, what a service manager does not try again
    assert "YANXIU_DATA" in told.stderr
    assert "Traceback" not in told.stderr


def test_an_unknown_process_is_refused() -> None:
    told = yanxiu("serve", "unknown")
    assert told.returncode == 2
    assert "Traceback" not in told.stderr + told.stdout


@pytest.mark.parametrize(
    "words", [("ledger", "verify", "--district", "puer"), ("query", "{ __typename }", "--district", "puer")]
)
def test_without_a_platform_a_command_says_how_to_start_one(tmp_path: Path, words: tuple[str, ...]) -> None:
    told = yanxiu(*words, "--data", str(tmp_path), YANXIU_NATS_URL="")
    assert told.returncode == 1
    assert "yanxiu up" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("url", ["nats://host:notaport", "nats://[::1", "nats://", "nats://:4222", "nats://host:70000"])
def test_an_address_that_is_none_is_told_in_a_line(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YANXIU_NATS_URL", url)
    assert run(["ledger", "verify", "--district", "puer"]) == 1
    told = capsys.readouterr().err
    assert (url in told, "Traceback" in told, "不是地址" in told) == (True, False, True)


def test_serve_jobs_starts_the_credits_program_for_jobs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[dict[str, bool]] = []
    monkeypatch.setattr("yanxiu_credits.__main__.main", lambda **given: started.append(given))
    assert run(["serve", "jobs"]) == 0
    assert run(["serve", "credits"]) == 0
    assert started == [{"jobs_alone": True}, {}]
