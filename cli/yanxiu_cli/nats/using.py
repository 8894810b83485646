"""Using a folder of credentials: where the files of one lie, and what a command connects with."""

from __future__ import annotations

import os
from pathlib import Path

from yanxiu_wire.access import Access, NatsSettings
from yanxiu_wire.settings import PREFIX, SettingRefused, read_settings

from yanxiu_cli.failed import Failed

TLS = "tls"


def variables(folder: Path, name: str) -> dict[str, str]:
    """The YANXIU_* variables of the process that is to use a credential of the folder."""
    found = {"YANXIU_NATS_NKEY_FILE": str(folder / f"{name}.nk")}
    tls = folder / TLS
    if (tls / "ca.pem").exists():
        found["YANXIU_NATS_CA"] = str(tls / "ca.pem")
        found["YANXIU_NATS_CERTIFICATE"] = str(tls / f"{name}.pem")
        found["YANXIU_NATS_CERTIFICATE_KEY"] = str(tls / f"{name}.key")
    return found


def access_of(folder: Path, name: str) -> Access:
    """What to connect with as a credential of the folder; raises `Failed`."""
    return _read(variables(folder, name))


def access_from_environment() -> Access:
    """What to connect with by this command's own variables; raises `Failed`."""
    return _read({name: value for name, value in os.environ.items() if name.startswith(PREFIX)})


def _read(given: dict[str, str]) -> Access:
    try:
        return read_settings(NatsSettings, given).access
    except SettingRefused as refused:
        raise Failed(f"设置有误：{refused}", f"Setting refused: {refused}", code=2) from None
