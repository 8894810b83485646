"""`yanxiu import teachers`: a roster file into the register, with dry run, row errors, progress and undo."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from uuid_utils import uuid7
from yanxiu_wire import log
from yanxiu_wire.caller import Caller
from yanxiu_wire.faults import ServiceUnavailable, WireFault
from yanxiu_wire.refusal import Refused
from yanxiu_wire.roster_import import (
    APPLY_ROSTER,
    CHECK_ROSTER,
    STAGE_ROSTER,
    UNDO_ROSTER,
    ApplyRoster,
    CheckRoster,
    RosterReport,
    StageRoster,
    UndoRoster,
)
from yanxiu_wire.rpc import Bus

from yanxiu_cli.console import say, sentences
from yanxiu_cli.failed import Failed
from yanxiu_cli.nats.using import access_from_environment
from yanxiu_cli.roster_file import Problem, Roster, read_roster
from yanxiu_cli.session import CONNECT_WITHIN, ask, connected

CHUNK = 1000
SHOWN = 50
PIPED_WIDTH = 160
HAS_ERRORS = "ROSTER_HAS_ERRORS"
Nats = Annotated[
    str | None,
    Parameter(help="NATS 地址。Address of NATS, unless YANXIU_NATS_URL or the data folder says it."),
]
Data = Annotated[Path, Parameter(help="运行中平台的数据目录。The running platform's folder.")]


def import_teachers(
    file: Path | None = None,
    /,
    *,
    district: str,
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    as_of: datetime | None = None,
    undo: str | None = None,
    ignore: tuple[str, ...] = (),
    nats: Nats = None,
    data: Data = Path("var"),
) -> int:
    """导入教师名册（CSV 或 XLSX），或撤销一次导入。Import a roster of teachers, or take an import back.

    Parameters
    ----------
    file
        名册文件。The roster file.
    district
        区县编号。The district's id.
    dry_run
        只检查，不写入。Check only; nothing is entered.
    as_of
        变更自哪一天起生效（默认今天）。The day the changes hold from (default: today).
    undo
        撤销该名册标识的导入。Take back the import of this roster id.
    ignore
        忽略的列名（可重复）。Headings to ignore; may be repeated.
    """
    # What the connection logs is for operators: here only an error is worth a line, and never on standard output.
    log.configure("cli", level=logging.ERROR)
    session = Session(district, nats, data)
    if file is None and undo is not None:
        return asyncio.run(session.take_back(undo))
    if file is None or undo is not None:
        raise Failed("请给出名册文件，或用 --undo 给出名册标识。", "Give a roster file, or --undo with an id.", code=2)
    roster = _roster(file, district, ignore)
    return 1 if roster is None else asyncio.run(session.bring_in(roster, as_of and as_of.date(), dry_run=dry_run))


def _roster(file: Path, district: str, ignored: tuple[str, ...]) -> Roster | None:
    """The file's rows; None when cells are damaged, which has been shown then."""
    roster = read_roster(file, district, ignored)
    if roster.problems:
        _show_problems(roster.problems)
        return None
    if not roster.rows:
        raise Failed(f"{file}：表头以下没有数据。", f"{file}: no rows below the headings.", code=2)
    return roster


class Session:
    """One import by a district officer at the command line."""

    def __init__(self, district: str, nats: str | None, data: Path) -> None:
        self.district = district
        self.nats = nats
        self.data = data
        self.caller = Caller(subject="cli", role="district-officer", district=district)

    async def bring_in(self, roster: Roster, as_of: date | None, *, dry_run: bool) -> int:
        """Stage every row, then check or apply; the exit code."""
        async with self._bus() as bus:
            await self._stage(bus, roster)
            if not dry_run:
                report = await self._apply(bus, roster, as_of)
                if report is not None:
                    _show(report, roster, APPLIED)
                    say(f"撤销 undo: yanxiu import teachers --district {self.district} --undo {roster.id}")
                    return 0
            query = CheckRoster(caller=self.caller, roster=roster.id, as_of=as_of, rows=len(roster.rows))
            report = await ask(bus, CHECK_ROSTER, query, district=self.district)
        _show(report, roster, TRIED if dry_run else REFUSED)
        return 1 if report.error_count else 0

    async def take_back(self, roster: str) -> int:
        """Undo; the exit code."""
        async with self._bus() as bus:
            command = UndoRoster(caller=self.caller, key=_key(), roster=roster)
            undone = await ask(bus, UNDO_ROSTER, command, district=self.district)
        say(f"已撤销 {undone.undone} 名教师的变更 / {undone.undone} changes taken back")
        return 0

    async def _stage(self, bus: Bus, roster: Roster) -> None:
        with _progress() as progress:
            task = progress.add_task("上传 staging", total=len(roster.rows))
            for start in range(0, len(roster.rows), CHUNK):
                rows = tuple(roster.rows[start : start + CHUNK])
                command = StageRoster(caller=self.caller, key=_key(), roster=roster.id, rows=rows)
                await ask(bus, STAGE_ROSTER, command, district=self.district)
                progress.advance(task, len(rows))

    async def _apply(self, bus: Bus, roster: Roster, as_of: date | None) -> RosterReport | None:
        """The report; None when rows have errors, so that the check can show them all."""
        count = len(roster.rows)
        command = ApplyRoster(caller=self.caller, key=_key(), roster=roster.id, as_of=as_of, rows=count)
        try:
            reply = await bus.call(APPLY_ROSTER, command, district=self.district)
        except WireFault as fault:
            raise Failed(
                f"导入中断（{fault.code}）：请再次运行同一命令，已导入的行不会重复。",
                f"The import was interrupted ({fault.code}): run it again, rows already entered stay as they are.",
            ) from None
        if isinstance(reply, Refused) and HAS_ERRORS not in [error.code for error in reply.errors]:
            raise Failed(*sentences(reply))
        return reply if isinstance(reply, RosterReport) else None

    @contextlib.asynccontextmanager
    async def _bus(self) -> AsyncIterator[Bus]:
        if self.nats is None:
            async with connected(self.data) as bus:
                yield bus
            return
        try:
            access = access_from_environment()
            bus = await Bus.connect(self.nats, name="yanxiu-cli", wait=CONNECT_WITHIN, access=access)
        except ServiceUnavailable:
            raise Failed(f"{self.nats} 没有应答。", f"{self.nats} does not answer.") from None
        try:
            yield bus
        finally:
            await bus.close()


def _key() -> str:
    # A fresh key each time: what makes a second import harmless is the comparison with the register.
    return f"import-{uuid7()}"


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


# ---- what is shown ---------------------------------------------------------------------------------------------


def _console() -> Console:
    return Console() if sys.stdout.isatty() else Console(width=PIPED_WIDTH)


APPLIED = "已导入 applied"
TRIED = "试运行，未写入 dry run, nothing entered"
REFUSED = "有错误，未写入 errors, nothing entered"


def _show(report: RosterReport, roster: Roster, title: str) -> None:
    """The counts, samples of what changes, and the first errors."""
    table = Table(title=title)
    for heading in ("行 rows", "新增 created", "更正 corrected", "调动 moved", "不变 unchanged", "错误 errors"):
        table.add_column(heading, justify="right")
    counts = (report.rows, report.created, report.corrected, report.moved, report.unchanged, report.error_count)
    table.add_row(*map(str, counts))
    console = _console()
    console.print(table)
    for sample in report.samples:
        console.print(sample, markup=False, highlight=False)
    if not report.errors:
        return
    errors = _error_table(min(SHOWN, len(report.errors)), report.error_count)
    for error in report.errors[:SHOWN]:
        heading = roster.headings.get(error.item.field, error.column)
        said = f"{error.item.message_zh} {error.item.message_en}"
        remedy = f"{error.item.remedy_zh} {error.item.remedy_en}"
        errors.add_row(*map(Text, (str(error.row), heading, error.value, said, remedy)))
    console.print(errors)


def _show_problems(problems: list[Problem]) -> None:
    table = _error_table(min(SHOWN, len(problems)), len(problems))
    for problem in problems[:SHOWN]:
        said, remedy = f"{problem.zh} {problem.en}", f"{problem.remedy_zh} {problem.remedy_en}"
        table.add_row(*map(Text, (str(problem.row), problem.column, problem.value, said, remedy)))
    _console().print(table)


def _error_table(shown: int, count: int) -> Table:
    table = Table(title=f"错误 errors ({shown} / {count})", show_lines=True)
    for heading in ("行 row", "列 column", "值 value", "问题 problem", "处理 remedy"):
        table.add_column(heading, overflow="fold")
    return table
