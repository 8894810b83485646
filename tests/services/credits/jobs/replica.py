"""A credits process for tests that kill one: the made-up law, the made-up kinds of job, settings from YANXIU_*."""

from __future__ import annotations

import asyncio
import sys

from yanxiu_credits.__main__ import running
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire.settings import read_settings

from tests.services.credits.conftest import made_up_pack
from tests.services.credits.jobs.made_up_works import WORKS


async def main() -> None:
    async with running(read_settings(Settings), Rulebook({"made": made_up_pack("made")}, {}), works=WORKS):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
