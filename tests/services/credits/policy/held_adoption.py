"""A credits process for tests that kill one amid an adoption: its second part stays in hand once it is written."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yanxiu_credits.__main__ import running
from yanxiu_credits.jobs.parts import PARTS
from yanxiu_credits.jobs.work import Work
from yanxiu_credits.policy import adopt
from yanxiu_credits.policy.adopt_policy import KIND
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire.settings import read_settings

from tests.services.credits.conftest import made_up_pack
from tests.services.credits.jobs.made_up_works import anothers, gate_of, held, until

GATE = "YANXIU_TEST_GATE"


def works(gate: Path) -> Mapping[str, Work]:
    """The works of a service: who is named by the file `write` in that folder holds its second part, others wait."""
    part, numbers = {"gate": str(gate)}, itertools.count(1)

    async def prepare(*given: Any) -> Any:
        await until(lambda: not anothers(gate_of(part, "write")))
        return await adopt.prepare(*given)

    async def write(*given: Any) -> Any:
        written = await adopt.write(*given)
        if next(numbers) == 2:
            await held(part, "write")
        return written

    return {**PARTS, KIND: Work(gather=prepare, write=write)}


async def main() -> None:
    gate = Path(os.environ.pop(GATE))
    async with running(read_settings(Settings), Rulebook({"made": made_up_pack("made")}, {}), works=works(gate)):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
