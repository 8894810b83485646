"""`yanxiu up` as its user meets it: ready, asked, killed piece by piece, stopped, started again."""

from __future__ import annotations

import asyncio
import http.client
import itertools
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from yanxiu_cli.platform_state import look
from yanxiu_cli.session import nats_access, nats_url
from yanxiu_wire.caller import PLATFORM, Caller
from yanxiu_wire.credits import LIST_PROJECTS, ListProjects
from yanxiu_wire.registry import GET_DISTRICT, GetDistrict
from yanxiu_wire.rpc import Bus
from yanxiu_wire.visiting import LIST_VISITS, ListVisits

from tests.cli.platform import Platform, children_of, yanxiu

WITHIN = 60.0
pytestmark = pytest.mark.timeout(300)
SERVICES = ("registry", "credits", "visits")
TWO_OF_EACH = tuple(word for service in SERVICES for word in ("--replicas", f"{service}=2"))
OFFICER = Caller(subject="test:officer", role="institute-officer", district="shared")
# One question to each service; that the district is not known is an answer too.
ASKED = (
    (GET_DISTRICT, GetDistrict(caller=OFFICER)),
    (LIST_PROJECTS, ListProjects(caller=OFFICER)),
    (LIST_VISITS, ListVisits(caller=OFFICER)),
)
OPEN = """
mutation($input: CreateDistrictInput!) { createDistrict(input: $input) { errors { code } } }
"""

# It costs more than a budget regains between two questions.
DEAR = "{ district { schools(first: 20) { edges { node { teachers(first: 100) { edges { node { id } } } } } } } }"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with pytest.MonkeyPatch.context() as patch:
        # Four dear questions a minute: what has come back before the next one is less than it costs.
        patch.setenv("YANXIU_CALLER_COST", "20000")
        # As people name folders.
        running = Platform(tmp_path_factory.mktemp("up") / "研修 '数据' 100%", *TWO_OF_EACH, "--gateways", "2")
    yield running
    running.stop()


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_each_part_is_a_process_and_replicas_are_more_of_them(platform: Platform) -> None:
    assert set(platform.children()) == {"nats", "registry", "credits", "visits", "gateway"}
    names = {path.stem for path in (platform.data / "logs").iterdir()}
    several = (*SERVICES, "gateway")
    assert {"nats", *(f"{service}-{number}" for service in several for number in (1, 2))} <= names


async def requests_of_each(data: Path, each: int) -> dict[str, list[int]]:
    """Service -> how many requests each of its processes says (`$SRV.STATS`) it was given, of so many that are sent."""
    bus = await Bus.connect(nats_url(data), name="operator", access=nats_access(data))
    try:
        before = {one.id: one.requests for one in (await look(bus)).instances}
        for endpoint, question in ASKED:
            for _ in range(each // 20):
                await asyncio.gather(*(bus.call(endpoint, question, district="shared") for _ in range(20)))
        after = (await look(bus)).instances
    finally:
        await bus.close()
    return {name: [one.requests - before[one.id] for one in after if one.service == name] for name in SERVICES}


def test_two_replicas_of_every_service_share_the_work(platform: Platform) -> None:
    shares = asyncio.run(requests_of_each(platform.data, 200))
    for service, given in shares.items():
        assert len(given) == 2, service
        assert sum(given) >= 200, service
        assert min(given) >= sum(given) / 4, (service, given)


def test_what_it_keeps_is_its_owners_alone(platform: Platform) -> None:
    for name in (
        "keys/national-id.key",
        "keys/issuer.json",
        "run.json",
        "nats/nats.conf",
        "nats/credentials/credits.nk",
    ):
        assert (platform.data / name).stat().st_mode & 0o077 == 0, name
    assert platform.data.stat().st_mode & 0o077 == 0


def test_a_log_that_was_cut_short_goes_on_from_its_beginning(platform: Platform) -> None:
    logs = sorted((platform.data / "logs").glob("gateway*.log"))
    assert len(logs) == 2
    for log in logs:
        # As logrotate does with `copytruncate`.
        os.truncate(log, 0)
    platform.ask(platform.token("shared", "auditor"), "{ __typename }")
    written = b"".join(log.read_bytes() for log in logs)
    assert json.loads(written.splitlines()[0])["event"] == "graphql"


def test_nats_acknowledges_only_what_is_on_disk_and_admits_only_our_processes(platform: Platform) -> None:
    written = (platform.data / "nats" / "nats.conf").read_text()
    assert "sync_interval: always" in written
    assert f'listen: "127.0.0.1:{platform.run.nats_port}"' in written
    with socket.create_connection(("127.0.0.1", platform.run.nats_port), timeout=5) as stranger:
        stranger.recv(4096)
        stranger.sendall(b'CONNECT {"verbose":true}\r\nPING\r\n')
        assert b"Authorization Violation" in stranger.recv(4096)


@pytest.mark.parametrize("part", ["nats", "registry", "credits", "visits", "gateway"])
def test_a_killed_part_is_started_again_and_questions_are_answered(platform: Platform, part: str) -> None:
    token = platform.token(PLATFORM, "platform-operator")
    before = platform.children()[part]
    os.kill(before, signal.SIGKILL)
    platform.wait_for(rf"^{part}(-\d)? 已恢复")
    assert platform.children()[part] != before or part != "nats"  # of two, the other may be listed
    district = f"kill-{part}"
    opened = platform.ask_until(
        token,
        OPEN,
        input={"idempotencyKey": f"open-{district}", "district": district, "nameZh": "示例", "nameEn": "Example"},
    )
    assert opened["data"]["createDistrict"]["errors"] == [], opened


def gateways_of(platform: Platform) -> set[int]:
    listed = Path(f"/proc/{platform.trunk}/task/{platform.trunk}/children").read_text().split()
    return {int(pid) for pid in listed if Path(f"/proc/{pid}/comm").read_text().strip() == "yanxiu-gateway"}


def asked_at(port: int, path: str) -> tuple[int, str]:
    """Status and body of what a gateway answers at this port; 0 where nobody answers."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asked.request("GET", path)
        answer = asked.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        asked.close()


def test_two_gateways_share_a_port_and_when_one_is_killed_the_other_fails_nobody(platform: Platform) -> None:
    before, (shared, *own) = gateways_of(platform), (platform.run.http_port, *platform.run.own_ports)
    assert len(before) == len(own) == 2
    assert "yanxiu_build_info" in asked_at(own[0], "/metrics")[1]
    assert asked_at(shared, "/metrics")[0] == 404
    killed, until = min(before), time.monotonic() + WITHIN
    os.kill(killed, signal.SIGKILL)
    while not gone(killed):
        assert time.monotonic() < until
    unanswered = dict.fromkeys(own, 0)
    while len(back := gateways_of(platform)) < 2 or any(asked_at(port, "/ready")[0] != 200 for port in own):
        assert time.monotonic() < until, platform.console
        for port in own:
            unanswered[port] += asked_at(port, "/live")[0] != 200
        assert asked_at(shared, "/live")[0] == 200, "what has ended is given nothing more"
    assert min(unanswered.values()) == 0 < max(unanswered.values())
    assert back & before == before - {killed}


def test_two_gateways_count_one_budget(platform: Platform) -> None:
    token = platform.token("budgets")
    left = []
    for port in platform.run.own_ports * 2:
        with httpx2.Client(timeout=10, trust_env=False) as client:
            answer = client.post(
                f"http://127.0.0.1:{port}/graphql",
                json={"query": DEAR},
                headers={"Authorization": f"Bearer {token}"},
            )
        left.append(answer.json()["extensions"]["cost"]["left"])
    assert all(later["caller"] < earlier["caller"] for earlier, later in itertools.pairwise(left)), left


def test_a_killed_trunk_takes_its_forks_with_it_and_all_of_them_come_back(platform: Platform) -> None:
    before, trunk = platform.children(), platform.trunk
    told = platform.console.count("已恢复")
    # Each has a log; nats-server alone is no fork of the trunk.
    forks = len([path for path in (platform.data / "logs").iterdir() if path.stem != "nats"])
    os.kill(trunk, signal.SIGKILL)
    until = time.monotonic() + WITHIN
    while platform.console.count("已恢复") < told + forks and time.monotonic() < until:
        time.sleep(0.05)  # another process's state gives no event
    after = platform.children()
    assert set(after) == set(before), platform.console
    assert {name for name in after if after[name] == before[name]} == {"nats"}
    assert platform.trunk != trunk
    platform.ask_until(platform.token(PLATFORM, "platform-operator"), "{ __typename }")


def test_what_the_parts_are_forked_from_holds_no_secret_and_no_connection(platform: Platform) -> None:
    """Whose memory a rule pack's process begins with: the trunk, and the clean parents."""
    issuer = json.loads((platform.data / "keys" / "issuer.json").read_text())
    seeds = [path.read_bytes().split()[-1] for path in (platform.data / "nats" / "credentials").glob("*.nk")]
    secrets = [(platform.data / "keys" / "national-id.key").read_bytes().strip(), *seeds, issuer["d"].encode()]
    assert all(len(secret) > 20 for secret in secrets)
    gateway = platform.children()["gateway"]
    assert any(holds(gateway, seed) for seed in seeds), "a secret that is known is found in this way"
    parents = [children_of(pid)["parent"] for name, pid in platform.children().items() if name in SERVICES]
    for clean in (platform.trunk, *parents):
        assert not [secret for secret in secrets if holds(clean, secret)]
        opened = [str(one.readlink()) for one in Path(f"/proc/{clean}/fd").iterdir()]
        assert len([one for one in opened if one.startswith("socket:")]) == 1, opened
        assert not [one for one in opened if str(platform.data) in one and "/logs/" not in one]


def holds(process: int, secret: bytes) -> bool:
    """Whether the memory that a process can write has these bytes somewhere."""
    with Path(f"/proc/{process}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            where, may, *_ = line.split()
            if may.startswith("rw"):
                begin, end = (int(one, 16) for one in where.split("-"))
                memory.seek(begin)
                if secret in memory.read(end - begin):
                    return True
    return False


def test_a_second_start_on_the_same_folder_is_refused(platform: Platform) -> None:
    second = yanxiu("up", "--data", str(platform.data), "--port", "0")
    assert second.returncode == 1
    assert str(platform.process.pid) in second.stderr
    assert "Traceback" not in second.stderr


def test_a_taken_port_is_named(platform: Platform, tmp_path: Path) -> None:
    second = yanxiu("up", "--data", str(tmp_path / "var"), "--port", str(platform.run.http_port))
    assert second.returncode == 1
    assert f"端口 {platform.run.http_port} 已被占用" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    "words", [("--replicas", "credits=0"), ("--replicas", "nats=2"), ("--gateways", "0"), ("--port", "70000")]
)
def test_a_wrong_option_is_refused_before_anything_starts(tmp_path: Path, words: tuple[str, ...]) -> None:
    refused = yanxiu("up", "--data", str(tmp_path / "var"), *words)
    assert refused.returncode == 2
    assert words[0] in refused.stderr
    assert "Traceback" not in refused.stderr


def test_ledger_and_projection_are_reached_from_the_command_line(platform: Platform) -> None:
    token = platform.token(PLATFORM, "platform-operator")
    given = {"idempotencyKey": "open-commands", "district": "commands", "nameZh": "示例", "nameEn": "Example"}
    assert platform.ask(token, OPEN, input=given)["data"]["createDistrict"]["errors"] == []
    where = ("--district", "commands", "--data", str(platform.data))
    for words in (("registry", "republish"), ("projection", "rebuild"), ("ledger", "verify")):
        done = yanxiu(*words, *where)
        until = time.monotonic() + 30
        while "There is no such district" in done.stderr and time.monotonic() < until:
            # The credits service hears of it by an event; no event tells the command when.
            done = yanxiu(*words, *where)
        assert done.returncode == 0, done.stderr
        assert "commands" in done.stdout
        assert ("签署完好" in done.stdout) == (words[0] == "ledger")
    refused = yanxiu("ledger", "verify", "--district", "nowhere", "--data", str(platform.data))
    assert refused.returncode == 1
    assert refused.stderr.strip()
    assert "Traceback" not in refused.stderr


def test_it_ends_without_leaving_anything_behind_and_comes_back_as_it_was(tmp_path: Path) -> None:
    """Drained by SIGTERM, then killed outright, then interrupted as by Ctrl-C: same folder, same ports, no orphans."""
    first = Platform(tmp_path / "var")
    run, children = first.run, first.children()
    assert first.stop(signal.SIGTERM) == 0
    assert first.console.splitlines()[-2:] == ["已停止 / stopped", "(end)"]
    assert "强制结束" not in first.console
    assert all(gone(pid) for pid in children.values())

    second = Platform(tmp_path / "var")
    assert (second.run.nats_port, second.run.http_port) == (run.nats_port, run.http_port)
    children = second.children()
    second.process.kill()
    second.process.wait()
    second.close()

    third = Platform(tmp_path / "var")
    assert all(gone(pid) for pid in children.values())
    assert third.stop(signal.SIGINT) == 0
