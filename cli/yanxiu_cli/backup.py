"""`yanxiu backup` and `yanxiu restore`: a district as files that can be checked anywhere, and back into a platform."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from yanxiu_wire.rpc import DISTRICT
from yanxiu_wire.settings import SettingRefused

from yanxiu_cli.backup_files import (
    FORMAT,
    MANIFEST,
    PUBLIC_KEYS,
    Manifest,
    checked,
    copied,
    file_of,
    keys_in,
    keys_to_check_by,
    put_keys,
)
from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed
from yanxiu_cli.halved_erasures import halved
from yanxiu_cli.known_erasures import listed, to_do_again
from yanxiu_cli.local.folder import Folder

_DATA = Path("var")
# The registry last: what the others have copied of it is then never newer than what it has itself.
SERVICES = ("visits", "credits", "registry")
# How often a backup begins anew because an erasure ran through it.
_TURNS = 3


def backup(*, district: str, to: Path, data: Path = _DATA) -> int:
    """备份一个区县（平台可继续运行），并核对账链与已签署的台账头。Back up a district, online, and check its ledger.

    Parameters
    ----------
    district
        区县编号。The district's id.
    to
        存放备份的文件夹，须为新建。The folder of the backup; it may not exist.
    data
        数据目录（未设 YANXIU_DATA 时）。The platform's folder, unless YANXIU_DATA is set.
    """
    if not DISTRICT.fullmatch(district):
        raise Failed(f"区县编号有误：{district}", f"Not the id of a district: {district}", code=2)
    try:
        to.mkdir(parents=True, mode=0o700)
    except FileExistsError:
        raise Failed(f"{to} 已存在，请另给一个文件夹。", f"{to} exists: name another folder.", code=2) from None
    try:
        made = _run(back_up(district, to, _place(data), keys_in(_keys(data))))
    except BaseException:
        # What is no backup must not look like one, nor be in the way of the next.
        shutil.rmtree(to, ignore_errors=True)
        raise
    for one in made.files:
        say(f"{one.service}: {one.file} {one.bytes:,} bytes, SHA-256 {one.sha256}")
    say(
        f"{district}：已备份并核对，台账 {made.entries} 条，最新散列 {made.head}，已签署台账头 {made.signed_heads} 个。"
    )
    say(f"backed up and checked: {made.entries} entries, head {made.head}, {made.signed_heads} signed heads")
    say("身份证号的密钥不在备份中，须另行保管。The key of the national ids is not in it: keep it apart.")
    return 0


def restore(
    folder: Path,
    /,
    *,
    data: Path = _DATA,
    replace: bool = False,
    trust_keys: bool = False,
    erasures: Annotated[Path | None, Parameter(name="--erasures")] = None,
    no_erasures_since: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """把备份放回平台（须先停止服务），并核对账链。Put a backup into a platform that is stopped, and check its ledger.

    Parameters
    ----------
    folder
        备份的文件夹。The folder of the backup.
    data
        数据目录（未设 YANXIU_DATA 时）。The platform's folder, unless YANXIU_DATA is set.
    replace
        已有的 SQLite 文件改名保留后再放回。Keep SQLite files that are there under another name, and go on.
    trust_keys
        此处没有台账公钥时，采用备份中的（先核对指纹）。Where there are no public keys of the ledger, take the backup's.
    erasures
        另存的删除清单（yanxiu person erasures）：先照办再放回。The list of erasures: done before anything is put.
    no_erasures_since
        没有清单，也没有现有登记数据：声明备份后未删除过任何人。Nobody was erased since, though nothing here says so.
    """
    manifest = checked(folder)
    place, keys = _place(data), _keys(data)
    public = keys_to_check_by(folder, keys, trust=trust_keys)
    given = listed(erasures, manifest.district, public)
    with contextlib.ExitStack() as stack:
        if not _said_by_environment():
            Folder(data).prepare()
            stack.enter_context(Folder(data).held())
        known = _run(to_do_again(_service("registry"), place, manifest.district, given, none_since=no_erasures_since))
        found = _run(_restore(folder, manifest, place, (public, keys), known, replace=replace))
        put_keys(folder, keys)
    _told(manifest, found, len(known))
    return 0


def _told(manifest: Manifest, found: Any, erased: int) -> None:
    say(f"{manifest.district}：已恢复到 {manifest.began_at.isoformat()}，台账 {found.entries} 条，与备份所记相符。")
    say(f"restored as of {manifest.began_at.isoformat()}: {found.entries} entries, as the backup says")
    say(f"已知的个人信息删除 {erased} 项，均已照办。{erased} known erasures are done in it.")
    say("此后的记录不在其中：请与另存的台账头核对（yanxiu ledger verify --heads）。")
    say("What came later is not in it: compare with the heads kept outside (yanxiu ledger verify --heads).")


async def back_up(district: str, to: Path, data: Path | None, public: str) -> Manifest:
    """Write a district's backup into an empty folder and return its manifest; raises Failed."""
    began = await _copied(district, to, data)
    # A copy that was looked at as the service does is one file again afterwards.
    found = await _verified(to, district, public)
    for service in SERVICES:
        _service(service).settle(file_of(to, service, district))
    (to / PUBLIC_KEYS).write_text(public, encoding="utf-8")
    made = Manifest(
        format=FORMAT,
        district=district,
        began_at=began,
        version=version("yanxiu"),
        files=tuple(copied(to, service, district) for service in SERVICES),
        entries=found.entries,
        head=found.head,
        signed_heads=found.signed_heads,
    )
    (to / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(made)) + b"\n")
    return made


async def _copied(district: str, to: Path, data: Path | None) -> datetime:
    """Copy the services until no erasure ran through the copies; returns when the last turn began."""
    broken: list[str] = []
    for _ in range(_TURNS):
        began = datetime.now(UTC)
        for service in SERVICES:
            file = file_of(to, service, district)
            shutil.rmtree(file.parent, ignore_errors=True)
            file.parent.mkdir(mode=0o700)
            with _progress(service) as told:
                if not await _service(service).copies.out(data, district, file, told):
                    raise Failed(f"{service} 没有区县 {district}。", f"{service} has no district {district}.")
        if not (broken := await halved({one: file_of(to, one, district) for one in SERVICES}, district)):
            return began
        say(f"备份时办完了删除 {'、'.join(broken)}，重新备份。An erasure was done meanwhile: once more.")
    raise Failed(
        f"每次备份时都有删除 {'、'.join(broken)} 办理：请待其办完再备份。",
        f"An erasure was done during each turn: back up when it is over ({', '.join(broken)}).",
    )


async def _restore(
    folder: Path,
    manifest: Manifest,
    data: Path | None,
    checking: tuple[str, Path],
    known: Sequence[Any],
    *,
    replace: bool,
) -> Any:
    district = manifest.district
    public, keys = checking
    aside = datetime.now(UTC).strftime("%Y%m%dT%H%M%S") if replace else ""
    with tempfile.TemporaryDirectory(prefix="yanxiu-restore-") as scratch:
        files = await _made_current(folder, manifest, Path(scratch))
        if broken := await halved(files, district):
            raise Failed(
                f"备份时正在办理删除 {'、'.join(broken)}，其他服务的文件仍有此人姓名而已无从查找，未作更改。"
                "请用此前的备份（加 --erasures 清单）或此后的备份。",
                f"Erasures ran through this backup ({', '.join(broken)}): it names whom nobody can look for any more, "
                "and nothing was changed. Take an earlier one, with --erasures FILE, or a later one.",
            )
        # Before it is put, so that no attempt that breaks off leaves a register that names whom it should not.
        if await _erase(files, district, known, Path(scratch), (folder, keys)):
            public = keys_in(keys)
        for service in SERVICES if replace else await _lacking(files, data, district):
            with _progress(service) as told:
                if not await _service(service).copies.back(data, district, files[service], told, aside=aside):
                    raise Failed(
                        f"{service} 刚有了区县 {district} 的数据：请停止平台后再执行，已放回的不会重复。",
                        f"{service} has data of {district} since a moment: stop the platform and run this again.",
                    )
    found = await _verified(data, district, public)
    if (found.entries, found.head) != (manifest.entries, manifest.head):
        raise Failed(
            f"台账 {found.entries} 条、散列 {found.head}，与备份所记 {manifest.entries} 条、{manifest.head} 不符。",
            f"The ledger has {found.entries} entries and head {found.head}, not what the backup says.",
        )
    return found


async def _erase(
    files: dict[str, Path], district: str, known: Sequence[Any], scratch: Path, signing: tuple[Path, Path]
) -> bool:
    """Do in the files what was erased since, out of texts too: the register knows what to look for until it is done.

    Returns whether there was any; then the ledger's key may have signed, and its public half is known.
    """
    folder, keys = signing
    registry, credits_, visits = (_service(one) for one in ("registry", "credits", "visits"))
    lacking = await registry.lacking(files["registry"], district, known, scratch)
    if lacking:
        put_keys(folder, keys)
    files["visits"] = await visits.cleared(files["visits"], district, lacking, scratch)
    files["credits"] = await credits_.cleared(files["credits"], district, lacking, scratch, keys)
    files["registry"] = await registry.erased(files["registry"], district, known, scratch)
    return bool(lacking)


async def _made_current(folder: Path, manifest: Manifest, scratch: Path) -> dict[str, Path]:
    """Each service's file with today's tables: one of an older version is migrated as a copy of it."""
    files: dict[str, Path] = {}
    for service in SERVICES:
        file = await _service(service).copies.made_current(file_of(folder, service, manifest.district), scratch)
        if file is None:
            raise Failed(
                f"{service} 的文件由更新的版本（{manifest.version}）写成：请用该版本恢复，未作更改。",
                f"The file of {service} is of a newer version ({manifest.version}): restore with that; nothing was "
                "changed.",
            )
        files[service] = file
    return files


async def _lacking(files: dict[str, Path], data: Path | None, district: str) -> list[str]:
    """The services that have nothing of the district; raises Failed where one has other rows than the backup.

    All are asked before anything is put. What an attempt that broke off has put already stays.
    """
    there = [one for one in SERVICES if await _service(one).copies.has(data, district)]
    other = [one for one in there if not await _service(one).copies.same(data, district, files[one])]
    if other or len(there) == len(SERVICES):
        raise Failed(
            f"{'、'.join(other or there)} 已有区县 {district} 的数据，未作更改；SQLite 可加 --replace 先改名保留。",
            f"{', '.join(other or there)} has data of {district}, nothing was changed; with SQLite --replace keeps it "
            "aside.",
        )
    for service in there:
        say(f"{service}：上次已放回，与备份逐行相同。{service}: put back before, row by row as in the backup.")
    return [one for one in SERVICES if one not in there]


async def _verified(data: Path | None, district: str, public: str) -> Any:
    """What the ledger there comes to; raises Failed where it does not hold."""
    found = await _service("credits").verify(data, district, public)
    if found.broken is not None:
        raise Failed(
            f"台账第 {found.broken.seq} 条不符：{found.broken.problem}",
            f"The ledger does not hold at entry {found.broken.seq}: {found.broken.problem}",
        )
    return found


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    try:
        return asyncio.run(work)
    except SettingRefused as refused:
        raise Failed(f"设置有误：{refused}", f"Setting refused: {refused}", code=2) from None


def _service(name: str) -> Any:
    """What the service offers for this; each is loaded by its name alone, for the command imports none."""
    return importlib.import_module(f"yanxiu_{name}.backing_up")


def _place(data: Path) -> Path | None:
    """The folder of the databases; None where the environment says where they are, whichever kind."""
    return None if _said_by_environment() else Folder(data).data


def _said_by_environment() -> bool:
    return bool({"YANXIU_DATA", "YANXIU_DATABASE_URL"} & os.environ.keys())


def _keys(data: Path) -> Path:
    """The folder of the platform's keys."""
    return Path(os.environ["YANXIU_KEYS"]) if "YANXIU_KEYS" in os.environ else Folder(data).keys


@contextmanager
def _progress(service: str) -> Iterator[Callable[[int, int], None]]:
    console = Console(stderr=True)
    with Progress(TextColumn("{task.description}"), BarColumn(), console=console, transient=True) as progress:
        task = progress.add_task(service, total=None)
        yield lambda done, whole: progress.update(task, completed=done, total=whole)
