"""What the credits service reads from its environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from yanxiu_footing.fence.settings import FenceSettings


class Settings(FenceSettings, frozen=True, kw_only=True):
    """YANXIU_* variables of the credits service."""

    keys: Annotated[Path, msgspec.Meta(description="folder of the key files")]
    packs: Annotated[
        tuple[str, ...], msgspec.Meta(description="jurisdictions whose rule packs this deployment must have")
    ] = ()
    concurrency: Annotated[
        int,
        msgspec.Meta(
            description="requests answered at a time; of each district, where districts have processes of their own",
            ge=1,
        ),
    ] = 32
    job_parts: Annotated[
        int,
        msgspec.Meta(
            description="parts of jobs that one process has in hand; 0: it leaves them to processes of their own",
            ge=0,
            le=32,
        ),
    ] = 1
    job_tries: Annotated[int, msgspec.Meta(description="how often a part of a job is begun at most", ge=1)] = 5
    job_ack_seconds: Annotated[
        int, msgspec.Meta(description="seconds of silence after which a part goes to another process", ge=1, le=600)
    ] = 15
    check_in_seconds: Annotated[int, msgspec.Meta(description="seconds that a check-in token lives", ge=5, le=600)] = 30
    trusted_ledgers: Annotated[
        Path | None,
        msgspec.Meta(description="JSON file of other deployments: the districts and keys of each"),
    ] = None
    transcript_days: Annotated[int, msgspec.Meta(description="days for which a transcript is taken", ge=1)] = 30
    clock_tolerance_seconds: Annotated[
        int, msgspec.Meta(description="seconds by which the clocks of two processes may differ", ge=0, le=600)
    ] = 120
