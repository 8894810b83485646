"""What can go wrong, each made once by `strike`; afterwards the world is whole again and the load goes on."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from nats.js.errors import NotFoundError
from yanxiu_wire.contracts import AREAS
from yanxiu_wire.followed import durable_name
from yanxiu_wire.stream import stream_of

from tests.chaos.world import CREDITS, PARTS, SERVICES, World

# Longer than a client waits for its answer, so that its command would be late.
PAUSE_SECONDS = 4.0
SHORT_SECONDS = 0.8
CUT_SECONDS = 3.0
AWAY_SECONDS = 2.0
FULL_SECONDS = 1.5
# For so long it stays full at most when no command has met it.
FELT_SECONDS = 8.0
CLOCK_SECONDS = 2.5
# Where entries are written, and where the people are entered of whom they are; back and ahead in turn.
CLOCKS = tuple(itertools.product(("credits", "registry"), ("-2h", "+400d")))
# What a client is told while a clock is wrong: that it is not believed, or, of one ahead, that his time is over.
CLOCK_FELT = ("CLOCK_NOT_BELIEVED", "DEADLINE_EXCEEDED")
# Sent while every process of the credits service stands still, and never again: nothing of them may be written.
ABANDONED = 4
# Asked of the credits service while it ends: each is answered, by it or by the other.
VOLLEY = 24
HELD_SECONDS = 1.0
# For so long the credits service is told nothing by the registry.
KEPT_BACK_SECONDS = 2.0

Strike = Callable[["Scene"], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault: how often it is chosen, whether it needs root, and where data must be kept for it."""

    name: str
    weight: int
    strike: Strike
    rooted: bool = False
    on: Literal["", "sqlite", "postgresql"] = ""


@dataclass(slots=True)
class Scene:
    """Where a fault happens: world, district, chance, a command that nobody repeats, a question, a new teacher."""

    world: World
    district: str
    choice: random.Random
    abandon: Callable[[], Awaitable[None]]
    ask: Callable[[int, asyncio.Event], Coroutine[Any, Any, None]]
    hire: Callable[[], Coroutine[Any, Any, None]]
    clocks: Iterator[tuple[str, str]] = field(default_factory=lambda: itertools.cycle(CLOCKS))


async def kill(scene: Scene) -> str:
    """kill -9 of one part; it is started again at once, as a supervisor does."""
    name = scene.choice.choice(PARTS)
    await scene.world.kill([name])
    await scene.world.revive([name])
    return name


async def kill_both(scene: Scene) -> str:
    """kill -9 of both processes of the credits service, so that nobody else could have finished the work."""
    await scene.world.kill(CREDITS)
    await scene.world.revive(CREDITS)
    return "both"


async def kill_server(scene: Scene) -> str:
    """kill -9 of nats-server."""
    await asyncio.to_thread(scene.world.nats.restart)
    return ""


async def take_server_away(scene: Scene) -> str:
    """nats-server is away for longer than a client needs to try once more; whoever was connected comes back."""
    connected = scene.world.serving()
    scene.world.nats.kill()
    await asyncio.sleep(AWAY_SECONDS)
    await asyncio.to_thread(scene.world.nats.start)
    await scene.world.connected_again(connected)
    return ""


async def end(scene: Scene) -> str:
    """SIGTERM to one part while requests come: it answers what it has taken, and ends well."""
    name = scene.choice.choice(PARTS)
    sent = asyncio.Event()
    asked = asyncio.create_task(scene.ask(VOLLEY, sent))
    await sent.wait()
    part = scene.world.platform.parts[name]
    serves = part.serves
    code = await part.end()
    # One that is still starting has taken nothing, and ends as SIGTERM ends any process.
    assert code == 0 or not serves, f"{name} ended with {code}"
    await asked
    await scene.world.revive([name])
    return name


async def hold_up_and_kill(scene: Scene) -> str:
    """Both processes of the credits service are killed while they wait to write down what the registry told them."""
    with scene.world.database.writing("credits", scene.district):
        hired = asyncio.create_task(scene.hire())
        # How long they are held up is the fault itself; what they wait with, they tell nobody.
        await asyncio.sleep(HELD_SECONDS)
        await scene.world.kill(CREDITS)
    await scene.world.revive(CREDITS)
    await hired
    return ""


async def keep_news_back(scene: Scene) -> str:
    """The stream tells the credits service of a new teacher late: what is asked about him is refused at first."""
    until = datetime.now(UTC) + timedelta(seconds=KEPT_BACK_SECONDS)
    async with scene.world.bus() as bus:
        with contextlib.suppress(NotFoundError):  # deleted a moment ago, by the last fault
            await bus.jetstream.pause_consumer(
                stream_of("registry"), durable_name("credits", "registry"), until.isoformat().replace("+00:00", "Z")
            )
    await scene.hire()
    return ""


async def pause(scene: Scene) -> str:
    """A part stands still for less time than a client waits."""
    name = scene.choice.choice(PARTS)
    return await _stand_still(scene, (name,), SHORT_SECONDS)


async def pause_past_deadline(scene: Scene) -> str:
    """All processes of the credits service stand still past every deadline: what was asked meanwhile never happens."""
    return await _stand_still(scene, CREDITS, PAUSE_SECONDS, abandoning=True)


async def partition(scene: Scene) -> str:
    """A part and nats-server do not hear each other."""
    name = scene.choice.choice(PARTS)
    scene.world.part_from_server(name)
    try:
        await asyncio.sleep(CUT_SECONDS)
    finally:
        scene.world.heal()
    return name


async def delete_stream(scene: Scene) -> str:
    """A service's stream of events is deleted by hand."""
    service = scene.choice.choice(sorted(AREAS))
    async with scene.world.bus() as bus:
        with contextlib.suppress(NotFoundError):  # deleted a moment ago, by the last fault
            await bus.jetstream.delete_stream(stream_of(service))
    return service


async def flip_bit(scene: Scene) -> str:
    """One bit of the stream turns over on the disk while the server is away."""
    scene.world.nats.kill()
    where = scene.world.flip_bit(scene.choice)
    await asyncio.to_thread(scene.world.nats.start)
    return where


async def cut_power_of_data(scene: Scene) -> str:
    """The host of the databases loses power, with every service on it."""
    await scene.world.stand_still(SERVICES)
    scene.world.data_disk.cut()
    await scene.world.cut(SERVICES)
    await asyncio.to_thread(scene.world.data_disk.restore)
    await scene.world.revive(SERVICES)
    return ""


async def cut_power_of_stream(scene: Scene) -> str:
    """The host of nats-server loses power."""
    scene.world.nats.pause()
    scene.world.stream_disk.cut()
    scene.world.nats.kill()
    await asyncio.to_thread(scene.world.stream_disk.restore)
    await asyncio.to_thread(scene.world.nats.start)
    return ""


async def kill_database(scene: Scene) -> str:
    """kill -9 of PostgreSQL with all its processes."""
    await asyncio.to_thread(scene.world.postgres.kill)
    await asyncio.to_thread(scene.world.postgres.start)
    return ""


async def stop_database(scene: Scene) -> str:
    """PostgreSQL is ended in order, stays away for a while, and comes back."""
    await asyncio.to_thread(scene.world.postgres.end)
    await asyncio.sleep(AWAY_SECONDS)
    await asyncio.to_thread(scene.world.postgres.start)
    return ""


async def cut_power_of_database(scene: Scene) -> str:
    """The host of PostgreSQL loses power; the services are on others."""
    scene.world.postgres_disk.cut()
    await asyncio.to_thread(scene.world.postgres.kill)
    await asyncio.to_thread(scene.world.postgres_disk.restore)
    await asyncio.to_thread(scene.world.postgres.start)
    return ""


async def fill_disk_of_database(scene: Scene) -> str:
    """The disk of PostgreSQL is full until a transaction has met it, or the server itself; who ended is started again.

    A table that needs another page is told so; a log that needs another piece, in half of the cases, ends the server.
    """
    log = scene.choice.random() < 0.5
    told = _told_so_far(scene, "STORAGE_FULL", "SERVICE_UNAVAILABLE")
    filler = await asyncio.to_thread(scene.world.postgres_disk.fill)
    try:
        if log:
            await asyncio.to_thread(scene.world.postgres.want_room)
        await asyncio.sleep(FULL_SECONDS)
        felt = await told()
    finally:
        await asyncio.to_thread(scene.world.postgres_disk.free, filler)
    ended = await asyncio.to_thread(scene.world.postgres.whole)
    return f"{'log' if log else 'tables'}, told {felt} times{', the server had ended' if ended else ''}"


async def fill_disk_of_data(scene: Scene) -> str:
    """The disk of the databases is full until a COMMIT has met it.

    The log of what was written is emptied first: SQLite writes into the room that it has, and would feel nothing.
    """
    told = _told_so_far(scene, "STORAGE_FULL")
    await asyncio.to_thread(scene.world.files.empty_log, "credits", scene.district)
    filler = await asyncio.to_thread(scene.world.data_disk.fill)
    try:
        await asyncio.sleep(FULL_SECONDS)
        felt = await told()
    finally:
        await asyncio.to_thread(scene.world.data_disk.free, filler)
    return f"told {felt} times"


def _told_so_far(scene: Scene, *codes: str) -> Callable[[], Awaitable[int]]:
    """What says how often clients were told one of the codes since now, once it was, or nobody was for long enough."""

    def count() -> int:
        return sum(scene.world.platform.told[one] for one in codes)

    before = count()

    async def since() -> int:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FELT_SECONDS):
                while count() == before:  # noqa: ASYNC110 - the clients count and tell nobody
                    await asyncio.sleep(0.05)
        return count() - before

    return since


async def fill_disk_of_stream(scene: Scene) -> str:
    """The disk of nats-server is full for a while."""
    filler = await asyncio.to_thread(scene.world.stream_disk.fill)
    try:
        await asyncio.sleep(FULL_SECONDS)
    finally:
        await asyncio.to_thread(scene.world.stream_disk.free, filler)
    return ""


async def turn_clock(scene: Scene) -> str:
    """The clock of a host jumps until a client felt it, and comes back.

    Where a clock is believed that was turned back nobody is refused: entries are dated by it all that time.
    """
    host, offset = next(scene.clocks)
    told = _told_so_far(scene, *CLOCK_FELT)
    scene.world.turn_clock(host, offset)
    try:
        await asyncio.sleep(CLOCK_SECONDS)
        felt = await told()
    finally:
        scene.world.turn_clock(host, "+0")
    return f"{host} {offset}, told {felt} times"


async def _stand_still(scene: Scene, names: tuple[str, ...], seconds: float, *, abandoning: bool = False) -> str:
    await scene.world.stand_still(names)
    try:
        if abandoning:
            await asyncio.gather(*(scene.abandon() for _ in range(ABANDONED)))
        await asyncio.sleep(seconds)
    finally:
        scene.world.go_on(names)
    return ",".join(names)


FAULTS = (
    Fault("kill", 30, kill),
    Fault("kill-both", 8, kill_both),
    Fault("kill-server", 8, kill_server),
    Fault("end", 12, end),
    Fault("pause", 16, pause),
    Fault("pause-past-deadline", 5, pause_past_deadline),
    Fault("hold-up-and-kill", 3, hold_up_and_kill),
    Fault("delete-stream", 2, delete_stream),
    Fault("flip-bit", 3, flip_bit),
    Fault("take-server-away", 2, take_server_away),
    Fault("keep-news-back", 2, keep_news_back),
    Fault("partition", 8, partition, rooted=True),
    Fault("kill-database", 8, kill_database, on="postgresql"),
    Fault("stop-database", 4, stop_database, on="postgresql"),
    Fault("cut-power-of-database", 3, cut_power_of_database, rooted=True, on="postgresql"),
    Fault("fill-disk-of-database", 2, fill_disk_of_database, rooted=True, on="postgresql"),
    Fault("cut-power-of-data", 3, cut_power_of_data, rooted=True, on="sqlite"),
    Fault("cut-power-of-stream", 2, cut_power_of_stream, rooted=True),
    Fault("fill-disk-of-data", 1, fill_disk_of_data, rooted=True, on="sqlite"),
    Fault("fill-disk-of-stream", 1, fill_disk_of_stream, rooted=True),
    Fault("turn-clock", 3, turn_clock, rooted=True),
)
