"""A credits process under measurement: `python -m bench.preview_replica columns|alone`, settings from YANXIU_*.

`alone` judges every teacher one at a time, as a comparison. At SIGTERM it prints its peak memory and CPU seconds.
"""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import sys

from yanxiu_credits.__main__ import running
from yanxiu_credits.policy import judge_both
from yanxiu_credits.settings import Settings
from yanxiu_rulekit import load_packs
from yanxiu_wire.settings import read_settings


async def main(how: str) -> None:
    """Run until SIGTERM."""
    if how == "alone":
        judge_both.FEW = sys.maxsize
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with running(read_settings(Settings), load_packs()):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await stop.wait()
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {"peak_mb": used.ru_maxrss / 1024, "cpu": used.ru_utime + used.ru_stime}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
