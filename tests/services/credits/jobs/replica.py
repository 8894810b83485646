"""A credits process for tests that kill one: made-up law and jobs, settings from YANXIU_*, --jobs for jobs alone."""

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
    rulebook = Rulebook({"made": made_up_pack("made")}, {})
    alone = "--jobs" in sys.argv
    async with running(read_settings(Settings), rulebook, works=WORKS, jobs_alone=alone):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
