"""Which erasures a restore does again: those of the register that is there, and of the list that is kept outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yanxiu_wire.erasing import read_list
from yanxiu_wire.erasure import Erasure
from yanxiu_wire.signed import NotSigned, read_keys

from yanxiu_cli.failed import Failed


def listed(file: Path | None, district: str, public: str) -> tuple[Erasure, ...] | None:
    """Return the erasures of a list; None without one. Raises Failed where it is not genuine."""
    if file is None:
        return None
    try:
        return read_list(file.read_text(encoding="utf-8"), district, read_keys(public))
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"无法读取 {file}：{error}", f"Cannot read {file}: {error}", code=2) from None
    except NotSigned as error:
        raise Failed(
            f"{file} 不是 {district} 的删除清单，或有回执不属实：{error}",
            f"{file} is no list of the erasures of {district}, or a receipt is not genuine: {error}",
        ) from None


async def to_do_again(
    registry: Any, data: Path | None, district: str, given: tuple[Erasure, ...] | None, *, none_since: bool
) -> tuple[Erasure, ...]:
    """Return all that are known; raises Failed where nobody says which there were and the operator did not say none."""
    there = await registry.erasures(data, district)
    if there is None and given is None and not none_since:
        raise Failed(
            f"此处没有 {district} 的登记数据，无从得知备份之后删除了谁的个人信息，未作更改。请加 --erasures 清单"
            "（yanxiu person erasures 所存）；确无删除的，加 --no-erasures-since。",
            f"There is no register of {district} here that says who was erased since the backup; nothing was changed. "
            "Give --erasures FILE (of yanxiu person erasures), or --no-erasures-since where there were none.",
        )
    return tuple({one.id: one for one in (*(given or ()), *(there or ()))}.values())
