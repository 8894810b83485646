"""`yanxiu migrate SERVICE`: bring a service's databases to the newest migration and end, before its processes start."""

from __future__ import annotations

import importlib
from typing import Literal

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed

Service = Literal["registry", "credits", "visits"]


def migrate(service: Service, /) -> None:
    """把一个服务的数据库迁移到最新版本，然后结束。Migrate the databases of one service, then end.

    Reads YANXIU_DATA, YANXIU_DATABASE_URL and YANXIU_DATABASE_OWNER_URL; the processes of the service may be running.

    Parameters
    ----------
    service
        registry 登记；credits 学分；visits 下校。
    """
    from yanxiu_wire.settings import SettingRefused

    try:
        importlib.import_module(f"yanxiu_{service}.migrating").main()
    except SettingRefused as refused:
        raise Failed(f"设置有误：{refused}", f"Setting refused: {refused}", code=2) from None
    say(f"{service}：已是最新版本。{service} is at the newest migration.")
