"""`yanxiu query`: send one GraphQL operation to the running platform with a development token, print the answer."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.tokens import PRIVATE_FILE, DevelopmentIssuer
from yanxiu_wire.caller import PLATFORM, Caller, Role

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed
from yanxiu_cli.local.folder import Folder

ANSWER_WITHIN = 30.0


def query(
    operation: str,
    /,
    *,
    district: str | None = None,
    role: Role = "district-officer",
    school: str | None = None,
    teacher: str | None = None,
    variables: str = "{}",
    data: Path = Path("var"),
) -> int:
    """向本机运行中的平台发一个 GraphQL 操作并打印回答；回答含错误时退出码为 1。Ask the platform running here.

    Parameters
    ----------
    operation
        GraphQL 操作；写 @文件名 则从文件读。The operation; @FILE reads it from a file.
    district
        区代码，如 puer；平台运维不用写。District, such as puer; the platform operator has none.
    role
        角色。Role.
    school
        学校编号，学校角色必须有。Id of the school; a school role must have one.
    teacher
        教师编号，教师必须有。Id of the teacher; a teacher must have one.
    variables
        变量（JSON 对象）。Variables, a JSON object.
    data
        平台的数据目录。The platform's data folder.
    """
    caller = Caller(
        subject="yanxiu-query",
        role=role,
        district=_district(district, role),
        school=plain_id("School", school) if school else None,
        teacher=plain_id("Teacher", teacher) if teacher else None,
    )
    answer = _post(Folder(data), caller, {"query": _read(operation), "variables": _object(variables)})
    say(json.dumps(answer, ensure_ascii=False, indent=2))
    return 1 if answer.get("errors") else 0


def _district(district: str | None, role: Role) -> str:
    if role == "platform-operator":
        return PLATFORM
    if district is None:
        raise Failed("请用 --district 写明区代码。", "Name the district with --district.", code=2)
    return district


def _read(operation: str) -> str:
    if not operation.startswith("@"):
        return operation
    try:
        return Path(operation[1:]).read_text(encoding="utf-8")
    except OSError as error:
        raise Failed(f"无法读取 {operation[1:]}。", f"Cannot read {operation[1:]}: {error.strerror}.", code=2) from None


def _object(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Failed("--variables 不是 JSON 对象。", "--variables is no JSON object.", code=2)
    return found


def _post(folder: Folder, caller: Caller, body: dict[str, object]) -> dict[str, object]:
    run = folder.read_run()
    if run is None or not (folder.keys / PRIVATE_FILE).exists():
        raise Failed(
            f"{folder.root} 不是运行中平台的数据目录。请先 yanxiu up，或用 --data 指明。",
            f"{folder.root} is not the data folder of a platform. Start one with yanxiu up, or name it with --data.",
        )
    token = DevelopmentIssuer.open(folder.keys).issue(caller)
    try:
        with httpx2.Client(timeout=ANSWER_WITHIN, trust_env=False) as client:
            answer = client.post(f"{run.http_url}/graphql", json=body, headers={"Authorization": f"Bearer {token}"})
            # What it cost is for programs.
            return {name: told for name, told in answer.json().items() if name != "extensions"}
    except (httpx2.HTTPError, json.JSONDecodeError):
        raise Failed(
            f"平台在 {run.http_url} 没有应答。请先启动：yanxiu up。",
            f"No answer from the platform at {run.http_url}. Start it with: yanxiu up.",
        ) from None
