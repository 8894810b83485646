"""Synthetic id numbers sent along every way into the platform.

`python -m tests.slices.numbers --numbers 10000 [--on postgresql]` sends so many to a platform of processes; the suite
sends some hundred to one in its own process. Where they are looked for then stands in `number_places`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import httpx2
from cyclopts import App, Parameter
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol
from yanxiu_cli.local.folder import free_ports
from yanxiu_footing.national_id import check_character
from yanxiu_gateway.schema.nodes import plain_id

from tests.conftest import NatsServer
from tests.postgres_server import PostgresServer
from tests.slices.collector import collecting
from tests.slices.district import District
from tests.slices.number_places import (
    Found,
    apart,
    backed_up,
    not_found_in,
    places,
    planted,
    report,
    sealed_in,
    store_of,
)
from tests.slices.platform import Platform
from tests.stores import Kind, Store

SEED = 20240520
_FIRST_DAY, _DAYS = date(1960, 1, 1), 14_000
_ROWS = 100
_PATIENCE_SECONDS = 30.0


def numbers(count: int) -> tuple[str, ...]:
    """So many ids of nobody, each another: region 999999 does not exist, all else is as it should be."""
    chance, found = random.Random(SEED), {}
    while len(found) < count:
        born = _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))
        first = f"999999{born:%Y%m%d}{chance.randrange(1000):03}"
        found[first + check_character(first)] = None
    return tuple(found)


class Sender:
    """Sends numbers through one platform; keeps every answer, headers too."""

    def __init__(self, platform: Platform, *, served: bool = False) -> None:
        self.platform = platform
        # Whether there is a server, and so sockets; what runs in this process has none.
        self.served = served
        self.district = District(platform, "numbers")
        self.answers: list[bytes] = []
        self.sealed = 0
        self._teacher = self._project = ""
        self._counted = itertools.count(1)

    async def settle(self) -> None:
        """A district with a school and a teacher, whom the notes are about."""
        await self.district.open()
        self._teacher = await self.district.hire("T-0")
        self._project = await self.district.propose(mode="network", level="provincial")
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while "errors" in (await self.post({"query": "{ visits(first: 1) { totalCount } }"})).json():  # noqa: ASYNC110
                await asyncio.sleep(0.02)  # the visits service hears of the district when it does, and tells nobody

    async def send(self, given: tuple[str, ...]) -> None:
        """Each number along one way in turn; those that were not entered alone as rosters too."""
        ways, left = itertools.cycle(self.ways()), []
        for number, way in zip(given, ways, strict=False):
            await way(number)
            if way != self.create_teacher:
                left.append(number)
        for start in range(0, len(left), _ROWS):
            await self.import_roster(left[start : start + _ROWS])

    def ways(self) -> tuple[Callable[[str], Any], ...]:
        """Every way into the platform."""
        return (
            self.create_teacher, self.search_text, self.search_variable, self.by_id, self.wrong_type,
            self.unknown_field,
            self.operation_name, self.comment, self.broken_text, self.headers, self.address, self.document_id,
            self.project_title, self.training_text, self.key, self.correction, self.return_reason, self.visit_note,
            self.subscription, self.not_json, *((self.socket,) if self.served else ()),
        )  # fmt: skip

    async def post(self, body: Any, token: str = "", **headers: str) -> httpx2.Response:
        """Send a body and keep the answer."""
        signed = {"authorization": f"Bearer {token or self.district.token()}"}
        answer = await self.platform.http.post("/graphql", json=body, headers=signed | headers)
        self.keep(answer)
        return answer

    def keep(self, answer: httpx2.Response) -> None:
        """Keep headers and body."""
        self.answers.append(repr(answer.headers.multi_items()).encode() + answer.content)

    async def write(self, name: str, given: Mapping[str, Any], fields: str = "", token: str = "") -> dict[str, Any]:
        """A mutation with whatever comes of it."""
        said = {"idempotencyKey": f"numbers-{next(self._counted)}", **given}
        errors = "errors { code field value messageZh messageEn remedyZh remedyEn }"
        text = f"mutation($i: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $i) {{ {fields} {errors} }} }}"
        answer = (await self.post({"query": text, "variables": {"i": said}}, token)).json()
        return (answer.get("data") or {}).get(name) or {"errors": answer["errors"]}

    async def refused(self, name: str, given: Mapping[str, Any], token: str = "") -> None:
        """A mutation whose number stands where it may not: it is refused for that, and its field is named."""
        made = await self.write(name, given, token=token)
        assert [one["code"] for one in made["errors"]] == ["NATIONAL_ID_MISPLACED"], made

    async def create_teacher(self, number: str) -> None:
        given = {
            "staffNumber": f"N-{next(self._counted)}", "name": "虚构教师", "schoolId": self.district.school,
            "employedSince": "2020-09-01", "hiredOn": "2015-09-01", "nationalId": number,
        }  # fmt: skip
        made = await self.write("createTeacher", given, "teacher { id nationalId }")
        assert made["errors"] == [], made
        self.sealed += 1
        shown = 'query($id: ID!) { node(id: $id) { ... on Teacher { nationalId(reveal: true, reason: "核对") } } }'
        asked = {"query": shown, "variables": {"id": made["teacher"]["id"]}}
        signed = {"authorization": f"Bearer {self.district.token()}"}
        answer = await self.platform.http.post("/graphql", json=asked, headers=signed)
        # Whoever may see it and says why is shown it: that answer is the one place.
        assert number in answer.text, answer.text

    async def search_text(self, number: str) -> None:
        for asked in (f'teachers(search: "{number}")', f'schools(search: "{number}")', f'projects(search: "{number}")'):
            assert "errors" not in (await self.post({"query": f"{{ {asked} {{ totalCount }} }}"})).json()

    async def search_variable(self, number: str) -> None:
        query = "query($s: String) { teachers(search: $s, subject: $s, title: $s) { totalCount } }"
        await self.post({"query": query, "variables": {"s": number, number: number}})

    async def by_id(self, number: str) -> None:
        await self.post({"query": f'{{ node(id: "{number}") {{ id }} }}'})

    async def wrong_type(self, number: str) -> None:
        query = "query($n: Int) { teachers(first: $n) { totalCount } }"
        await self.post({"query": query, "variables": {"n": number}})
        await self.post({"query": f'{{ teachers(first: "{number}") {{ totalCount }} }}'})

    async def unknown_field(self, number: str) -> None:
        await self.post({"query": f"{{ teachers {{ n{number} }} }}"})

    async def operation_name(self, number: str) -> None:
        query = f"query n{number} {{ teachers(first: 1) {{ edges {{ node {{ name }} }} }} }}"
        await self.post({"query": query, "operationName": f"n{number}"})

    async def comment(self, number: str) -> None:
        # Not as an alias: GraphQL wants the caller's own word back as the answer's key, and nobody keeps it.
        await self.post({"query": f"# {number}\n{{ me {{ role }} }}"})

    async def broken_text(self, number: str) -> None:
        await self.post({"query": f'{{ teachers(search: "{number} '})

    async def headers(self, number: str) -> None:
        told = {"user-agent": number, "x-request-id": number, "cookie": f"id={number}", "accept-language": number}
        trace = {"traceparent": f"00-{number}-{number}-01", "tracestate": f"id={number.lower()}"}
        await self.post({"query": "{ me { role } }"}, **told, **trace)
        await self.post({"query": "{ me { role } }"}, token=number)

    async def address(self, number: str) -> None:
        self.keep(await self.platform.http.get(f"/graphql?query={number}&id={number}"))
        self.keep(await self.platform.http.get(f"/teachers/{number[:17]}?id={number}"))

    async def document_id(self, number: str) -> None:
        await self.post({"documentId": number, "extensions": {"id": number}})

    async def project_title(self, number: str) -> None:
        given = {
            "title": f"张某（{number}）的培训",
            "organiser": "虚构中心",
            "startsOn": "2024-01-08",
            "mode": "network",
        }
        await self.refused("proposeProject", given, self.district.token("institute-officer"))

    async def training_text(self, number: str) -> None:
        await self.refused(
            "registerTraining", {"teacherId": self._teacher, "completedOn": "2024-07-12", "module": number}
        )

    async def key(self, number: str) -> None:
        await self.refused(
            "registerTraining", {"teacherId": self._teacher, "completedOn": "2024-07-12", "idempotencyKey": number}
        )
        given = {"code": "S-key", "name": "虚构小学", "stage": "PRIMARY", "location": "RURAL", "openedOn": "1990-09-01"}
        await self.refused("createSchool", given | {"idempotencyKey": number})

    async def correction(self, number: str) -> None:
        await self.refused("correctTeacher", {"teacherId": self._teacher, "since": "2024-09-01", "name": f"张{number}"})

    async def return_reason(self, number: str) -> None:
        given = {"projectId": self._project, "on": "2024-02-01", "reason": f"见 {number}"}
        await self.refused("returnProject", given, self.district.token("institute-officer"))

    async def visit_note(self, number: str) -> None:
        at = {"occurredAt": "2024-10-14T08:00:00+08:00", "schoolId": self.district.school, "dueOn": "2024-11-01"}
        given = {**at, "findingId": "numbers-finding", "text": f"问：{number}", "ownerId": self._teacher}
        researcher = self.district.token("researcher", teacher=plain_id("Teacher", self._teacher))
        await self.refused("recordFinding", given, researcher)

    async def subscription(self, number: str) -> None:
        query = f'subscription {{ standingChanged(teacher: "{number}", kind: "{number}") {{ verdict }} }}'
        await self.post({"query": query}, accept="text/event-stream", **{"last-event-id": number})

    async def socket(self, number: str) -> None:
        """A socket that says the number at its beginning, in its subscription and as a cursor."""
        address = str(self.platform.http.base_url.copy_with(scheme="ws").join("/graphql"))
        signed = {"authorization": f"Bearer {self.district.token()}", "id": number}
        query = f'subscription {{ standingChanged(teacher: "{number}", kind: "{number}") {{ verdict }} }}'
        told = {"query": query, "variables": {"n": number}, "extensions": {"cursor": number}}
        async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": signed}))
            self.answers.append(str(await socket.recv()).encode())
            await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": told}))
            self.answers.append(str(await socket.recv()).encode())

    async def not_json(self, number: str) -> None:
        signed = {"authorization": f"Bearer {self.district.token()}", "content-type": "application/json"}
        self.keep(await self.platform.http.post("/graphql", content=f'{{"query": {number}x'.encode(), headers=signed))

    async def import_roster(self, given: Sequence[str]) -> None:
        """A roster with the numbers in their column is applied, one with some in another column is not."""
        roster = await self._staged([{"national_id": number} for number in given])
        applied = await self.write("applyRoster", {"rosterId": roster})
        assert applied["errors"] == [], applied
        self.sealed += len(given)
        await self._staged([{"subject": number, "title": f"职称 {number}"} for number in given[::25]])

    async def _staged(self, cells: Sequence[Mapping[str, str]]) -> str:
        """Stage rows with these cells and look at what the import would do; returns the roster's id."""
        roster = f"numbers-roster-{next(self._counted)}"
        rows = [
            {"number": place, "cells": [{"column": name, "text": text} for name, text in row.items()]}
            for place, row in enumerate((self._person() | one for one in cells), start=2)
        ]
        staged = await self.write("stageRoster", {"rosterId": roster, "rows": rows})
        assert staged["errors"] == [], staged
        check = "query($r: ID!) { checkRoster(rosterId: $r) { errorCount errors { column value messageZh } samples } }"
        await self.post({"query": check, "variables": {"r": roster}})
        return roster

    def _person(self) -> dict[str, str]:
        return {"staff_number": f"R-{next(self._counted)}", "name": "虚构教师", "school_code": "S001"}


async def _whole(count: int, folder: Path, server: PostgresServer | None) -> int:
    *given, control = numbers(count + 1)
    nats, store = NatsServer(folder), store_of("postgresql" if server else "sqlite", server, folder)
    began = time.monotonic()
    try:
        with collecting() as collector:
            also = {
                "YANXIU_OTLP_ENDPOINT": collector.endpoint,
                "YANXIU_TRACE_SHARE": "1",
                "YANXIU_CALLER_COST": "1000000000",
            }
            platform = Platform(nats, folder, also={**store.variables, **also})
            sender, ports = Sender(platform, served=True), offered(platform)
            await platform.start()
            try:
                await sender.settle()
                await sender.send(tuple(given))
                async with httpx2.AsyncClient(trust_env=False) as scraping:
                    told = [(await scraping.get(f"http://127.0.0.1:{port}/metrics")).content for port in ports]
            finally:
                await platform.stop()
            sealed, traces = sealed_in(store), len(list(collector.spans()))
            await planted(platform, store, folder, control)
            await backed_up(platform, store, folder)
    finally:
        nats.stop()
    figures = {"numbers": count, "sealed": sealed, "answers": len(sender.answers), "spans": traces}
    figures["sending_s"] = round(time.monotonic() - began, 1)
    # These are kept in memory, and a number put there stands for itself.
    for kept in (told, collector.bodies, sender.answers):
        kept.append(control.encode())
    beside = {"metrics": told, "traces": collector.bodies}
    left = ((name, one) for name, some in beside.items() for one in some)
    looked = itertools.chain(left, places(sender.answers, store, folder))
    return _told(figures, report((*given, control), looked), control, store)


def _told(figures: dict[str, Any], looked: tuple[Found, int, int], control: str, store: Store) -> int:
    """Say what was found; what a process says goes into files of the folder, and there is no other log."""
    found, count, size = looked
    control_in, leaks = apart(found, control)
    missed = not_found_in(control_in, store) - {"log"}
    figures |= {"places": count, "bytes": size, "found": len(leaks), "control_found": len(control_in)}
    sys.stdout.write(json.dumps(figures | {"control_missed": sorted(missed)}) + "\n")
    for name, hits in leaks.items():
        sys.stdout.write(f"{name}: {len(hits)}\n")
    return 1 if leaks or missed or not figures["spans"] else 0


def offered(platform: Platform) -> list[int]:
    """Have every process offer its metrics on a port of its own; returns the ports."""
    ports = free_ports(len(platform.parts))
    for part, port in zip(platform.parts.values(), ports, strict=True):
        part._environment["YANXIU_METRICS_PORT"] = str(port)
    return ports


app = App(help=__doc__)


@app.default
def main(
    *,
    numbers: Annotated[int, Parameter(help="how many")] = 10_000,
    on: Annotated[Kind, Parameter(help="where the services keep their data")] = "sqlite",
) -> int:
    """Send them and look for them; exit code 1 where one was found, or the planted one was not."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        server = PostgresServer(lasting=True) if on == "postgresql" else None
        if server is not None:
            stack.callback(server.stop)
        return asyncio.run(_whole(numbers, Path(folder), server))


if __name__ == "__main__":
    sys.exit(app())
