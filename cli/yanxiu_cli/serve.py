"""`yanxiu serve NAME`: one process of the platform, configured by YANXIU_* variables."""

from __future__ import annotations

import importlib
from typing import Literal

from yanxiu_cli.failed import Failed

Process = Literal["gateway", "registry", "credits", "visits", "jobs"]


def serve(process: Process, /) -> None:
    """运行一个进程，由 YANXIU_* 环境变量配置。Run one process, configured by YANXIU_* variables.

    Parameters
    ----------
    process
        gateway 网关；registry 登记；credits 学分；visits 下校；jobs 只处理学分服务的作业。
        jobs does the parts of jobs of the credits service and answers nobody.
    """
    from yanxiu_wire.settings import SettingRefused

    try:
        if process == "jobs":
            importlib.import_module("yanxiu_credits.__main__").main(jobs_alone=True)
        else:
            importlib.import_module(f"yanxiu_{process}.__main__").main()
    except SettingRefused as refused:
        raise Failed(f"设置有误：{refused}", f"Setting refused: {refused}", code=2) from None
