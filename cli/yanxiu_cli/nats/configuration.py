"""The part of nats-server's configuration that says who may do what: accounts, users by their keys, TLS."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from yanxiu_wire.keeping import kept_places, kept_streams

from yanxiu_cli.nats.parties import parties
from yanxiu_cli.nats.permissions import Permissions, permissions_of

ACCOUNT = "YANXIU"
SYSTEM_ACCOUNT = "SYS"
# Streams and places are the keeper's alone; a few more are room for the next version beside this one.
ROOM = 4


def quoted(text: str | Path) -> str:
    """A text or a path as nats-server reads it: other letters than ASCII stand there as they are, it knows no \\u."""
    return json.dumps(str(text), ensure_ascii=False)


class User(msgspec.Struct, frozen=True, kw_only=True):
    """One key that is admitted: whose it is, and what it may (None: everything of the servers' own account)."""

    name: str
    nkey: str
    permissions: Permissions | None


class Tls(msgspec.Struct, frozen=True, kw_only=True):
    """The files of the server's certificate, and of the authority that clients must have theirs from."""

    certificate: Path
    key: Path
    authority: Path


def accounts(users: Iterable[User]) -> str:
    """The whole text of `accounts.conf`, to be included by the server's own configuration."""
    known = tuple(users)
    return "\n".join(
        [
            "# 由 yanxiu nats credentials 写出，勿手改 / written by yanxiu nats credentials, not by hand",
            "accounts {",
            f"  {ACCOUNT} {{",
            f"    jetstream {{ {_limits()} }}",
            "    users: [",
            *(line for user in known if user.permissions for line in _user(user, user.permissions)),
            "    ]",
            "  }",
            f"  {SYSTEM_ACCOUNT} {{",
            "    users: [",
            *(f"      {{ nkey: {user.nkey} }} # {user.name}" for user in known if not user.permissions),
            "    ]",
            "  }",
            "}",
            f"system_account: {SYSTEM_ACCOUNT}",
            "",
        ]
    )


def permission_lines(permissions: Permissions, indent: str = "") -> Iterator[str]:
    """The permissions as the server reads them. A list that is empty would allow everything, so none is."""
    for verb, subjects in (("publish", permissions.publish), ("subscribe", permissions.subscribe)):
        if not subjects:
            raise ValueError(f"nothing to {verb}")
        yield f"{indent}{verb}: ["
        yield from (f"{indent}  {quoted(subject)}" for subject in dict.fromkeys(subjects))
        yield f"{indent}]"
    if permissions.answer_seconds:
        # What is asked in one message is answered in as many as it has parts, no later than any of the time limits.
        yield f'{indent}allow_responses: {{ max: {permissions.answers}, expires: "{permissions.answer_seconds}s" }}'


def _user(user: User, permissions: Permissions) -> Iterator[str]:
    yield f"      # {user.name}"
    yield f"      {{ nkey: {user.nkey}"
    yield "        permissions: {"
    yield from permission_lines(permissions, " " * 10)
    yield "        }"
    yield "      }"


def tls_block(tls: Tls) -> str:
    """The whole text of `tls.conf`: the server shows a certificate and asks for one."""
    return f"""# 由 yanxiu nats credentials 写出 / written by yanxiu nats credentials
tls {{
  cert_file: {quoted(tls.certificate)}
  key_file: {quoted(tls.key)}
  ca_file: {quoted(tls.authority)}
  verify: true
  min_version: "1.3"
  timeout: 5
}}
"""


def _limits() -> str:
    return f"max_streams: {len(kept_streams()) + ROOM}, max_consumers: {len(kept_places()) + ROOM}"


def listed() -> str:
    """Every party's permissions as text: the snapshot that a change of endpoints, events or streams shows in."""
    lines = ["# 由 yanxiu nats permissions 写出 / written by yanxiu nats permissions"]
    for party in parties().values():
        if not party.system:
            lines += [f"{party.name}: {{", *permission_lines(permissions_of(party), "  "), "}"]
    return "\n".join(lines) + "\n"
