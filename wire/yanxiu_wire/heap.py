"""The memory of a process that has started: schema, statements and rules, which live as long as it does."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc

# mallopt's names for them, from malloc.h.
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
_LARGE = 256 * 1024
_TIDY_SECONDS = 1.0
# What all requests in hand together hold, with room: else the collector comes by in the midst of them, twice for five
# requests, and finds nothing, for what a request made goes with it.
_YOUNG = 25_000


class _Tidying:
    """Whether this process will tidy up in a moment."""

    timer: asyncio.TimerHandle | None = None


def settle() -> None:
    """Keep what was made so far out of the garbage collector's way; call it once, when the process is ready.

    Otherwise every full collection looks through all of it again, and every request in flight waits for that.
    """
    gc.collect()
    gc.freeze()
    seldom()
    give_back()


def seldom() -> None:
    """Have the collector of this process and its forks come by after as many objects as only cycles add up to."""
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])


def sparing() -> None:
    """Have the C library keep little of what is freed: one heap for all threads, large blocks given back at once."""
    with contextlib.suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Return what was freed to the system, where the C library can."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def answered(size: int) -> None:
    """Note the bytes of an answer: a moment after a large one, what it was made of is looked for and given back.

    The collector by itself comes by after so many more objects that they are all still there an hour later.
    """
    if size >= _LARGE and _Tidying.timer is None:
        _Tidying.timer = asyncio.get_running_loop().call_later(_TIDY_SECONDS, _tidy)


def _tidy() -> None:
    _Tidying.timer = None
    gc.collect()
    give_back()
