"""What the visits service reads from its environment."""

from __future__ import annotations

from typing import Annotated

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """YANXIU_* variables of the visits service."""

    nats_url: Annotated[str, msgspec.Meta(description="address of the NATS server")] = "nats://127.0.0.1:4222"
