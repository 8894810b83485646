"""What the visits service reads from its environment."""

from __future__ import annotations

from typing import Annotated

import msgspec
from yanxiu_footing.fence.settings import FenceSettings


class Settings(FenceSettings, frozen=True, kw_only=True):
    """YANXIU_* variables of the visits service."""

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
    clock_tolerance_seconds: Annotated[
        int, msgspec.Meta(description="seconds by which the clocks of two processes may differ", ge=0, le=600)
    ] = 120
