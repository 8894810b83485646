"""A credits process under measurement: `python -m bench.replica columns|alone [DAY]`, settings from YANXIU_*.

`alone` judges every teacher one at a time, as a comparison; with a day (ISO text) its clock stands on that day. The
check of the whole ledger, which runs beside the answers after a start, is left out: it is measured as the job `verify`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import yanxiu_credits.__main__ as credits_main
from yanxiu_credits.policy import judge_both
from yanxiu_credits.settings import Settings
from yanxiu_credits.workflow import judge_many
from yanxiu_footing.clock import Clock
from yanxiu_rulekit import load_packs
from yanxiu_wire.settings import read_settings


class Day(Clock):
    """A clock that stands on a day; its instants still grow."""

    def __init__(self, day: date) -> None:
        self._begins = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        self._ticks = itertools.count()

    def now(self) -> datetime:
        return self._begins + timedelta(milliseconds=next(self._ticks))


@contextlib.asynccontextmanager
async def unchecked(_service: Any) -> AsyncIterator[None]:
    """Check nothing."""
    yield


async def main(how: str, day: str | None = None) -> None:
    """Run until SIGTERM."""
    credits_main.checking_wholes = unchecked  # pyright: ignore[reportPrivateImportUsage]
    if how == "alone":
        judge_both.FEW = judge_many.FEW = sys.maxsize
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    clock = Day(date.fromisoformat(day)) if day else None
    async with credits_main.running(read_settings(Settings), load_packs(), clock=clock):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
