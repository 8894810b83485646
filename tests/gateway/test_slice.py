"""The real thing, each part its own process: a training goes in by GraphQL and comes back as an explained credit."""

from __future__ import annotations

import asyncio
import base64
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire.caller import Caller, Role

from tests.conftest import NatsServer
from tests.gateway.test_process import Process

SECONDS = 30.0
ERRORS = "errors { code field value clauses messageZh messageEn remedyZh remedyEn }"
REGISTER = (
    "mutation($input: RegisterTrainingInput!) { registerTraining(input: $input) { replayed record { id hours credits"
    " hoursUnit creditsUnit status teacher { name } explanation { pack steps { zh en clauses readings { parameter value"
    f" since clause }} }} clauses {{ id quotation }} }} }} {ERRORS} }} }}"
)
TRAINING = {
    "kind": "training",
    "mode": "network",
    "level": "provincial",
    "hoursPlanned": "30",
    "hoursCompleted": "30",
    "score": "95",
    "completedOn": "2024-07-12",
}


class Platform:
    """The processes and what the tests need to talk to them."""

    def __init__(self, gateway: Process, issuer: DevelopmentIssuer) -> None:
        self.gateway = gateway
        self.issuer = issuer
        self.school = ""
        self.teacher = ""

    async def ask(
        self,
        query: str,
        *,
        district: str = "puer",
        role: Role = "district-officer",
        variables: Any = None,
        **scope: Any,
    ) -> Any:
        token = self.issuer.issue(Caller(subject=f"synthetic:{role}", role=role, district=district, **scope))
        headers = {"authorization": f"Bearer {token}"}
        answer = await self.gateway.http.post(
            "/graphql", json={"query": query, "variables": variables}, headers=headers
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def write(self, name: str, fields: str, given: dict[str, Any], **who: Any) -> Any:
        query = (
            f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {fields} {ERRORS} }} }}"
        )
        answer = await self.ask(query, variables={"input": {"idempotencyKey": f"slice-{name}"} | given}, **who)
        assert "errors" not in answer, answer
        assert answer["data"][name]["errors"] == [], answer
        return answer["data"][name]

    async def register(self, **changed: Any) -> Any:
        """Registers once the teacher is known to the credits service, which hears of him by event."""
        given = {"idempotencyKey": "slice-training", "teacherId": self.teacher} | TRAINING | changed
        until = time.monotonic() + SECONDS
        while True:
            answer = (await self.ask(REGISTER, variables={"input": given}))["data"]["registerTraining"]
            waiting = [
                one for one in answer["errors"] if one["field"] == "input.teacherId" and "teacherId" not in changed
            ]
            if not waiting or time.monotonic() > until:
                return answer
            await asyncio.sleep(0.05)

    async def populate(self) -> None:
        """Two districts under two laws, and in the first a school with one teacher."""
        operator: dict[str, Any] = {"district": "platform", "role": "platform-operator"}
        for district in ("puer", "putuo"):
            opened = {"district": district, "nameZh": "虚构区", "nameEn": "Madeup", "synthetic": True}
            await self.write("createDistrict", "district { code }", opened, **operator)
            bound = {"district": district, "pack": district, "since": "2024-01-01"}
            await self.write("bindRulePack", "district { bindings { pack } }", bound, **operator)
        school = {"code": "S001", "name": "虚构小学", "stage": "PRIMARY", "location": "RURAL", "openedOn": "1990-09-01"}
        made = await self.write("createSchool", "school { id }", school)
        self.school = made["school"]["id"]
        teacher = {"staffNumber": "T001", "name": "虚构教师", "schoolId": self.school, "employedSince": "2020-09-01"}
        made = await self.write("createTeacher", "teacher { id }", teacher | {"hiredOn": "2015-09-01"})
        self.teacher = made["teacher"]["id"]


def start(module: str, folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A service as its own process, its log in the folder."""
    with (folder / f"{module}.log").open("wb") as log:
        return subprocess.Popen([sys.executable, "-m", module], env=environment, stdout=log, stderr=log)


@pytest.fixture(scope="module")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    folder: Path = tmp_path_factory.mktemp("platform")
    # A server of its own: the streams of other tests hold other districts of the same names.
    nats_server = NatsServer(folder)
    keys = folder / "keys"
    issuer = DevelopmentIssuer.open(keys)
    (keys / "national-id.key").write_text(base64.b64encode(os.urandom(32)).decode())
    environment = os.environ | {
        "YANXIU_NATS_URL": nats_server.url,
        "YANXIU_KEYS": str(keys),
        "YANXIU_DATA": str(folder / "data"),
        "YANXIU_PACKS": "puer,putuo",
    }
    services = [start(module, folder, environment) for module in ("yanxiu_registry", "yanxiu_credits")]
    gateway = Process(nats_server.url, keys, folder / "gateway.log")
    found = Platform(gateway, issuer)
    async with gateway.http:
        try:
            await gateway.status("/ready", 200)
            await found.populate()
            yield found
        finally:
            for process in (gateway.process, *services):
                process.terminate()
            for process in (gateway.process, *services):
                process.wait(SECONDS)
            nats_server.stop()


async def test_a_training_is_registered_and_comes_back_as_an_explained_credit(platform: Platform) -> None:
    answer = await platform.register()
    assert answer["errors"] == []
    record = answer["record"]
    assert record["status"] == "COUNTED"
    assert Decimal(record["hours"]) == 30
    assert Decimal(record["credits"]) >= 30
    assert record["teacher"] == {"name": "虚构教师"}
    assert record["explanation"]["clauses"]
    assert all(step["zh"] and step["en"] for step in record["explanation"]["steps"])
    assert any(one["clause"].startswith("PUER-") for step in record["explanation"]["steps"] for one in step["readings"])
    again = await platform.register()
    assert (again.pop("replayed"), answer.pop("replayed")) == (True, False)
    assert again == answer


async def test_the_teacher_shows_the_credit_the_total_and_what_is_missing(platform: Platform) -> None:
    registered = await platform.register()
    answer = await platform.ask(
        "query($id: ID!) { teacher(id: $id) { name school { name } total { hours credits records }"
        " records { edges { node { id credits explanation { steps { zh } } } } }"
        ' standing(kind: "year", on: "2024-12-31") { verdict findings { clause label shortfall met } } }'
        " ledger { totalCount edges { node { seq record { id } } } } ledgerVerification { intact entries } }",
        variables={"id": platform.teacher},
    )
    assert "errors" not in answer, answer
    teacher = answer["data"]["teacher"]
    assert teacher["records"]["edges"][0]["node"]["id"] == registered["record"]["id"]
    assert teacher["total"]["credits"] == registered["record"]["credits"]
    assert teacher["standing"]["verdict"] == "FAIL"
    assert any(Decimal(one["shortfall"]) > 0 for one in teacher["standing"]["findings"])
    assert answer["data"]["ledgerVerification"] == {"intact": True, "entries": 1}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"teacherId": "nobody"}, "input.teacherId"),
        ({"score": "101"}, "input.score"),
        ({"hoursPlanned": "-1", "hoursCompleted": "-1"}, "input.hoursPlanned"),
        ({"mode": "telepathy"}, "input.mode"),
        ({"projectId": "nothing"}, "input.projectId"),
        ({"completedOn": "1999-01-01"}, "input.completedOn"),
        ({"facts": [{"name": "shoe_size", "value": "42"}]}, "input.shoeSize"),
    ],
)
async def test_bad_input_is_refused_by_field_value_and_remedy_and_nothing_is_written(
    platform: Platform, changed: dict[str, Any], field: str
) -> None:
    await platform.register()
    answer = await platform.register(idempotencyKey="slice-bad-input", **changed)
    assert answer["record"] is None
    assert field in [one["field"] for one in answer["errors"]], answer
    assert all(one["remedyZh"] and one["remedyEn"] and one["messageZh"] for one in answer["errors"])
    ledger = await platform.ask("{ ledger { totalCount } records { totalCount } }")
    assert ledger["data"] == {"ledger": {"totalCount": 1}, "records": {"totalCount": 1}}


async def test_another_district_sees_and_changes_nothing_of_it(platform: Platform) -> None:
    registered = await platform.register()
    ids = [platform.school, platform.teacher, registered["record"]["id"]]
    query = (
        "query($ids: [ID!]!, $t: ID!, $s: ID!) { nodes(ids: $ids) { id } teacher(id: $t) { name }"
        " school(id: $s) { name } schools { totalCount } teachers { totalCount }"
        " records { totalCount } ledger { totalCount } }"
    )
    variables = {"ids": ids, "t": platform.teacher, "s": platform.school}
    answer = await platform.ask(query, district="putuo", variables=variables)
    assert answer == {
        "data": {
            "nodes": [None, None, None],
            "teacher": None,
            "school": None,
            **{name: {"totalCount": 0} for name in ("schools", "teachers", "records", "ledger")},
        }
    }
    query = (
        'mutation($t: ID!) { correctTeacher(input: {idempotencyKey: "slice-foreign", teacherId: $t,'
        f' since: "2024-09-01", name: "虚构改名"}}) {{ teacher {{ name }} {ERRORS} }} }}'
    )
    foreign = await platform.ask(query, district="putuo", variables={"t": platform.teacher})
    (error,) = foreign["data"]["correctTeacher"]["errors"]
    assert error["field"] == "input.teacherId"
    own = await platform.ask("query($t: ID!) { teacher(id: $t) { name } }", variables={"t": platform.teacher})
    assert own["data"]["teacher"] == {"name": "虚构教师"}


async def test_a_teacher_sees_himself_and_writes_nothing(platform: Platform) -> None:
    scope: dict[str, Any] = {"role": "teacher", "teacher": plain_id("Teacher", platform.teacher)}
    mine = await platform.ask("{ me { role teacher { name total { records } } } }", **scope)
    assert mine["data"]["me"] == {"role": "TEACHER", "teacher": {"name": "虚构教师", "total": {"records": 1}}}
    refused = await platform.ask(
        REGISTER,
        variables={"input": {"idempotencyKey": "slice-self", "teacherId": platform.teacher} | TRAINING},
        **scope,
    )
    (error,) = refused["data"]["registerTraining"]["errors"]
    assert error["code"] == "FORBIDDEN"
    assert error["field"] == "caller.role"
