"""What is deprecated says since when and what instead; what was not deprecated long enough is not removed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from graphql import build_schema
from yanxiu_cli.__main__ import run
from yanxiu_gateway.schema.deprecations import KEPT_DAYS, deprecated, deprecation_problems, since_of
from yanxiu_gateway.schema.snapshot import schema_text

TODAY = date(2026, 11, 22)
LONG_AGO = TODAY - timedelta(days=KEPT_DAYS)
AFTER = """type Query { kept(by: ID): Int  word: Word  take(input: Asked): Int }
enum Word { KEPT }
input Asked { kept: Int }"""


def before(reason: str | None) -> str:
    """The schema with one more of everything, deprecated for that reason."""
    how = "" if reason is None else f'@deprecated(reason: "{reason}")'
    return f"""type Query {{ kept(by: ID, old: Int {how}): Int  old: Old {how}  word: Word  take(input: Asked): Int }}
    enum Word {{ KEPT OLD {how} }}
    input Asked {{ kept: Int old: Int {how} }}
    type Old {{ field: Int }}"""


REMOVED = ["Asked.old", "Query.kept(old:)", "Query.old", "Word.OLD"]


def places(old: str, new: str = AFTER) -> list[str]:
    return [line.partition(" ")[0] for line in deprecation_problems(build_schema(old), build_schema(new), TODAY)]


def test_what_was_deprecated_for_long_enough_may_go_with_the_types_that_only_it_led_to() -> None:
    assert places(before(deprecated(LONG_AGO, "Query.kept"))) == []


@pytest.mark.parametrize(
    "reason", [None, "No longer supported", deprecated(LONG_AGO + timedelta(days=1), "Query.kept")]
)
def test_what_was_not_deprecated_or_only_lately_may_not_go(reason: str | None) -> None:
    assert places(before(reason)) == REMOVED


@pytest.mark.parametrize(
    "reason",
    [
        "use Query.kept instead",
        "自 2026-11-22 起弃用，请改用 Query.kept。",
        "自 2026-11-22 起弃用，请改用 a。Deprecated since 2026-11-21; use a instead.",
        "自 2026-02-30 起弃用，请改用 a。Deprecated since 2026-02-30; use a instead.",
        "自 2026-11-22 起弃用，请改用 。Deprecated since 2026-11-22; use  instead.",
    ],
)
def test_a_reason_that_does_not_say_since_when_and_what_instead_is_named(reason: str) -> None:
    assert since_of(reason) is None
    text = before(reason)
    assert places(text, text) == REMOVED


def test_a_reason_as_it_is_written_says_its_day() -> None:
    assert since_of(deprecated(TODAY, "Query.kept")) == TODAY


def test_nothing_of_the_schema_is_deprecated_otherwise() -> None:
    now = build_schema(schema_text())
    assert deprecation_problems(now, now, TODAY) == []


def test_the_check_against_an_older_release_names_what_was_removed_too_soon(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = tmp_path / "older.graphql"
    soon = deprecated(datetime.now(UTC).date() - timedelta(days=3), "Term.number")
    gone = f'type Term implements Node {{\n  gone: String\n  going: String @deprecated(reason: "{soon}")\n'
    older.write_text(schema_text().replace("type Term implements Node {", gone), encoding="utf-8")
    assert run(["schema", "--check", "--against", str(older)]) == 1
    told = capsys.readouterr()
    assert "Term.gone 未经弃用即被删除" in told.out
    assert "Term.going 弃用仅 3 天" in told.out
    assert "2" in told.err
