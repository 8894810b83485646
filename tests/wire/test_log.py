"""Logs: one JSON object a line, with the trace, and never a national id."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from yanxiu_wire import log
from yanxiu_wire.log import mask_national_ids

# Synthetic: the region code is real, nobody is born in 1880.
SYNTHETIC_ID = "53080218800101123X"

PROGRAM = f"""
import logging
from yanxiu_wire import log, tracing
log.configure("credits")
with tracing.continued():
    log.logger().info("counted", teachers=3, 学时="59.5", trace=tracing.trace_id())
    try:
        raise RuntimeError("teacher {SYNTHETIC_ID}")
    except RuntimeError:
        log.logger().exception("fault", fault_id="1", facts={{"id": ["{SYNTHETIC_ID}"]}})
logging.getLogger("some.library").warning("saw %s", "{SYNTHETIC_ID}")
logging.getLogger("some.library").info("chatter")
"""


def test_lines_are_json_with_service_time_and_trace_and_without_national_ids() -> None:
    done = subprocess.run([sys.executable, "-W", "error", "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert SYNTHETIC_ID not in done.stderr
    counted, fault, library = (json.loads(line) for line in done.stderr.splitlines())
    assert counted["event"] == "counted"
    assert (counted["service"], counted["level"], counted["teachers"], counted["学时"]) == (
        "credits",
        "info",
        3,
        "59.5",
    )
    assert counted["timestamp"].endswith("Z")
    assert counted["trace_id"] == counted["trace"] == fault["trace_id"]
    assert "RuntimeError: teacher ******************" in fault["exception"]
    assert fault["facts"] == {"id": ["******************"]}
    assert (library["event"], library["service"], library["level"]) == ("saw ******************", "credits", "warning")


FULL = """
import logging, os, sys
from yanxiu_wire import log, metrics
log.configure("credits")
log.told("before")
fits = os.dup(2)
os.dup2(os.open("/dev/full", os.O_WRONLY), 2)
for _ in range(200):
    log.told("lost", why="x" * 200)
    log.logger().warning("lost", why="x" * 200)
    logging.getLogger("some.library").warning("lost")
os.dup2(fits, 2)
log.logger().info("after")
print(metrics.LINES_LOST._metric._value.get())
"""


BUFFERED = {"PYTHONUNBUFFERED": ""}
UNBUFFERED = {"PYTHONUNBUFFERED": "1"}


@pytest.mark.parametrize("environment", [BUFFERED, UNBUFFERED], ids=["buffered", "unbuffered"])
def test_a_log_whose_disk_is_full_fails_nothing_and_says_afterwards_what_was_lost(environment: dict[str, str]) -> None:
    command, known = [sys.executable, "-W", "error", "-c", FULL], os.environ | environment
    done = subprocess.run(command, env=known, capture_output=True, text=True, check=True)
    assert done.stdout == "600.0\n"
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["event"], line["service"], line.get("lines")) for line in lines] == [
        ("before", "credits", None),
        ("log-lines-lost", "credits", 600),
        ("after", "credits", None),
    ]


UNREAD = """
from yanxiu_wire import log
log.configure("credits")
input()
log.told("x")
log.logger().info("x")
print("on")
"""


@pytest.mark.parametrize("environment", [BUFFERED, UNBUFFERED], ids=["buffered", "unbuffered"])
def test_a_log_that_nobody_reads_any_more_fails_nothing(environment: dict[str, str]) -> None:
    command, known = [sys.executable, "-W", "error", "-c", UNREAD], os.environ | environment
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=known) as process:
        assert process.stderr is not None
        process.stderr.close()
        assert process.stdin is not None
        process.stdin.write("go on\n")
        process.stdin.close()
        assert process.stdout is not None
        assert process.stdout.read() == "on\n"
        assert process.wait() == 0


def test_a_line_that_was_torn_is_ended_before_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = [10]

    def write(place: int, line: bytes) -> int:
        taken = min(room[0], len(line))
        room[0] -= taken
        return written(place, line[:taken])

    written = os.write
    monkeypatch.setattr(os, "write", write)
    with (tmp_path / "log").open("w") as file:
        out = log._Out(file)
        out.write('{"event":"torn"}\n')
        out.write('{"event":"lost"}\n')
        room[0] = 1_000
        out.write('{"event":"after"}\n')
    torn, lost, after = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert (torn, json.loads(lost)["lines"], after) == ('{"event":"', 2, '{"event":"after"}')


@pytest.mark.parametrize(
    "value",
    [
        SYNTHETIC_ID,
        f"身份证{SYNTHETIC_ID}号",
        f"a,{SYNTHETIC_ID.lower()},b",
        530802188001011234,
        [{"x": (SYNTHETIC_ID,)}],
    ],
)
def test_what_looks_like_a_national_id_is_masked_wherever_it_stands(value: object) -> None:
    masked = str(mask_national_ids(None, "info", {"event": value}))
    assert "1880010" not in masked
    assert "*" * 18 in masked


@pytest.mark.parametrize(
    "value", ["0190a5e2-7c1b-7000-8000-123456789012", "5308021880010112345678", 42, None, True, "59.5"]
)
def test_what_is_no_national_id_stays(value: object) -> None:
    assert mask_national_ids(None, "info", {"event": value}) == {"event": value}
