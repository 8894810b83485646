"""What the registry service reads from its environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from yanxiu_footing.fence.settings import FenceSettings


class Settings(FenceSettings, frozen=True, kw_only=True):
    """YANXIU_* variables of the registry service."""

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
