"""`yanxiu nats credentials`: keys, certificates and the server's configuration, and who may do what by them."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed
from yanxiu_cli.nats.minting import BOUND, Mint
from yanxiu_cli.nats.parties import SERVICES, Party, parties

PIPED_WIDTH = 160
_TITLES = ("凭据 credential", "答复 answers", "请求 asks", "公布 announces", "读取 reads", "其他 else", "密钥 keys")
_DISTRICT = re.compile(r"[a-z][a-z0-9-]{1,30}")


def _said(text: str) -> Parameter:
    return Parameter(help=text, negative=())


Out = Annotated[Path, _said("凭据所在的文件夹。The folder of the credentials.")]
Service = Annotated[tuple[str, ...], _said("只办理这些（可重复），如 credits。These alone; may be repeated.")]
Every = Annotated[bool, _said("办理全部（默认）。All of them (the default).")]
Districts = Annotated[
    tuple[str, ...],
    _said("网关或运维凭据只及于这些区县（可重复）。Bind a gateway's or an operator's credential to these districts."),
]
Encrypted = Annotated[bool, _said("另建签发机构与双方的证书。An authority and certificates for both sides, too.")]
Host = Annotated[tuple[str, ...], _said("服务器证书上的名称或地址（可重复）。A name or address of the server.")]
Rotate = Annotated[bool, _said("换新密钥，旧的停用前仍可用。New keys; the old ones last until they are retired.")]
Retire = Annotated[bool, _said("停用旧密钥。Admit the newest keys alone.")]


def credentials(
    *,
    out: Out = Path("nats-credentials"),
    service: Service = (),
    all: Every = False,  # noqa: A002 - the option's name
    district: Districts = (),
    tls: Encrypted = False,
    host: Host = (),
    rotate: Rotate = False,
    retire: Retire = False,
) -> None:
    """生成 NATS 凭据与服务器配置，并列出谁可以做什么。Mint credentials for NATS and show who may do what.

    What is there already stays as it is; the configuration is written anew for this version each time.
    """
    if service and all:
        raise Failed("--service 与 --all 只能用一个。", "Give either --service or --all.", code=2)
    mint = Mint(out)
    if rotate or retire:
        _renew(mint, service or tuple(mint.credentials), rotate=rotate, retire=retire)
    else:
        for name in mint.ensure(_chosen(service, district), district):
            say(f"已生成 made: {mint.key_path(name)}")
    if tls or host or mint.has_tls:
        mint.certify(host)
    written = mint.write()
    show(mint)
    for path in written:
        say(f"服务器配置须引入 the server's configuration includes: {path}")
    say(
        "让服务器重新载入：nats-server --signal reload；进程以 YANXIU_NATS_NKEY_FILE 指明自己的密钥文件。 "
        "Have the server reload; a process names its key file by YANXIU_NATS_NKEY_FILE."
    )


def _renew(mint: Mint, names: Sequence[str], *, rotate: bool, retire: bool) -> None:
    for name in names:
        mint.party(name)  # raises Failed for one that is not there
    if rotate:
        mint.rotate(names)
    for name in mint.retire(names) if retire else ():
        say(f"已停用旧密钥 old key retired: {name}")


def permissions() -> None:
    """打印本版本从代码得出的权限。Print the permissions that follow from the code of this version."""
    from yanxiu_cli.nats.configuration import listed

    say(listed().rstrip("\n"))


def _chosen(service: tuple[str, ...], district: tuple[str, ...]) -> tuple[str, ...]:
    """The parties to make credentials for; raises Failed where they make no sense."""
    known = tuple(parties())
    for name in service:
        if name not in known:
            raise Failed(
                f"--service {name}：没有这种进程；有 {'、'.join(known)}。",
                f"--service {name}: no such process; there are {', '.join(known)}.",
                code=2,
            )
    for name in district:
        if not _DISTRICT.fullmatch(name):
            raise Failed(f"--district {name}：不是区县编号。", f"--district {name}: not the id of a district.", code=2)
    if district and not set(service or known) <= set(BOUND):
        raise Failed(
            f"--district 须与 --service {' 或 '.join(BOUND)} 同用：服务的进程受理全部区县。",
            f"--district goes with --service {' or '.join(BOUND)}: a service's process answers for every district.",
            code=2,
        )
    return service or known


def show(mint: Mint) -> None:
    """Print who may do what."""
    table = Table(box=SIMPLE, header_style="")
    for title in (
        "凭据 credential",
        "答复 answers",
        "请求 asks",
        "公布 announces",
        "读取 reads",
        "其他 else",
        "密钥 keys",
    ):
        table.add_column(title, overflow="fold")
    for one in mint.credentials.values():
        party = mint.party(one.name)
        keys = "\n".join(f"{key.nkey[:12]}… {key.since:%Y-%m-%d}" for key in one.keys)
        of = f"\n区县 {' '.join(one.districts)}" if one.districts else ""
        table.add_row(f"{one.name}\n{party.zh}{of}", *_cells(party), keys)
    (Console() if sys.stdout.isatty() else Console(width=PIPED_WIDTH)).print(table)


def _cells(party: Party) -> tuple[str, str, str, str, str]:
    asked = ((service, sum(one.service == service for one in party.asks)) for service in SERVICES)
    asks = "\n".join(f"{service} {count}" for service, count in asked if count)
    reads = [f"{place.of} {len(place.events)}" for place in party.follows]
    heard = dict.fromkeys(event.service for event in party.hears)
    reads += [f"{service} {sum(one.service == service for one in party.hears)}" for service in heard]
    other = {
        "作业 jobs": party.works,
        "状态 status": party.oversees,
        "建流 makes streams": party.keeps,
        "SYS": party.system,
    }
    announced = f"{len(party.announces)}" if party.announces else ""
    return party.answers, asks, announced, "\n".join(reads), "\n".join(name for name, on in other.items() if on)
