"""`yanxiu schema`: write the contract snapshots anew, or check them and name what a change would break."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from graphql import build_schema as read_schema
from yanxiu_gateway.execution.listed import LISTED, listed
from yanxiu_gateway.operations_broken import broken_operations
from yanxiu_gateway.operations_met import Uses
from yanxiu_gateway.schema.build import build_schema
from yanxiu_gateway.schema.deprecations import KEPT_DAYS
from yanxiu_gateway.schema.snapshot import SNAPSHOT, compare_schema, schema_text
from yanxiu_gateway.trusted import TrustedDocuments
from yanxiu_wire import schema as messages
from yanxiu_wire.settings import SettingRefused

from yanxiu_cli import metrics_listed
from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed
from yanxiu_cli.nats.configuration import listed as permissions_listed

# What each process may do on NATS follows from the messages, so it stands beside them.
PERMISSIONS = messages.FOLDER / "nats-permissions.conf"


def schema(
    *,
    check: Annotated[bool, Parameter(negative="")] = False,
    show: Annotated[bool, Parameter(name="--print", negative="")] = False,
    against: Path = SNAPSHOT,
    apps: Path | None = None,
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
    apps
        各前端应用登记的文档（<app>.json）所在的文件夹：每处改动涉及、以及会因此失效的，是哪个应用的哪个操作。
        Folder with the documents that each app registered: says which app's operation each change meets or breaks.
    """
    if show:
        say(schema_text().rstrip())
    elif check:
        _check(against, _registered(apps))
    else:
        _write(against)


def _registered(apps: Path | None) -> TrustedDocuments:
    try:
        return TrustedDocuments.read(apps, only=False)
    except SettingRefused as refused:
        raise Failed(
            f"--apps 不能使用：{refused.problem}", f"--apps cannot be used: {refused.problem}", code=2
        ) from None


def _write(path: Path) -> None:
    if path.exists():
        for line in compare_schema(path.read_text(encoding="utf-8")).lines():
            say(line)
    path.write_text(schema_text(), encoding="utf-8")
    LISTED.write_text(listed(build_schema()), encoding="utf-8")
    messages.write()
    PERMISSIONS.write_text(permissions_listed(), encoding="utf-8")
    metrics_listed.PAGE.write_text(metrics_listed.listed(), encoding="utf-8")
    say(f"已写出 written: {path}, {messages.FOLDER}")


def _check(path: Path, registered: TrustedDocuments) -> None:
    if not path.exists():
        raise Failed(f"没有快照 {path}。", f"There is no snapshot {path}.", code=2)
    before = path.read_text(encoding="utf-8")
    difference, uses = compare_schema(before), Uses(read_schema(before), registered.apps)
    lines = messages.differences()
    broken = broken_operations(build_schema()._schema, registered.apps)  # noqa: SLF001 - Strawberry keeps it there
    changes = difference.lines(lambda change: (one.line() for one in uses.met(change)))
    for line in (*changes, *(one.line() for one in broken), *lines):
        say(line)
    if broken:
        raise Failed(
            f"前端应用登记的 {len(broken)} 个操作会失效；请先让应用改用别的字段，或保留旧字段并注明弃用日期。",
            f"{len(broken)} registered operations would break: have the apps ask otherwise first, "
            "or keep the old field, deprecated with its day.",
        )
    if difference.hasty:
        raise Failed(
            f"有 {len(difference.hasty)} 处违反弃用规则：先写明自何日起、改用什么，满 {KEPT_DAYS} 天才可删除。",
            f"{len(difference.hasty)} places break the policy of deprecation: say first since when and what instead, "
            f"and remove after {KEPT_DAYS} days.",
        )
    if metrics_listed.listed() != metrics_listed.PAGE.read_text(encoding="utf-8"):
        lines.append(f"{metrics_listed.PAGE.name}: 指标有变 the metrics are others than it lists")
        say(lines[-1])
    how = listed(build_schema())
    if how != LISTED.read_text(encoding="utf-8"):
        lines.append(f"{LISTED.name}: 字段的执行方式有变 fields are answered otherwise than it lists")
        say(lines[-1])
    if permissions_listed() != (PERMISSIONS.read_text(encoding="utf-8") if PERMISSIONS.exists() else ""):
        lines.append(f"{PERMISSIONS.name}: NATS 权限有变 the permissions on NATS differ")
        say(lines[-1])
    if difference or lines:
        raise Failed(
            "快照与代码不符；若有意改动，请运行 yanxiu schema 并一起提交。",
            "The snapshots differ from the code; if that is meant, run `yanxiu schema` and commit what it writes.",
        )
    say("快照与代码一致。The snapshots agree with the code.")
