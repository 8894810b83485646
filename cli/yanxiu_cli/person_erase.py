"""`yanxiu person erase`: propose, confirm, withdraw and list erasures of persons; two people, as everywhere."""

from __future__ import annotations

import asyncio
import getpass
import uuid
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from yanxiu_wire import erasure as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.erasing import Done
from yanxiu_wire.erasing import confirm as confirm_erasure
from yanxiu_wire.erasing import propose as propose_erasure
from yanxiu_wire.faults import WireFault
from yanxiu_wire.mentioning import Mentions, mentions_of
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused

from yanxiu_cli.console import say, sentences
from yanxiu_cli.failed import Failed
from yanxiu_cli.session import connected

app = App(name="erase", help="删除个人信息：一人提出，另一人确认。Erase a person: one proposes, another confirms.")
_DATA = Path("var")


@app.command
def propose(
    *,
    district: str,
    teacher: str,
    reason: str,
    document: str,
    retained_until: Annotated[date, Parameter(name="--retained-until")],
    data: Path = _DATA,
) -> int:
    """提出删除一位已离开教师的个人信息。Propose to erase a teacher who has left.

    Parameters
    ----------
    district
        区县编号。The district's id.
    teacher
        教师编号，如 GraphQL 所给。The teacher's id, as GraphQL gives it.
    reason
        理由，不写其姓名。Why, without the name.
    document
        依据的文件。By which document.
    retained_until
        按该文件保存到哪天，须已过。Until when that has the data kept; it must be over.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    from yanxiu_gateway.schema.nodes import plain_id

    command = wire.ProposeErasure(
        caller=_caller(district), key=_key(), teacher=plain_id("Teacher", teacher), reason=reason, document=document,
        retained_until=retained_until,
    )  # fmt: skip
    made = _ask(district, data, lambda call: propose_erasure(call, command), then=_LOOK)
    say(f"已提出：{made.id}，请另一人确认。proposed; have another person confirm it")
    then = f"yanxiu person erase mentions {made.id} --district {district}"
    look = (f"请稍后查看：{then}。", f"Look later: {then}.")
    _told(_ask(district, data, lambda call: mentions_of(call, command.caller, made), then=look))
    return 0


@app.command
def mentions(erasure: str, /, *, district: str, data: Path = _DATA) -> int:
    """列出其姓名、工号各在哪些文字中出现（只计数）。Say in which texts the names and numbers stand; nothing is changed.

    Parameters
    ----------
    erasure
        删除的编号。The erasure's id.
    district
        区县编号。The district's id.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    caller = _caller(district)

    async def counted(call: Any) -> Any:
        known = await call(wire.LIST_ERASURES, wire.ListErasures(caller=caller, erasure=erasure))
        if isinstance(known, Refused) or not known.items:
            return known
        return await mentions_of(call, caller, known.items[0])

    found = _ask(district, data, counted)
    if isinstance(found, wire.Erasures):
        raise Failed(f"没有这项删除申请：{erasure}", f"There is no such erasure: {erasure}")
    _told(found)
    return 0


def _told(found: Mentions) -> None:
    for one in found.items:
        say(f"{one.word}：{one.table} 关于本人 {one.his} 行，其他 {one.others} 行。his {one.his}, others {one.others}")
        if one.kept:
            say(f"  另有 {one.kept} 行恰为相同的数字，可能是金额，不动。{one.kept} rows of a number alone, which stays")
    say(f"共 {sum(one.his + one.others for one in found.items)} 行文字。rows of text in all")
    say(f"确认时请加 --shown {found.shown}，说明所看的正是这些。confirm with it: these words were looked at")


@app.command
def confirm(
    erasure: str,
    /,
    *,
    district: str,
    receipt: Path,
    everywhere: Annotated[tuple[wire.WordKind, ...], Parameter(negative=())] = (),
    own_rows_only: Annotated[bool, Parameter(negative=())] = False,
    shown: str | None = None,
    data: Path = _DATA,
) -> int:
    """确认另一人提出的删除，立即生效且不可恢复；中断的再次确认即可办完。Confirm an erasure: done at once and for good.

    Parameters
    ----------
    erasure
        删除的编号。The erasure's id.
    district
        区县编号。The district's id.
    receipt
        签名的回执写入此新文件。The new file for the signed receipt.
    everywhere
        不是关于本人的文字中也抹去姓名（name）、工号（number），可重复。Also out of rows that are not about the person.
    own_rows_only
        只抹去关于本人的文字中的。Only out of rows about the person.
    shown
        mentions 所给的核对码，写明上两项之一、或字样此后有变的必须给出。The check code of mentions, demanded with the
        two above, and where the words are others since.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    decided = _decided(everywhere, own_rows_only=own_rows_only)
    command = wire.ConfirmErasure(
        caller=_caller(district), key=_key(), erasure=erasure, everywhere=decided, shown=shown
    )
    _keep(receipt, _ask(district, data, lambda call: confirm_erasure(call, command), then=_GO_ON))
    return 0


def _keep(receipt: Path, done: Done) -> None:
    # First, for it is told once, and the receipt can be had again.
    if done.looked_again is False:
        say("有服务未能再查一遍：确认的片刻中写入的姓名可能留下。A name written just then may be left.")
    try:
        receipt.touch(mode=0o600, exist_ok=False)
        receipt.write_text(done.receipt, encoding="utf-8")
    except OSError as error:
        raise Failed(
            f"已删除，但无法写入 {receipt}：{error.strerror}；再次确认可再取回执。",
            f"Erased, but {receipt} cannot be written ({error.strerror}): confirm once more for the receipt.",
        ) from None
    say(f"已删除，共 {sum(done.erasure.counts.values())} 行；回执 {receipt}。erased; the receipt is in {receipt}")
    if done.looked_again is None:
        say("此前已确认；当时是否已再查一遍，不得而知。Confirmed before: whether all looked again is not known.")


def _decided(everywhere: tuple[wire.WordKind, ...], *, own_rows_only: bool) -> tuple[wire.WordKind, ...] | None:
    if everywhere and own_rows_only:
        raise Failed("--everywhere 与 --own-rows-only 只能给一个。", "Give --everywhere or --own-rows-only.", code=2)
    return everywhere if everywhere or own_rows_only else None


@app.command
def withdraw(erasure: str, /, *, district: str, reason: str, data: Path = _DATA) -> int:
    """撤回一项尚未由第二人决定的申请，一人即可。Withdraw a proposal that nobody has begun; one person is enough.

    Parameters
    ----------
    erasure
        删除的编号。The erasure's id.
    district
        区县编号。The district's id.
    reason
        为何撤回。Why.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    command = wire.WithdrawErasure(caller=_caller(district), key=_key(), erasure=erasure, reason=reason)
    _ask(district, data, lambda call: call(wire.WITHDRAW_ERASURE, command))
    say("已撤回。withdrawn")
    return 0


@app.command(name="list")
def list_(*, district: str, first: int = 50, data: Path = _DATA) -> int:
    """列出删除申请，从新到旧。List erasures, newest first.

    Parameters
    ----------
    district
        区县编号。The district's id.
    first
        最多几项。At most so many.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    query = wire.ListErasures(caller=_caller(district), page=Page(first=first))
    found = _ask(district, data, lambda call: call(wire.LIST_ERASURES, query))
    for one in found.items:
        say(f"{one.id} {one.proposed_at.date()} {_became(one)} {one.teacher} {one.document}")
    say(f"共 {found.total} 项。{found.total} in all")
    return 0


def _became(one: wire.Erasure) -> str:
    if one.confirmed_at is not None:
        return f"已删除 erased {one.confirmed_at.date()}"
    if one.withdrawn_at is not None:
        return f"已撤回 withdrawn {one.withdrawn_at.date()}"
    return "办理中 begun" if one.begun_at is not None else "待确认 proposed"


def _caller(district: str) -> Caller:
    """Whoever may run this on the platform's own machine stands for the institute, by the name of his account there."""
    return Caller(subject=f"yanxiu-cli:{getpass.getuser()}", role="institute-officer", district=district)


def _key() -> str:
    return f"cli-{uuid.uuid4()}"


# What to do where no answer came; each proposal is another one, and the newest takes the others' place.
_AGAIN = ("请稍后再试。", "Try again.")
_LOOK = (
    "请先用 yanxiu person erase list 查看是否已提出。",
    "Look first whether it was proposed: yanxiu person erase list.",
)
_GO_ON = (
    "请再次运行同一命令：办到一半的会接着办完。",
    "Run the same command again: what broke off is gone on with.",
)


def _ask(district: str, data: Path, work: Callable[[Any], Awaitable[Any]], *, then: tuple[str, str] = _AGAIN) -> Any:
    async def asked() -> Any:
        async with connected(data) as bus:

            async def call(endpoint: Any, request: Any) -> Any:
                nonlocal last
                last = endpoint.service
                return await bus.call(endpoint, request, district=district)

            return await work(call)

    last = ""
    try:
        answer = asyncio.run(asked())
    except WireFault as fault:
        raise Failed(
            f"{last} 未能应答（{fault.code}）：{fault}。{then[0]}",
            f"No answer of {last} ({fault.code}): {fault}. {then[1]}",
        ) from None
    if isinstance(answer, Refused):
        raise Failed(*sentences(answer))
    return answer
