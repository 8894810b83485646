"""Makes `.venv` from nothing but python3: the pinned dependencies, then the workspace members; a no-op when current.

Runs under whatever python3 the machine has (even one that is too old, to say so), with the standard library alone. It
names no package registry: pip's own configuration on this machine is used, and handed on to uv where uv has none.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / ".set-up"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
CERTIFICATES = (Path("/etc/ssl/certs/ca-certificates.crt"), Path("/etc/pki/tls/certs/ca-bundle.crt"))

# pip's option -> the variables of uv that say the same (the first is set when none of them is)
PIP_TO_UV = {
    "index-url": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    "extra-index-url": ("UV_INDEX", "UV_EXTRA_INDEX_URL"),
    "find-links": ("UV_FIND_LINKS",),
    "trusted-host": ("UV_INSECURE_HOST",),
    "no-index": ("UV_NO_INDEX",),
    "cert": ("SSL_CERT_FILE",),
    "proxy": ("ALL_PROXY", "HTTPS_PROXY", "https_proxy"),
}


class SetUpFailed(Exception):
    """Why the set-up cannot go on, in Chinese and English, with what to do."""


def say(text: str) -> None:
    """Write one line of progress to the error stream."""
    sys.stderr.write(f"==> {text}\n")
    sys.stderr.flush()


def members() -> list:
    """Return the workspace's folders, the kit first and the platform last."""
    plugins = sorted(path.parent for path in (ROOT / "plugins").glob("*/pyproject.toml"))
    return [ROOT / "rulekit", *plugins, ROOT]


def fingerprint() -> str:
    """Return a digest of everything that a set-up depends on: lock, project files, place and interpreter."""
    digest = hashlib.sha256(repr((str(ROOT), sys.version_info[:3], sys.prefix)).encode())
    console = ROOT / "gateway" / "console" / "package-lock.json"
    for path in [LOCK, console, Path(__file__), *(folder / "pyproject.toml" for folder in members())]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def newer_python() -> None:
    """Go on under a python3.11 or later; raises SetUpFailed when the machine has none."""
    if sys.version_info >= OLDEST:  # this file may be run by an older python3
        return
    for name in NEWER:
        found = shutil.which(name)
        if found and subprocess.call([found, "-c", "pass"], stderr=subprocess.DEVNULL) == 0:  # noqa: S603  a fixed list
            os.execv(found, [found, *sys.argv])  # noqa: S606  the same script under a newer interpreter
    here = ".".join(map(str, sys.version_info[:2]))
    raise SetUpFailed(
        f"需要 Python 3.11 或更高版本，本机的 python3 是 {here}。请安装 python3.11 后重试。\n"
        f"Python 3.11 or later is needed; python3 here is {here}. Install python3.11 and try again "
        "(or: make PYTHON=/path/to/python3.11)."
    )


def run(command: list, env: dict | None = None, quiet: bool = False) -> bool:
    """Run a command in the checkout; its output goes to the error stream. Returns whether it succeeded."""
    out = subprocess.DEVNULL if quiet else sys.stderr
    call = [str(part) for part in command]
    return subprocess.run(call, cwd=str(ROOT), env=env, stdout=out, stderr=out).returncode == 0  # noqa: S603  our own


def make_venv() -> list:
    """Create `.venv` and return the pip command that installs into it; raises SetUpFailed with the remedy."""
    pip = [PYTHON, "-m", "pip"]
    outside = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if has("ensurepip"):
        if run([sys.executable, "-m", "venv", "--clear", VENV]):
            return pip
    elif has("pip") and has("venv"):
        if run([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]):
            return outside
    elif os.geteuid() == 0 and shutil.which("apt-get"):
        say("apt-get install python3-venv (ensurepip is missing)")
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        install = ["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"]
        installed = run(install, quiet) or (run(["apt-get", "update"], quiet) and run(install, quiet))
        if installed and run([sys.executable, "-m", "venv", "--clear", VENV]):
            return pip
    raise SetUpFailed(
        "无法创建虚拟环境：本机的 Python 缺少 venv/ensurepip。\n"
        "Debian/Ubuntu 请执行：sudo apt-get install python3-venv，然后重试。\n"
        "Cannot create .venv: this Python lacks venv/ensurepip. On Debian or Ubuntu run: "
        "sudo apt-get install python3-venv, then try again."
    )


def has(module: str) -> bool:
    """Tell whether the machine's interpreter can import the module."""
    return run([sys.executable, "-c", "import " + module], quiet=True)


def pinned(name: str) -> str:
    """Return the lines of one package in the lock, hashes included."""
    entry = rf"^{re.escape(name)}==[^\n]*\n(?:    [^\n]*\n)*"
    found = re.search(entry, LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SetUpFailed(
            f"requirements.lock 中没有 {name}，请执行 make lock。\n"
            f"requirements.lock does not pin {name}: run make lock."
        )
    return found.group(0)


def environment(pip: list) -> dict:
    """Return uv's environment: the machine's own, and pip's configuration where uv has none."""
    env = dict(os.environ, VIRTUAL_ENV=str(VENV))
    env.setdefault("UV_PYTHON_PREFERENCE", "only-system")
    env.setdefault("UV_PYTHON_DOWNLOADS", "never")
    env.setdefault("UV_LINK_MODE", "copy")  # a cache on another disk is usual in containers; a copy needs no advice
    if any(path.exists() for path in CERTIFICATES):
        env.setdefault("UV_SYSTEM_CERTS", "true")  # a machine behind an inspecting proxy trusts it there
    listed = subprocess.run([*map(str, pip), "config", "list"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603  our own
    settings = {}
    for line in listed.stdout.decode().splitlines():
        key, _, value = line.partition("=")
        scope, _, option = key.partition(".")
        if option in PIP_TO_UV and (scope == ":env:" or option not in settings):
            settings[option] = ast.literal_eval(value)
    for option, value in settings.items():
        names = PIP_TO_UV[option]
        if not any(env.get(name) for name in names):
            separator = "," if option == "find-links" else " "
            env[names[0]] = separator.join(str(value).split())
    if "UV_INDEX" in env or "UV_EXTRA_INDEX_URL" in env:
        env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")  # as pip searches; every file is pinned by hash
    return env


def install(pip: list) -> None:
    """Install uv, then exactly the lock, then the members; raises SetUpFailed when neither uv nor pip can."""
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.txt"
        only_uv.write_text(pinned("uv"), encoding="utf-8")
        say("uv")
        run([*pip, "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps", "-r", only_uv])
    env = environment(pip)
    uv = [VENV / "bin" / "uv", "pip"]
    editable = [part for folder in members() for part in ("-e", folder)]
    local = ["--no-deps", "--no-build-isolation", *editable]
    say("requirements.lock")
    # Compiled once: where Python may write no bytecode, each of the platform's processes would compile all of it anew.
    sync = [*uv, "sync", "--quiet", "--compile-bytecode", "--require-hashes", LOCK]
    by_uv = uv[0].exists() and run(sync, env)
    if by_uv and run([*uv, "install", "--quiet", *local], env):
        return
    say("uv 未成功，改用 pip / uv did not succeed; trying pip")
    by_pip = run([*pip, "install", "--quiet", "--require-hashes", "-r", LOCK])
    if not by_pip or not run([*pip, "install", "--quiet", *local]):
        raise SetUpFailed(
            "依赖安装失败（原因见上）。请检查网络，或为 pip 设置镜像\n"
            "（pip config set global.index-url …）后重试。\n"
            "The dependencies could not be installed (see above). Check the network, or point pip at your "
            "mirror (pip config set global.index-url ...), and try again."
        )


def main() -> int:
    """Set up unless current; one at a time on this checkout. Returns the exit code."""
    try:
        newer_python()
        with LOCK.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            wanted = fingerprint()
            if STAMP.exists() and PYTHON.exists() and STAMP.read_text() == wanted:
                return 0
            say(f"设置 / setting up {VENV}")
            install(make_venv())
            run([PYTHON, ROOT / "scripts" / "fetch_console.py"])
            STAMP.write_text(wanted)
            say("完成 / done")
    except SetUpFailed as reason:
        sys.stderr.write(f"\n{reason}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
