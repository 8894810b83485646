"""Another process that reads one district's file while it is written, and holds what it keeps against what is there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yanxiu_credits.store.kept_parts import KeptParts
from yanxiu_credits.store.record_parts import Shape, as_told, look_for_parts
from yanxiu_durable.looking import Look, SqliteLooks
from yanxiu_wire.columns import Column
from yanxiu_wire.credits import Record
from yanxiu_wire.record_parts import RecordColumns, columns_read, columns_told

FIELDS = ("id", "on", "status", "hours", "credits")
# Two questions, so that readers of one wait for one another and not for those of the other.
SHAPES = tuple(Shape(fields, "district", since=False, until=False, after=False) for fields in (FIELDS, FIELDS[:3]))
READERS, LOOKS = 4, 6
_ROOT = Path(__file__).parents[3]


class Beside:
    """The reading process: `begin` has several threads of it read, `ended` says how many rows the last of them saw."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def begin(self) -> None:
        self._say(LOOKS)

    def alone(self) -> None:
        """One look of each reader, after all that was written until now."""
        self._say(1)

    def ended(self) -> int:
        assert self._process.stdout is not None
        told = self._process.stdout.readline()
        assert told, "it has ended"
        found = json.loads(told)
        assert isinstance(found, int), found
        return found

    def _say(self, times: int) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{times}\n")
        self._process.stdin.flush()


@contextmanager
def reading_beside(file: Path, district: str, teachers: Sequence[str]) -> Iterator[Beside]:
    """Start it, and end it with the block."""
    command = (sys.executable, "-m", __name__, str(file), district, *teachers)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        # The end of the block closes its input, and waits for it.
        yield Beside(process)
    assert process.returncode == 0


def _reads(file: Path, district: str, teachers: tuple[str, ...]) -> None:
    """For each line of the input so many looks of each thread, then the rows of the last one, or what was different."""
    kept, looks = KeptParts(), SqliteLooks(file)
    given = {
        "of": district, "teachers": list(teachers), "scope_id": "", "today": None, "since": None, "until": None,
        "last_on": None, "last_id": None, "most": 201,
    }  # fmt: skip

    def read(reader: int, times: int) -> int:
        shape = SHAPES[reader % len(SHAPES)]
        return [looks.look(lambda look: _rows(look, kept, shape, given)) for _ in range(times)][-1]

    with ThreadPoolExecutor(READERS) as threads:
        for line in sys.stdin:
            told: int | str
            try:
                told = max(threads.map(read, range(READERS), [int(line)] * READERS))
            except Exception as problem:  # noqa: BLE001 - it is the answer, and fails the test
                told = repr(problem)
            sys.stdout.write(f"{json.dumps(told)}\n")
            sys.stdout.flush()
    looks.close()


def _rows(look: Look, kept: KeptParts, shape: Shape, given: dict[str, Any]) -> int:
    """How many rows there are; raises where those that are kept are not those of this state of the file."""
    told = kept.told(look, shape, given, given["teachers"])
    if told is None:
        raise AssertionError("nothing is kept")
    found = look_for_parts(look, shape, given)
    pages = [found.get(teacher, ()) for teacher in given["teachers"]]
    read = columns_told(shape.fields, as_told(shape, [row for page in pages for row in page]))
    if told.counts != tuple(map(len, pages)):
        raise AssertionError(told.counts, pages)
    ours, theirs = (_values(shape, columns, told.counts) for columns in (told.columns, read))
    if ours != theirs:
        raise AssertionError(ours, theirs)
    return sum(told.counts)


def _values(shape: Shape, columns: tuple[Column, ...], counts: tuple[int, ...]) -> dict[str, list[Any]]:
    told = RecordColumns(fields=shape.fields, columns=columns, counts=counts, has_next=(False,) * len(counts))
    return {name: list(values.all()) for name, values in columns_read(told, Record).items()}


if __name__ == "__main__":
    _reads(Path(sys.argv[1]), sys.argv[2], tuple(sys.argv[3:]))
