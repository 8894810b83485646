"""What the credits service reads from its environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """YANXIU_* variables of the credits service."""

    nats_url: Annotated[str, msgspec.Meta(description="address of the NATS server")] = "nats://127.0.0.1:4222"
    data: Annotated[Path, msgspec.Meta(description="folder of the databases")]
    keys: Annotated[Path, msgspec.Meta(description="folder of the key files")]
    packs: Annotated[
        tuple[str, ...], msgspec.Meta(description="jurisdictions whose rule packs this deployment must have")
    ] = ()
    concurrency: Annotated[int, msgspec.Meta(description="requests of one endpoint answered at a time", ge=1)] = 32
    check_in_seconds: Annotated[int, msgspec.Meta(description="seconds that a check-in token lives", ge=5, le=600)] = 30
    clock_tolerance_seconds: Annotated[
        int, msgspec.Meta(description="seconds by which the clocks of two processes may differ", ge=0, le=600)
    ] = 120
