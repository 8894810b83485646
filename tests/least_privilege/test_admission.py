"""Who is admitted at all: a key, and a certificate where TLS is on; and how a key is renewed without a lost request."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from nats.aio.msg import Msg
from structlog.testing import capture_logs
from yanxiu_wire.access import OPEN, Access, NatsSettings, read_key
from yanxiu_wire.denied import CertificateRefused, NotPermitted
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.keeping import keep_streams
from yanxiu_wire.rpc import Bus
from yanxiu_wire.settings import SettingRefused

from tests.conftest import NatsServer
from tests.guard import Guard

from .conftest import admitted

SUBJECT = "yanxiu.v1.credits.get-standings.puer"


@pytest.fixture
def behind_tls(tmp_path: Path) -> Iterator[NatsServer]:
    server = NatsServer(tmp_path, fsync=False, guard=Guard(tmp_path, tls=True))
    yield server
    server.stop()


@pytest.fixture
def behind_keys(tmp_path: Path) -> Iterator[NatsServer]:
    server = NatsServer(tmp_path, fsync=False, guard=Guard(tmp_path))
    yield server
    server.stop()


async def refused(server: NatsServer, access: Access) -> SettingRefused:
    with capture_logs(), pytest.raises(SettingRefused) as raised:
        await Bus.connect(server.url, name="credits", wait=20, access=access)
    return raised.value


async def test_without_a_key_or_with_a_strangers_key_nobody_is_admitted_and_it_is_said_how(
    behind_keys: NatsServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    strangers = Guard(tmp_path_factory.mktemp("strangers"))
    for access in (OPEN, strangers.access("credits")):
        told = str(await refused(behind_keys, access))
        assert "凭据 credits" in told
        assert "the credential credits" in told
        assert "yanxiu nats credentials" in told
        assert strangers.access("credits").seed() not in told


async def test_without_tls_the_right_key_is_refused_and_so_is_tls_without_a_certificate(
    behind_tls: NatsServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert behind_tls.guard is not None
    mine = behind_tls.guard.settings("credits")
    key = mine["nats_nkey_file"]
    assert isinstance(await refused(behind_tls, NatsSettings(nats_nkey_file=key).access), CertificateRefused)
    no_certificate = NatsSettings(nats_nkey_file=key, nats_ca=mine["nats_ca"])
    with capture_logs(), pytest.raises((SettingRefused, ServiceUnavailable)):
        await Bus.connect(behind_tls.url, name="credits", wait=2, access=no_certificate.access)
    strangers = Guard(tmp_path_factory.mktemp("strangers"), tls=True).settings("credits")
    other_authority = NatsSettings(**{**mine, "nats_ca": strangers["nats_ca"]})
    assert isinstance(await refused(behind_tls, other_authority.access), CertificateRefused)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(behind_tls.url.rpartition(":")[2]))
    assert b'"tls_required":true' in await reader.readline()
    writer.write(b'CONNECT {"verbose":false}\r\nPING\r\n')
    assert b"PONG" not in await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()


async def test_with_key_and_certificate_everything_works_behind_tls(behind_tls: NatsServer) -> None:
    assert behind_tls.guard is not None
    keeper = await behind_tls.guard.connect(behind_tls.url, "keeper")
    assert len(await keep_streams(keeper)) == 8
    assert await keep_streams(keeper) == ()
    found = keeper.nats._transport._io_writer.get_extra_info("ssl_object")  # type: ignore[union-attr]
    await keeper.close()
    assert isinstance(found, ssl.SSLObject)
    assert found.version() == "TLSv1.3"


async def test_a_key_is_renewed_while_requests_are_answered_and_the_old_one_ends_when_it_is_retired(
    behind_keys: NatsServer,
) -> None:
    guard = behind_keys.guard
    assert guard is not None
    mint, url = guard.mint, behind_keys.url
    old = guard.access("credits")
    stolen = Access("credits", old.seed())
    service, gateway = await guard.connect(url, "credits"), await guard.connect(url, "gateway")
    again = asyncio.Event()
    service.on_reconnect(again.set)

    async def reply(message: Msg) -> None:
        await message.respond(b"ok")

    await service.nats.subscribe("yanxiu.v1.credits.*.*", queue="credits", cb=reply)
    await service.flush()
    mint.rotate(["credits"])
    mint.write()
    assert guard.access("credits").seed() != stolen.seed()
    behind_keys.reload()
    both = [await admitted(url, guard.access("credits")), await admitted(url, stolen)]
    assert not again.is_set(), "a key more disturbs nobody"
    assert (await gateway.nats.request(SUBJECT, b"", timeout=10)).data == b"ok"

    with capture_logs() as logged:
        assert mint.retire(["credits"]) == ("credits",)
        mint.write()
        behind_keys.reload()
        async with asyncio.timeout(20):
            await again.wait()  # it was sent away, and came back with the key that is in the file now
        await service.flush()  # what it subscribes to has reached the server, too
    # Why it was sent away it hears where the server's word comes before the end of the connection: not always.
    assert {"nats-disconnected", "nats-reconnected"} <= {line["event"] for line in logged}
    assert (await gateway.nats.request(SUBJECT, b"", timeout=5)).data == b"ok"
    assert isinstance(await refused(behind_keys, stolen), NotPermitted)
    with capture_logs():
        for bus in (*both, service, gateway):
            await bus.close()


def test_a_key_never_shows_itself_and_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    guard = Guard(tmp_path)
    access = guard.access("gateway")
    assert access.seed().startswith("SU")
    assert access.seed() not in f"{access} {access!r} {guard.mint.credentials} {guard.mint.configuration.read_text()}"
    other = tmp_path / "other"
    other.write_text("nothing of ours", encoding="utf-8")
    for path in (other, tmp_path / "missing"):
        with pytest.raises(SettingRefused, match=str(path)):
            read_key(path)
    with pytest.raises(SettingRefused, match="YANXIU_NATS_CA"):
        _ = NatsSettings(nats_certificate=other).access
