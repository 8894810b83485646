"""`yanxiu schema`: write the contract snapshots anew, or check them and name what a change would break."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from yanxiu_gateway.schema.snapshot import SNAPSHOT, compare_schema, schema_text
from yanxiu_wire import schema as messages

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed


def schema(
    *,
    check: Annotated[bool, Parameter(negative="")] = False,
    show: Annotated[bool, Parameter(name="--print", negative="")] = False,
    against: Path = SNAPSHOT,
) -> None:
    """写出或核对契约快照：schema.graphql 与各服务的消息。Write or check the snapshots: schema.graphql and the messages.

    Parameters
    ----------
    check
        只核对，不写；有出入则退出码为 1。Only compare; exit code 1 when something differs.
    show
        只把 GraphQL 契约打印出来。Only print the GraphQL contract.
    against
        与哪个 GraphQL 快照比较或写到哪里。The GraphQL snapshot to compare with, or to write.
    """
    if show:
        say(schema_text().rstrip())
    elif check:
        _check(against)
    else:
        _write(against)


def _write(path: Path) -> None:
    if path.exists():
        for line in compare_schema(path.read_text(encoding="utf-8")).lines():
            say(line)
    path.write_text(schema_text(), encoding="utf-8")
    messages.write()
    say(f"已写出 written: {path}, {messages.FOLDER}")


def _check(path: Path) -> None:
    if not path.exists():
        raise Failed(f"没有快照 {path}。", f"There is no snapshot {path}.", code=2)
    difference = compare_schema(path.read_text(encoding="utf-8"))
    lines = messages.differences()
    for line in (*difference.lines(), *lines):
        say(line)
    if difference or lines:
        raise Failed(
            "快照与代码不符；若有意改动，请运行 yanxiu schema 并一起提交。",
            "The snapshots differ from the code; if that is meant, run `yanxiu schema` and commit what it writes.",
        )
    say("快照与代码一致。The snapshots agree with the code.")
