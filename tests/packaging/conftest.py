"""The wheels of everything that is shipped, built once, and an environment that holds nothing else of ours."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKS = tuple(sorted(file.parent.name for file in (ROOT / "plugins").glob("*/pyproject.toml")))
FOLDERS = {"yanxiu": ".", "yanxiu_rulekit": "rulekit"} | {f"yanxiu_{name}": f"plugins/{name}" for name in PACKS}


@pytest.fixture(scope="package")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Name -> wheel, built without a network by the pinned build backend."""
    out = tmp_path_factory.mktemp("wheels")
    for folder in FOLDERS.values():
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
        subprocess.run(command, cwd=ROOT / folder, check=True, capture_output=True, timeout=120)
    return {path.name.split("-")[0]: path for path in out.glob("*.whl")}


@pytest.fixture(scope="package")
def bare(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with our wheels alone; third-party packages are those of the test's own environment."""
    venv = tmp_path_factory.mktemp("bare") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True, timeout=60)
    scripts = Path(sysconfig.get_path("scripts"))
    command = [scripts / "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--no-index"]
    subprocess.run([*command, "--python", venv / "bin" / "python", *wheels.values()], check=True, timeout=60)
    site = next((venv / "lib").glob("python*/site-packages"))
    # A path in a .pth file is only a path: the editable installs' own .pth files over there are not read.
    (site / "third_party.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (venv / "bin" / "nats-server").symlink_to(scripts / "nats-server")
    return venv
