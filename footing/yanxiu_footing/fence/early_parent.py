"""The clean parent of a process that was forked with everything imported: forked as its very first act.

Until then that process is clean itself: it has read no setting and no key, opened nothing, and has one thread. So its
memory is shared with the cells instead of being imported again.
"""

from __future__ import annotations

import os
import socket

from yanxiu_wire import forked, forking

from yanxiu_footing.fence.clean_parent import serve


class EarlyParent:
    """A clean parent that waits for orders since before its main process began."""

    def __init__(self, pid: int, control: socket.socket) -> None:
        self.pid = pid
        self.control = control


_waiting: dict[str, EarlyParent] = {}


def fork(module: str) -> None:
    """Fork it; nothing may have been read, opened or started in this process but what it was forked with."""
    ours, its = forked.pair()
    pid = os.fork()
    if pid == 0:

        def be_it() -> None:
            ours.close()
            serve(module, its)

        forking.run_to_the_end(be_it)
    its.close()
    _waiting[module] = EarlyParent(pid, ours)


def waits(module: str) -> bool:
    """Whether there is one for these cells that was not taken yet."""
    return module in _waiting


def take(module: str) -> EarlyParent | None:
    """The one that was forked for these cells, once; None where there is none."""
    return _waiting.pop(module, None)
