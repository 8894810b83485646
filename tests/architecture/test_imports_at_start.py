"""What each process imports when it starts: memory and CPU of every start, which grow unseen."""

from __future__ import annotations

import json
import subprocess
import sys

# Of these nobody is without knowing it; with what they bring they are 1 to 20 MB each.
HEAVY = frozenset({
    "aiosqlite", "alembic", "apscheduler", "cedarpy", "click", "cryptography", "cyclopts", "duckdb", "graphql",
    "highspy", "httpx2", "joserfc", "mako", "numpy", "openpyxl", "opentelemetry.exporter", "pandas", "polars",
    "psycopg", "python_calamine", "requests", "sqlalchemy", "starlette", "strawberry", "typst", "uvicorn",
    "websockets", "xlsxwriter", "yanxiu_cli", "yanxiu_credits", "yanxiu_durable", "yanxiu_footing",
    "yanxiu_gateway", "yanxiu_registry", "yanxiu_rulekit", "yanxiu_visits",
})  # fmt: skip
SERVICE = {"aiosqlite", "cedarpy", "sqlalchemy", "yanxiu_durable", "yanxiu_footing", "yanxiu_rulekit"}
AT_START = {
    "yanxiu_registry.__main__": SERVICE | {"cryptography", "yanxiu_registry"},
    "yanxiu_credits.__main__": SERVICE | {"apscheduler", "cryptography", "joserfc", "numpy", "yanxiu_credits"},
    "yanxiu_visits.__main__": SERVICE | {"highspy", "numpy", "yanxiu_visits"},
    "yanxiu_gateway.__main__": {
        "click",
        "cryptography",
        "graphql",
        "httpx2",
        "joserfc",
        "starlette",
        "strawberry",
        "uvicorn",
        "yanxiu_gateway",
    },
    # The supervisor, until it prepares the trunk: a refused option needs no more.
    "yanxiu_cli.up": {"cryptography", "cyclopts", "joserfc", "yanxiu_cli", "yanxiu_gateway", "yanxiu_rulekit"},
}
# In one process, whose forks import: to start the interpreter so often would cost as much again.
LOOK = """
import importlib, json, os, sys
for module in sys.argv[1:]:
    read, write = os.pipe()
    if os.fork() == 0:
        importlib.import_module(module)
        os.write(write, json.dumps(sorted(sys.modules)).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        print(told.read() or "[]", flush=True)
    os.wait()
"""


def test_a_process_imports_no_heavy_module_at_its_start_but_those_that_it_is_known_to_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK, *AT_START], capture_output=True, text=True, timeout=120, check=True
    )
    told = [set(json.loads(line)) for line in done.stdout.splitlines()]
    found = {module: HEAVY & names for module, names in zip(AT_START, told, strict=True)}
    assert found == AT_START, done.stderr
