"""The district's own row, its bindings, and the proof of the key it was sealed with."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.registry import District, PackBinding

from yanxiu_registry.store.dated import Stamp, live
from yanxiu_registry.tables import binding, binding_cancellation, district


async def read_district(conn: AsyncConnection, name: str) -> District | None:
    """The district with its bindings, oldest first; None when it has not been created."""
    row = (await conn.execute(sa.select(district).where(district.c.district == name))).one_or_none()
    if row is None:
        return None
    bound = await conn.execute(sa.select(binding).where(live(binding, name)).order_by(binding.c.since))
    return District(
        id=name,
        name_zh=row.name_zh,
        name_en=row.name_en,
        synthetic=row.synthetic,
        version=row.version,
        bindings=tuple(
            PackBinding(
                pack=each.pack,
                since=each.since,
                settings=decode(dict[str, Any], each.settings.encode()),
                decided_by=each.decided_by,
                version=each.pack_version,
            )
            for each in bound
        ),
    )


async def insert_district(conn: AsyncConnection, new: District, key_proof: bytes, stamp: Stamp) -> None:
    """Enter a district without bindings."""
    await conn.execute(
        sa.insert(district).values(
            district=new.id,
            name_zh=new.name_zh,
            name_en=new.name_en,
            synthetic=new.synthetic,
            version=new.version,
            key_proof=key_proof,
            **stamp.columns(),
        )
    )


async def rename(conn: AsyncConnection, new: District, stamp: Stamp) -> None:
    """Give the district its names and its version."""
    names = {"name_zh": new.name_zh, "name_en": new.name_en, "version": new.version}
    await conn.execute(sa.update(district).where(district.c.district == new.id).values(**names, **stamp.columns()))


async def bind(conn: AsyncConnection, name: str, version: int, new: PackBinding, stamp: Stamp) -> None:
    """Enter a binding; one of the same day is superseded. The district takes the version."""
    await conn.execute(
        sa.update(binding).where(live(binding, name), binding.c.since == new.since).values(superseded=version)
    )
    await conn.execute(
        sa.insert(binding).values(
            district=name,
            since=new.since,
            version=version,
            pack=new.pack,
            settings=encode(new.settings).decode(),
            decided_by=new.decided_by,
            pack_version=new.version,
            **stamp.columns(),
        )
    )
    await conn.execute(sa.update(district).where(district.c.district == name).values(version=version))


async def cancel_binding(
    conn: AsyncConnection, name: str, version: int, gone: PackBinding, reason: str, stamp: Stamp
) -> None:
    """Supersede a binding by nothing, and keep who took it back, when and why. The district takes the version."""
    await conn.execute(
        sa.update(binding).where(live(binding, name), binding.c.since == gone.since).values(superseded=version)
    )
    row = {"district": name, "since": gone.since, "version": version, "pack": gone.pack, "reason": reason}
    await conn.execute(sa.insert(binding_cancellation).values(**row, **stamp.columns()))
    await conn.execute(sa.update(district).where(district.c.district == name).values(version=version))


async def read_key_proof(conn: AsyncConnection, name: str) -> bytes | None:
    """What the district keeps of the key that its national ids were sealed with."""
    return (await conn.execute(sa.select(district.c.key_proof).where(district.c.district == name))).scalar_one_or_none()
