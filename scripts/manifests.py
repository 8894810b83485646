"""Renders the overlays of k8s/ into golden files (`render`), and has checkov look at what was rendered (`check`).

checkov pins versions of what our own environment has newer, so it has one of its own, from k8s/checkov.lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
K8S = ROOT / "k8s"
OVERLAYS = ("local", "district", "prefecture")
LOCK = K8S / "checkov.lock"
OWN = VENV / "checkov"
HEADER = "# 由来源渲染（scripts/manifests.py render），来源的 SHA-256 · rendered; SHA-256 of the sources: "


def sources(overlay: str) -> str:
    """Return the SHA-256 of every file that may be rendered into an overlay, with its path."""
    digest = hashlib.sha256()
    folders = (K8S / "base", K8S / "components", K8S / "overlays" / overlay)
    for path in sorted(one for folder in folders for one in folder.rglob("*") if one.is_file()):
        digest.update(f"{path.relative_to(K8S).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def kustomized(overlay: str) -> str:
    """Return what kustomize makes of an overlay; raises FileNotFoundError without kubectl."""
    call = ["kubectl", "kustomize", str(K8S / "overlays" / overlay)]
    return subprocess.run(call, stdout=subprocess.PIPE, text=True, timeout=60, check=True).stdout  # noqa: S603  ours


def render() -> int:
    """Write every golden file anew."""
    for overlay in OVERLAYS:
        (K8S / "golden" / f"{overlay}.yaml").write_text(f"{HEADER}{sources(overlay)}\n{kustomized(overlay)}", "utf-8")
    return 0


def check() -> int:
    """Run checkov over the golden files; what it is told to pass over says why in the manifest itself."""
    installed()
    files = [part for overlay in OVERLAYS for part in ("-f", str(K8S / "golden" / f"{overlay}.yaml"))]
    call = [OWN / "bin" / "checkov", "--framework", "kubernetes", "--compact", "--quiet", "--skip-download", *files]
    # It would ask its maker for guidelines and report that it ran; nothing of that is wanted.
    env = dict(os.environ, BC_SKIP_MAPPING="TRUE", CKV_IGNORE_HIDDEN_DIRECTORIES="false")
    done = subprocess.run([*map(str, call), "--output", "json"], env=env, stdout=subprocess.PIPE, text=True)  # noqa: S603  ours
    found = json.loads(done.stdout)
    summary, failed = found["summary"], found["results"]["failed_checks"]
    for one in failed:
        sys.stderr.write(f"{one['check_id']} {one['resource']} ({Path(one['file_path']).name}): {one['check_name']}\n")
    sys.stderr.write(f"checkov {summary['checkov_version']}: {summary['passed']} passed, ")
    sys.stderr.write(f"{summary['failed']} failed, {summary['skipped']} passed over with a reason\n")
    # A scan of nothing would pass too.
    return 1 if failed or done.returncode or summary["parsing_errors"] or not summary["passed"] else 0


def installed() -> None:
    """Have checkov in an environment of its own, exactly as it is locked; nothing to do when it is there."""
    from set_up import environment  # here, for who only wants a digest need not have it beside

    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = OWN / ".set-up"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    uv, env = str(VENV / "bin" / "uv"), environment([VENV / "bin" / "python", "-m", "pip"])
    env.pop("VIRTUAL_ENV")
    python = str(OWN / "bin" / "python")
    run = lambda *call: subprocess.run([uv, *call], env=env, check=True)  # noqa: E731, S603  ours
    run("venv", "--quiet", "--clear", "--python", str(VENV / "bin" / "python"), str(OWN))
    run("pip", "sync", "--quiet", "--require-hashes", "--python", python, str(LOCK))
    stamp.write_text(wanted)


if __name__ == "__main__":
    sys.exit({"render": render, "check": check}[sys.argv[1]]())
