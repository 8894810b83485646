"""The memory of a process that has started: schema, statements and rules, which live as long as it does."""

from __future__ import annotations

import gc


def settle() -> None:
    """Keep what was made so far out of the garbage collector's way; call it once, when the process is ready.

    Otherwise every full collection looks through all of it again, and every request in flight waits for that.
    """
    gc.collect()
    gc.freeze()
