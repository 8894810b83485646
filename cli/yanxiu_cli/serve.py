"""`yanxiu serve NAME`: one process of the platform, configured by YANXIU_* variables."""

from __future__ import annotations

import importlib
from typing import Literal

from yanxiu_cli.failed import Failed

Process = Literal["gateway", "registry", "credits", "visits"]


def serve(process: Process, /) -> None:
    """运行一个进程，由 YANXIU_* 环境变量配置。Run one process, configured by YANXIU_* variables.

    Parameters
    ----------
    process
        gateway 网关；registry 登记；credits 学分；visits 下校。
    """
    from yanxiu_wire.settings import SettingRefused

    try:
        importlib.import_module(f"yanxiu_{process}.__main__").main()
    except SettingRefused as refused:
        raise Failed(f"设置有误：{refused}", f"Setting refused: {refused}", code=2) from None
