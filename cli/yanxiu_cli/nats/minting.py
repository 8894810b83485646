"""A folder of credentials: one key file for each party, what is public of them, and the server's configuration."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import msgspec
import nkeys
from yanxiu_wire.access import key_file

from yanxiu_cli.failed import Failed
from yanxiu_cli.local.folder import write_private
from yanxiu_cli.nats.certificates import Authority
from yanxiu_cli.nats.configuration import Tls, User, accounts, tls_block
from yanxiu_cli.nats.parties import Party, parties
from yanxiu_cli.nats.permissions import permissions_of
from yanxiu_cli.nats.using import TLS, variables

BOUND = ("gateway", "operator")
LOCAL_HOSTS = ("localhost", "127.0.0.1")


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """The public half of a key that the server admits, and since when."""

    nkey: str
    since: datetime


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """What is public of a credential: whose it is, its districts (empty: all), its keys, the newest first."""

    name: str
    party: str
    districts: tuple[str, ...] = ()
    keys: tuple[Key, ...]


class Mint:
    """Makes and renews what lies in the folder; everything in it is readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self._list = self.folder / "credentials.json"
        self._tls = self.folder / TLS
        self.credentials: dict[str, Credential] = {}
        if self._list.exists():
            try:
                found = msgspec.json.decode(self._list.read_bytes(), type=list[Credential])
            except msgspec.DecodeError:
                raise Failed(f"{self._list} 已损坏。", f"{self._list} is damaged.") from None
            self.credentials = {one.name: one for one in found}

    def ensure(self, names: Iterable[str], districts: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Make the credentials of parties that are missing; returns the names of those made."""
        made = []
        for party in names:
            name = "-".join((party, *districts))
            if name in self.credentials and self.key_path(name).exists():
                continue
            self._renew(Credential(name=name, party=party, districts=districts, keys=()))
            made.append(name)
        return tuple(made)

    def rotate(self, names: Iterable[str]) -> None:
        """Give each a new key beside the old one, which is admitted until `retire`."""
        for name in names:
            known = self._known(name)
            if len(known.keys) > 1:
                raise Failed(
                    f"{name} 已有新旧两把密钥并行：请先以 --retire 停用旧的。",
                    f"{name} has an old key beside the new one already: end it first with --retire.",
                )
            self._renew(known)
            if self.has_tls:
                Authority(self._tls).issue(name)

    def retire(self, names: Iterable[str]) -> tuple[str, ...]:
        """Let only the newest key of each be admitted; returns the names of those that had another."""
        ended = []
        for name in names:
            known = self._known(name)
            if len(known.keys) > 1:
                self.credentials[name] = msgspec.structs.replace(known, keys=known.keys[:1])
                ended.append(name)
        return tuple(ended)

    def certify(self, hosts: Sequence[str]) -> None:
        """Make the authority, the server's certificate for these hosts, and one for each credential that has none."""
        self._tls.mkdir(parents=True, exist_ok=True, mode=0o700)
        authority = Authority(self._tls)
        if hosts or not authority.has("server"):
            authority.issue("server", hosts or LOCAL_HOSTS)
        for name in self.credentials:
            if not authority.has(name):
                authority.issue(name)

    @property
    def has_tls(self) -> bool:
        """Whether certificates were made here."""
        return (self._tls / "ca.pem").exists()

    def write(self) -> tuple[Path, ...]:
        """Write the list and the server's configuration of this version; returns what the server is to include."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        listed = msgspec.json.encode(list(self.credentials.values()))
        write_private(self._list, msgspec.json.format(listed, indent=2))
        write_private(self.configuration, accounts(self.users()).encode())
        if self.has_tls:
            tls = Tls(
                certificate=self._tls / "server.pem", key=self._tls / "server.key", authority=self._tls / "ca.pem"
            )
            write_private(self.folder / "tls.conf", tls_block(tls).encode())
        return self.includes

    @property
    def configuration(self) -> Path:
        """Who is admitted, and who may do what."""
        return self.folder / "accounts.conf"

    @property
    def includes(self) -> tuple[Path, ...]:
        """What the server's own configuration is to include."""
        return (self.configuration, *((self.folder / "tls.conf",) if self.has_tls else ()))

    def users(self) -> Iterator[User]:
        """Every key that is admitted, with what it may by the tables of this version."""
        known = parties()
        for one in self.credentials.values():
            party = known[one.party]
            may = None if party.system else permissions_of(party, one.name, one.districts)
            yield from (User(name=one.name, nkey=key.nkey, permissions=may) for key in one.keys)

    def key_path(self, name: str) -> Path:
        """The key file of a credential."""
        return self.folder / f"{name}.nk"

    def variables(self, name: str) -> dict[str, str]:
        """The YANXIU_* variables of the process that is to use a credential."""
        return variables(self.folder, name)

    def party(self, name: str) -> Party:
        """The party of a credential."""
        return parties()[self._known(name).party]

    def _known(self, name: str) -> Credential:
        if name not in self.credentials:
            known = "、".join(self.credentials)
            raise Failed(
                f"没有凭据 {name}；现有 {known}。", f"There is no credential {name}; there are {known}.", code=2
            )
        return self.credentials[name]

    def _renew(self, credential: Credential) -> None:
        seed = nkeys.encode_seed(secrets.token_bytes(32), nkeys.PREFIX_BYTE_USER)
        public = cast("bytearray", nkeys.from_seed(bytearray(seed)).public_key)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = key_file(credential.name, credential.districts, seed.decode())
        write_private(self.key_path(credential.name), text.encode())
        key = Key(nkey=public.decode(), since=datetime.now(UTC).replace(microsecond=0))
        self.credentials[credential.name] = msgspec.structs.replace(credential, keys=(key, *credential.keys))
