"""`yanxiu token`: what it prints is accepted by the gateway, and what makes no caller is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from yanxiu_cli.__main__ import run
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.signing_keys import KeyFile
from yanxiu_gateway.tokens import AUDIENCE, ISSUER, PUBLIC_FILE

from tests.gateway.test_reads import SCHOOL


@pytest.fixture
def reader(keys: Path) -> TokenReader:
    return TokenReader(KeyFile(keys / PUBLIC_FILE), issuer=ISSUER, audience=AUDIENCE)


@pytest.mark.parametrize(
    ("arguments", "scope"),
    [
        (["--district", "puer", "--role", "institute-officer"], ("institute-officer", "puer", None, None)),
        (["--role", "platform-operator"], ("platform-operator", "platform", None, None)),
        (
            ["--district", "puer", "--role", "school-leader", "--school", SCHOOL],
            ("school-leader", "puer", "puer-school-0", None),
        ),
        (["--district", "puer", "--role", "teacher", "--teacher", "t-1"], ("teacher", "puer", None, "t-1")),
    ],
)
async def test_a_token_is_one_line_that_the_gateway_accepts(
    keys: Path,
    reader: TokenReader,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    scope: tuple[str | None, ...],
) -> None:
    monkeypatch.setenv("YANXIU_KEYS", str(keys))
    assert run(["token", *arguments, "--ttl", "30m"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    caller = await reader.read(printed.strip())
    assert (caller.role, caller.district, caller.school, caller.teacher) == scope


@pytest.mark.parametrize(
    "arguments",
    [
        ["--role", "institute-officer"],
        ["--district", "puer", "--role", "teacher"],
        ["--district", "puer", "--role", "school-leader"],
        ["--district", "puer", "--role", "platform-operator"],
        ["--district", "*", "--role", "institute-officer"],
        ["--district", "puer", "--role", "institute-officer", "--ttl", "soon"],
    ],
)
def test_what_makes_no_caller_is_refused_in_two_languages(
    keys: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(["token", "--keys", str(keys), *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 2


def test_without_a_folder_of_keys_it_asks_for_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("YANXIU_KEYS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert run(["token", "--district", "puer", "--role", "auditor"]) == 2
    assert "YANXIU_KEYS" in capsys.readouterr().err


def test_the_keys_of_a_platform_started_here_are_found(
    keys: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("YANXIU_KEYS", raising=False)
    monkeypatch.chdir(tmp_path)
    keys.mkdir(exist_ok=True)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "keys").symlink_to(keys)
    assert run(["token", "--district", "puer", "--role", "auditor"]) == 0
    assert capsys.readouterr().out.count(".") == 2
