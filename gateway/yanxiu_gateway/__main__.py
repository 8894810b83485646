"""One gateway process: `python -m yanxiu_gateway`."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sys
from collections.abc import AsyncIterator
from importlib.metadata import version
from types import FrameType

import uvicorn
import uvloop
from starlette.types import ASGIApp
from yanxiu_wire import heap, log
from yanxiu_wire.admission import Admission
from yanxiu_wire.admission_metrics import offer_admission
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.listening import listen
from yanxiu_wire.metrics import offer_metrics
from yanxiu_wire.rpc import Bus
from yanxiu_wire.settings import SettingRefused, read_settings
from yanxiu_wire.spans import exporting

from yanxiu_gateway import door
from yanxiu_gateway.app import build_app
from yanxiu_gateway.asking_again import AskingAgain
from yanxiu_gateway.asking_briefly import Briefly
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.budgets import Allowed, Budgets
from yanxiu_gateway.bundling import Bundling
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.circuits import Circuits
from yanxiu_gateway.cross_origin import cross_origin
from yanxiu_gateway.equal_reads import EqualReads
from yanxiu_gateway.health import Health
from yanxiu_gateway.issuer_keys import IssuerKeys, IssuerUnusable, issuer_client
from yanxiu_gateway.kept_answers import KeptAnswers
from yanxiu_gateway.kerb import kerb_of
from yanxiu_gateway.limits import Limits
from yanxiu_gateway.live_limits import Held
from yanxiu_gateway.metrics import Counted, offer_held
from yanxiu_gateway.patience import Cuttable
from yanxiu_gateway.ports import open_ports, with_metrics
from yanxiu_gateway.prompt import prompt
from yanxiu_gateway.retrying import Retrying
from yanxiu_gateway.schema.build import the_schema
from yanxiu_gateway.settings import GatewaySettings
from yanxiu_gateway.shared_budgets import SharedFile, shared_budgets
from yanxiu_gateway.signing_keys import KeyFile
from yanxiu_gateway.tokens import PUBLIC_FILE
from yanxiu_gateway.trusted import TrustedDocuments
from yanxiu_gateway.unbroken import Unbroken
from yanxiu_gateway.vital_facts import vitals_of

GRACE_SECONDS = 10


class DrainingServer(uvicorn.Server):
    """On a signal: no longer ready, go on answering for a while, then close the port and finish what was accepted."""

    def __init__(self, config: uvicorn.Config, health: Health, drain_seconds: float, held: Held) -> None:
        super().__init__(config)
        self._held = held
        self._health = health
        self._drain_seconds = drain_seconds
        self._loop = asyncio.get_running_loop()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        """Leave in order; a second signal leaves at once.

        The signal is not kept for raising again, as uvicorn does: closing the bus is still to come.
        """
        if self._health.draining:
            self.should_exit = self.force_exit = True
            return
        self._health.draining = True
        self._loop.call_soon_threadsafe(self._loop.call_later, self._drain_seconds, self._close_port)

    def _close_port(self) -> None:
        self._held.end()
        self.should_exit = True


async def serve(settings: GatewaySettings) -> None:
    """Connect, answer until a signal comes, drain, close."""
    offer_metrics("gateway", settings)
    with exporting("gateway", settings, place="edge"):
        async with reading_tokens(settings) as tokens:
            await _serve(settings, tokens)


@contextlib.asynccontextmanager
async def reading_tokens(settings: GatewaySettings) -> AsyncIterator[TokenReader]:
    """What verifies tokens: of the OIDC issuer where one is set, else of the development issuer."""
    if settings.issuer_url is None:
        yield TokenReader(
            KeyFile(settings.keys / PUBLIC_FILE), issuer=settings.token_issuer, audience=settings.token_audience
        )
        return
    try:
        keys = IssuerKeys(settings.issuer_url, issuer_client(settings.issuer_authority))
    except (IssuerUnusable, OSError) as error:
        raise SettingRefused("YANXIU_ISSUER_URL", str(error), "") from None
    try:
        yield TokenReader(
            keys, issuer=settings.issuer_url, audience=settings.token_audience, algorithms=settings.token_algorithms
        )
    finally:
        await keys.close()


async def _serve(settings: GatewaySettings, tokens: TokenReader) -> None:
    bus = await Bus.connect(settings.nats_url, name="gateway", access=settings.access)
    circuits = Circuits(Counted(Bundling(bus)))
    health = Health(bus, tokens, settings.services, circuits.states)
    held = Held()
    offer_held(held)
    # It has no endpoints on the bus: it only tells there how it is.
    serving = await bus.serve("gateway", version("yanxiu"), {})
    serving.tell(lambda: vitals_of(held, circuits))
    again = AskingAgain(EqualReads(Retrying(circuits)), KeptAnswers(), Briefly(bus, circuits))
    trusted = TrustedDocuments.read(settings.trusted_documents, only=settings.trusted_only)
    app = build_app(
        schema=the_schema(),
        backend=Backend(again),
        again=again,
        tokens=tokens,
        health=health,
        limits=Limits(body_bytes=settings.max_body_bytes),
        budgets=_budgets(settings),
        trusted=trusted,
        console=settings.graphiql,
        listen=functools.partial(listen, bus),
        held=held,
        by_grants=settings.issuer_url is not None,
        operators=settings.operators,
    )
    admission = Admission(settings.in_hand)
    offer_admission(door.NAME, admission)
    entered = door.Door(app, admission, district_of=tokens.district_of, commands=trusted.commands())
    heap.settle()
    log.logger().info("gateway-starts", host=settings.http_host, port=settings.http_port)
    outer = with_metrics(Cuttable(cross_origin(Unbroken(entered), settings.allowed_origins)), settings)
    config = _listening(settings, outer, prompt(kerb_of(entered)))
    await DrainingServer(config, health, settings.drain_seconds, held).serve(open_ports(settings))
    await serving.drain()
    await bus.close()
    log.logger().info("gateway-stopped")


def _budgets(settings: GatewaySettings) -> Budgets:
    allowed = Allowed(operation=settings.max_cost, caller=settings.caller_cost, district=settings.district_cost)
    if settings.shared_budgets is None:
        return Budgets(allowed)
    return shared_budgets(allowed, SharedFile(settings.shared_budgets))


def _listening(settings: GatewaySettings, app: ASGIApp, protocol: type[asyncio.Protocol]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=protocol,
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="yanxiu_gateway.denying:Denying",
        ws_max_size=settings.max_body_bytes,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def main() -> None:
    """Run until told to stop."""
    log.configure("gateway")
    try:
        uvloop.run(serve(read_settings(GatewaySettings)))
    except (SettingRefused, ServiceUnavailable) as error:
        log.logger().error("gateway-cannot-start", problem=str(error))
        sys.exit(2)


if __name__ == "__main__":
    main()
