"""`yanxiu nats`: minting is repeated without harm, renewing overlaps, files are their owner's, mistakes are said."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from structlog.testing import capture_logs
from yanxiu_cli.__main__ import run
from yanxiu_cli.nats.minting import Mint
from yanxiu_cli.nats.parties import parties
from yanxiu_wire import log
from yanxiu_wire.access import read_key
from yanxiu_wire.keeping import keep_streams
from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import stream_config

from tests.conftest import NatsServer
from tests.guard import Guard


def mint(out: Path, *words: str) -> int:
    return run(["nats", "credentials", "--out", str(out), *words])


def admitted(out: Path) -> list[str]:
    return re.findall(r"nkey: (U\w+)", (out / "accounts.conf").read_text(encoding="utf-8"))


def test_every_party_gets_a_key_for_its_owners_eyes_and_a_table_says_who_may_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "creds"
    assert mint(out, "--tls", "--host", "nats.example", "--host", "10.0.0.5") == 0
    shown = capsys.readouterr().out
    for name in parties():
        assert read_key(out / f"{name}.nk")[0] == name
        assert name in shown
    assert "登记服务" in shown
    assert "includes: " in shown
    for path in (out, *out.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    certificate = x509.load_pem_x509_certificate((out / "tls" / "server.pem").read_bytes())
    hosts = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert hosts.get_values_for_type(x509.DNSName) == ["nats.example"]
    assert [str(one) for one in hosts.get_values_for_type(x509.IPAddress)] == ["10.0.0.5"]
    authority = x509.load_pem_x509_certificate((out / "tls" / "ca.pem").read_bytes())
    for path in (out / "tls").glob("*.pem"):
        x509.load_pem_x509_certificate(path.read_bytes()).verify_directly_issued_by(authority)
    assert isinstance(authority.public_key(), ec.EllipticCurvePublicKey)
    seeds = [read_key(out / f"{name}.nk")[2] for name in parties()]
    assert len(set(seeds)) == len(seeds)
    assert not [seed for seed in seeds if seed in shown or seed in (out / "accounts.conf").read_text("utf-8")]


def test_minting_again_changes_nothing_and_makes_what_is_missing(tmp_path: Path) -> None:
    out = tmp_path / "creds"
    assert mint(out) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert mint(out) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    (out / "visits.nk").unlink()
    assert mint(out, "--all") == 0
    assert read_key(out / "visits.nk")[0] == "visits"
    assert {name for name in before if (out / name).read_bytes() != before[name]} == {
        "visits.nk",
        "credentials.json",
        "accounts.conf",
    }


def test_a_renewed_key_stands_beside_the_old_one_until_that_is_retired(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "creds"
    mint(out)
    first = admitted(out)
    assert mint(out, "--rotate", "--service", "credits") == 0
    both = admitted(out)
    assert len(both) == len(first) + 1
    assert set(first) < set(both)
    assert mint(out, "--rotate", "--service", "credits") == 1
    assert "--retire" in capsys.readouterr().err
    assert mint(out, "--retire", "--service", "credits") == 0
    assert len(admitted(out)) == len(first)
    assert len(set(admitted(out)) & set(first)) == len(first) - 1
    assert mint(out, "--rotate", "--retire") == 0, "all at once, as after a theft"
    assert not set(admitted(out)) & set(both)


def test_a_gateway_is_bound_to_districts_and_keeps_its_own_inbox(tmp_path: Path) -> None:
    out = tmp_path / "creds"
    assert mint(out, "--service", "gateway", "--district", "puer", "--district", "putuo") == 0
    name, districts, _ = read_key(out / "gateway-puer-putuo.nk")
    assert (name, districts) == ("gateway-puer-putuo", ("puer", "putuo"))
    written = (out / "accounts.conf").read_text(encoding="utf-8")
    asked = re.findall(r'"yanxiu\.v1\.[\w.*-]+"', written)
    assert asked
    assert {one.rpartition(".")[2] for one in asked} == {'puer"', 'putuo"'}
    assert "_INBOX.gateway-puer-putuo.>" in written


@pytest.mark.parametrize(
    "words",
    [
        ("--service", "gateways"),
        ("--service", "credits", "--all"),
        ("--district", "puer"),
        ("--service", "credits", "--district", "puer"),
        ("--service", "gateway", "--district", "Pu Er"),
        ("--rotate", "--service", "nobody"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    tmp_path: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert mint(tmp_path / "creds", *words) == 2
    assert not (tmp_path / "creds").exists()
    told = capsys.readouterr().err
    assert re.search(r"[\u4e00-\u9fff].*\n.*[a-z]", told)


async def test_the_keeper_mends_what_somebody_changed_and_makes_what_was_lost(tmp_path: Path) -> None:
    open_server = NatsServer(tmp_path, fsync=False)
    try:
        bus = await Bus.connect(open_server.url, name="test")
        with capture_logs() as logged:
            assert len(await keep_streams(bus)) == 8
            await bus.jetstream.delete_stream("YANXIU_EVENTS_VISITS")
            await bus.jetstream.add_stream(stream_config("visits"), allow_direct=False)
            await bus.jetstream.delete_stream("YANXIU_JOBS")
            await bus.jetstream.delete_consumer("YANXIU_EVENTS_REGISTRY", "visits-registry")
            made = await keep_streams(bus)
        assert made == ("YANXIU_EVENTS_VISITS", "YANXIU_JOBS", "visits-registry", "credits-jobs")
        assert [line["stream"] for line in logged if line["event"] == "stream-otherwise"] == ["YANXIU_EVENTS_VISITS"]
        assert (await bus.jetstream.stream_info("YANXIU_EVENTS_VISITS")).config.allow_direct
        assert await keep_streams(bus) == ()
        await bus.close()
    finally:
        open_server.stop()


async def test_streams_are_kept_by_the_command_with_the_keepers_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    guard = Guard(tmp_path)
    server = NatsServer(tmp_path, fsync=False, guard=guard)
    monkeypatch.setattr(log, "configure", lambda _name: None)  # the log of this process is the tests' own
    try:
        monkeypatch.setenv("YANXIU_NATS_URL", server.url)
        monkeypatch.setenv("YANXIU_NATS_NKEY_FILE", str(guard.mint.key_path("keeper")))
        assert await asyncio.to_thread(run, ["nats", "streams"]) == 0
        assert "YANXIU_EVENTS_CREDITS" in capsys.readouterr().out
        assert await asyncio.to_thread(run, ["nats", "streams"]) == 0
        assert "各流齐备" in capsys.readouterr().out
        monkeypatch.setenv("YANXIU_NATS_NKEY_FILE", str(Mint(tmp_path / "none").key_path("keeper")))
        assert await asyncio.to_thread(run, ["nats", "streams"]) == 2
        assert "YANXIU_NATS_NKEY_FILE" in capsys.readouterr().err
    finally:
        server.stop()
