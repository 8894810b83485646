"""The planner in a process of its own: the problem comes in on one line, progress goes out, and the answer last.

A further line, or the end of the input, means that nobody wants more than the best so far.
"""

from __future__ import annotations

import sys
import threading

import msgspec

from yanxiu_visits.planning.problem_text import Line, read, write_line
from yanxiu_visits.planning.solver.answer import Progress
from yanxiu_visits.planning.solver.solve import plan


def main() -> None:
    """Read `[seconds, problem]`, solve, and write what was found."""
    seconds, text = msgspec.json.decode(sys.stdin.buffer.readline(), type=tuple[int, str])
    problem = read(text)
    no_more = threading.Event()
    threading.Thread(target=_listen, args=(no_more,), daemon=True).start()

    def tell(progress: Progress) -> None:
        _write(Line(progress=progress))

    answer = plan(problem, seconds=seconds, tell=tell, cancelled=no_more.is_set)
    _write(Line(answer=answer))


def _listen(no_more: threading.Event) -> None:
    sys.stdin.buffer.readline()
    no_more.set()


def _write(line: Line) -> None:
    sys.stdout.buffer.write(write_line(line))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
