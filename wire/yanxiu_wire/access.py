"""How a process shows nats-server who it is: its key, the authority it trusts, its certificate, each a file."""

from __future__ import annotations

import contextlib
import ssl
from pathlib import Path
from typing import Annotated, Any

import msgspec

from yanxiu_wire.settings import PREFIX, SettingRefused

# The first lines of a key file say whose it is; the seed stands on the last.
NAME_LINE = "# yanxiu nats credential: "
DISTRICTS_LINE = "# districts: "


class NatsSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where nats-server is and how to show oneself there; the settings of every process inherit from it."""

    nats_url: Annotated[str, msgspec.Meta(description="address of the NATS server")] = "nats://127.0.0.1:4222"
    nats_nkey_file: Annotated[
        Path | None, msgspec.Meta(description="key file of `yanxiu nats credentials`; empty: an open server")
    ] = None
    nats_ca: Annotated[
        Path | None, msgspec.Meta(description="PEM file of the authority of the NATS server's certificate")
    ] = None
    nats_certificate: Annotated[
        Path | None, msgspec.Meta(description="PEM file of one's own certificate, where NATS asks for one")
    ] = None
    nats_certificate_key: Annotated[Path | None, msgspec.Meta(description="PEM file of its private key")] = None

    @property
    def access(self) -> Access:
        """What to connect with; raises `SettingRefused` for a file that cannot be used."""
        return Access.read(self)


class Access:
    """What one process connects with. Its text form names the credential and never shows the key."""

    def __init__(
        self,
        name: str = "",
        seed: str = "",
        *,
        districts: tuple[str, ...] = (),
        tls: ssl.SSLContext | None = None,
        path: Path | None = None,
    ) -> None:
        self.name = name
        self._path = path
        self.districts = districts
        self._seed = seed
        self._tls = tls

    @classmethod
    def read(cls, settings: NatsSettings) -> Access:
        """Read the files that the settings name."""
        tls = _tls(settings)
        if settings.nats_nkey_file is None:
            return cls(tls=tls)
        name, districts, seed = read_key(settings.nats_nkey_file)
        return cls(name, seed, districts=districts, tls=tls, path=settings.nats_nkey_file)

    @property
    def named(self) -> bool:
        """Whether there is a key: then the server grants what that credential may, and no more."""
        return bool(self._seed)

    def seed(self) -> str:
        """The key as the file has it now, or as it was last: a renewed one needs no new start."""
        if self._path is not None:
            with contextlib.suppress(SettingRefused):
                self._seed = read_key(self._path)[2]
        return self._seed

    def options(self) -> dict[str, Any]:
        """What the client is to be given beside the address."""
        found: dict[str, Any] = {}
        if self._seed:
            found["nkeys_seed_str"] = self._seed
        if self._tls is not None:
            found["tls"] = self._tls
        return found

    def __repr__(self) -> str:
        return f"Access({self.name or 'open'})"


OPEN = Access()


def read_key(path: Path) -> tuple[str, tuple[str, ...], str]:
    """Return name, districts (empty: all) and seed of a key file; raises `SettingRefused` and never shows the seed."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _refused("nats_nkey_file", path, f"cannot be read ({type(error).__name__})") from None
    name = next((line.removeprefix(NAME_LINE).strip() for line in lines if line.startswith(NAME_LINE)), "")
    of = next((line.removeprefix(DISTRICTS_LINE) for line in lines if line.startswith(DISTRICTS_LINE)), "")
    seed = next((line.strip() for line in lines if line.startswith("SU")), "")
    if not (name and seed):
        raise _refused("nats_nkey_file", path, "is no key file of `yanxiu nats credentials`")
    return name, tuple(of.split()), seed


def key_file(name: str, districts: tuple[str, ...], seed: str) -> str:
    """The text of a key file."""
    of = f"{DISTRICTS_LINE}{' '.join(districts)}\n" if districts else ""
    return f"{NAME_LINE}{name}\n{of}# 私钥：只有该进程可读 / a private key: for that process alone\n{seed}\n"


def _tls(settings: NatsSettings) -> ssl.SSLContext | None:
    if settings.nats_ca is None:
        if settings.nats_certificate is not None:
            raise SettingRefused(f"{PREFIX}NATS_CA", "must be set beside YANXIU_NATS_CERTIFICATE", "")
        return None
    try:
        found = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(settings.nats_ca))
    except (OSError, ssl.SSLError) as error:
        raise _refused("nats_ca", settings.nats_ca, f"is no authority's certificate ({type(error).__name__})") from None
    found.minimum_version = ssl.TLSVersion.TLSv1_3
    if settings.nats_certificate is not None:
        try:
            found.load_cert_chain(settings.nats_certificate, settings.nats_certificate_key)
        except (OSError, ssl.SSLError) as error:
            raise _refused(
                "nats_certificate",
                settings.nats_certificate,
                f"is no certificate ({type(error).__name__})",
            ) from None
    return found


def _refused(field: str, path: Path, problem: str) -> SettingRefused:
    return SettingRefused(f"{PREFIX}{field.upper()}", f"{path} {problem}", "")
