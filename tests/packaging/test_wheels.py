"""What is shipped: wheels of platform, kit and packs, installed side by side and found by their names."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.packaging.conftest import FOLDERS, PACKS

pytestmark = pytest.mark.timeout(180)


def run(venv: Path, *words: str, cwd: Path) -> str:
    done = subprocess.run([venv / "bin" / words[0], *words[1:]], cwd=cwd, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_distribution_makes_a_wheel(wheels: dict[str, Path]) -> None:
    assert set(wheels) == set(FOLDERS)


def test_the_platforms_wheel_holds_all_its_packages_and_no_test(wheels: dict[str, Path]) -> None:
    names = zipfile.ZipFile(wheels["yanxiu"]).namelist()
    tops = {name.split("/")[0] for name in names if not name.split("/")[0].endswith(".dist-info")}
    assert tops == {
        *(
            "yanxiu_wire",
            "yanxiu_durable",
            "yanxiu_footing",
            "yanxiu_gateway",
            "yanxiu_registry",
            "yanxiu_credits",
            "yanxiu_visits",
        ),
        "yanxiu_cli",
    }
    assert all(f"{top}/py.typed" in names for top in tops)
    for service in ("registry", "credits", "visits"):
        assert [name for name in names if name.startswith(f"yanxiu_{service}/migrations/versions/")]
        assert f"yanxiu_footing/authority/policies/{service}.cedar" in names
    assert not [name for name in names if "/tests/" in name or name.endswith((".db", ".pyc"))]


@pytest.mark.parametrize("pack", [f"yanxiu_{name}" for name in PACKS])
def test_a_packs_wheel_holds_its_law(wheels: dict[str, Path], pack: str) -> None:
    names = zipfile.ZipFile(wheels[pack]).namelist()
    assert {f"{pack}/{name}.toml" for name in ("source", "parameters")} <= set(names)
    assert [name for name in names if name.startswith(f"{pack}/cases/")], "the worked examples"


def test_installed_wheels_work_outside_the_checkout(bare: Path, tmp_path: Path) -> None:
    where = "import yanxiu_credits, yanxiu_puer; print(yanxiu_credits.__file__, yanxiu_puer.__file__)"
    files = run(bare, "python", "-c", where, cwd=tmp_path).split()
    assert all(Path(file).is_relative_to(bare) for file in files), files
    assert run(bare, "yanxiu", "--version", cwd=tmp_path).strip()
    assert "YANXIU_NATS_URL" in run(bare, "yanxiu", "settings", cwd=tmp_path)


def test_packs_are_found_by_their_entry_points(bare: Path, tmp_path: Path) -> None:
    listed = run(bare, "yanxiu", "rules", "list", cwd=tmp_path)
    assert all(name in listed for name in PACKS)
    assert "不能使用" not in listed
