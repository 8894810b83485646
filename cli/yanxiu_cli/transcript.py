"""`yanxiu transcript`: fetch a teacher's signed transcript, print it for people, and check one offline."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from yanxiu_wire.books import GET_TRANSCRIPT, GetTranscript, Transcript
from yanxiu_wire.caller import Caller
from yanxiu_wire.signed import NotSigned, read_keys
from yanxiu_wire.transcript import Checked, check

from yanxiu_cli.console import complain, say
from yanxiu_cli.failed import Failed
from yanxiu_cli.session import ask, connected
from yanxiu_cli.transcript_page import page_of

app = App(name="transcript", help="学分证明。Transcripts.")


@app.default
def transcript(
    *,
    district: str,
    teacher: str,
    out: Annotated[Path, Parameter(name="--out")],
    since: date | None = None,
    until: date | None = None,
    data: Path = Path("var"),
) -> int:
    """出具一位教师的学分证明（JSON，带签名与每条分录的证明）。Fetch a teacher's signed transcript.

    Parameters
    ----------
    district
        区县编号。The district's id.
    teacher
        教师编号，如 GraphQL 所给。The teacher's id, as GraphQL gives it.
    out
        写入此文件。The file to write.
    since
        自哪天起，含当天。From this day on.
    until
        到哪天止，含当天。Up to and including this day.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    from yanxiu_gateway.schema.nodes import plain_id

    # Whoever may run this on the platform's own machine stands for the district's institute.
    caller = Caller(subject="yanxiu-cli", role="institute-officer", district=district)
    query = GetTranscript(caller=caller, teacher=plain_id("Teacher", teacher), since=since, until=until)
    made = asyncio.run(_fetch(query, data))
    _write(out, made.document)
    say(f"{out}：共 {made.entries} 条分录。{made.entries} entries.")
    return 0


@app.command
def verify(
    file: Path,
    *,
    keys: Annotated[Path, Parameter(name="--keys")],
    page: Annotated[Path | None, Parameter(name="--page")] = None,
    name: Annotated[str | None, Parameter(name="--name")] = None,
) -> int:
    """离线核验一份学分证明：只用公钥文件，逐项说明是否属实（退出码 1 为不实）。Check a transcript offline.

    Parameters
    ----------
    file
        学分证明文件。The transcript.
    keys
        平台的公钥文件（JWK Set）。The platform's public keys.
    page
        另写一份供人阅读、可打印的网页，写明核验结果。Write a page for people, with what was found, to this file.
    name
        印在网页上的姓名；姓名不在签名之内。A name for the page; it is not in what is signed.
    """
    try:
        known = read_keys(_read(keys))
    except NotSigned as error:
        raise Failed(f"{keys} 不是公钥文件（JWK Set）。", f"{keys} is no JWK Set: {error}", code=2) from None
    found = check(_read(file), known)
    for one in found.findings:
        (say if one.holds else complain)(f"{'✓' if one.holds else '✗'} {one.zh} {one.en}")
    if page is not None and found.content is not None:
        _write(page, page_of(found, name))
    return _conclude(file, found)


def _conclude(file: Path, found: Checked) -> int:
    if found.genuine:
        say(f"{file}：属实。genuine.")
        return 0
    complain(f"{file}：不属实，不可采信。not genuine.")
    return 1


async def _fetch(query: GetTranscript, data: Path) -> Transcript:
    async with connected(data) as bus:
        return await ask(bus, GET_TRANSCRIPT, query, district=query.caller.district)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"无法读取 {path}：{error}", f"Cannot read {path}: {error}", code=2) from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failed(f"无法写入 {path}：{error.strerror}", f"Cannot write {path}: {error.strerror}") from None
