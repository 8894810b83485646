"""`yanxiu rules install`: one more version of a rule pack beside those there are, in the folder of versions."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import EntryPoint, distributions, packages_distributions
from importlib.util import find_spec
from pathlib import Path

import msgspec
from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.plugins import GROUP, refuse_other_kit
from yanxiu_wire.settings import read_settings

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed

_SECONDS = 120
_CHECK_SECONDS = 600


class _Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where versions stand, as the services read it."""

    pack_store: Path | None = None


def install(wheel: Path, *, store: Path | None = None) -> int:
    """把规则包的一个版本装入版本目录，与其他版本并存；尚不适用于任何区县。Put a version of a pack beside the others.

    Parameters
    ----------
    wheel
        规则包的 wheel 文件。The pack's wheel.
    store
        版本目录，默认为 YANXIU_PACK_STORE。The folder of versions; YANXIU_PACK_STORE unless given.
    """
    home = store or read_settings(_Place).pack_store
    if home is None:
        raise Failed(
            "没有指明版本目录：请设置 YANXIU_PACK_STORE", "set YANXIU_PACK_STORE to the folder of versions", code=2
        )
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".installing-", dir=home) as made:
        # As deep as a version stands, so that it is found in the same way.
        staged = Path(made) / "pack" / "version"
        _run([*_installer(), "--no-deps", "--target", str(staged), str(wheel)])
        name, version, jurisdictions = _proved(staged)
        place = home / name / version
        if place.exists():
            raise Failed(
                f"{name} {version} 已在 {place}，一个版本装入后不再改动；改过的规则包请另定版本号",
                f"{name} {version} is there already, and a version never changes; give a changed pack another number",
            )
        place.parent.mkdir(exist_ok=True)
        shutil.move(staged, place)
    say(f"{place}\n已装入，尚未适用。用 bindRulePack（version: {version}）自某日起适用：{'、'.join(jurisdictions)}")
    say(f"installed and in force nowhere: bind it from a day on with bindRulePack, version {version}")
    return 0


def _installer() -> list[str]:
    """The installer of this environment."""
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if find_spec("pip") is None and found is not None:
        return [found, "pip", "install", "--quiet", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def _proved(staged: Path) -> tuple[str, str, list[str]]:
    """Return distribution, version and jurisdictions of what was staged; raises `Failed` where it may not serve."""
    entries = [one for each in distributions(path=[str(staged)]) for one in each.entry_points if one.group == GROUP]
    if not entries or (dist := entries[0].dist) is None:
        raise Failed(
            f"这个文件不是规则包：没有入口组 {GROUP}", f"this is no rule pack: it has no entry point of {GROUP}"
        )
    for entry in entries:
        _refuse_kit(entry)
    _refuse_others_modules(staged, dist.name)
    names = sorted(entry.name for entry in entries)
    # A pack is foreign code: it is loaded and checked in processes of its own.
    _run([sys.executable, "-m", "yanxiu_footing.prove_pack", str(staged.parent.parent), dist.version, *names])
    _check(staged, entries)
    return dist.name, dist.version, names


def _check(staged: Path, entries: list[EntryPoint]) -> None:
    """Have the conformance check look at the pack as it was staged: its folder is what the wheel holds."""
    dist = entries[0].dist
    if dist is None:
        return
    needs = msgspec.json.encode(dist.requires or []).decode()
    offered = "".join(f"{one.name} = {msgspec.json.encode(one.value).decode()}\n" for one in entries)
    head = f'[project]\nname = "{dist.name}"\nversion = "{dist.version}"\ndependencies = {needs}\n'
    checked = staged.parent / "checked"
    shutil.copytree(staged, checked)
    (checked / "pyproject.toml").write_text(f'{head}[project.entry-points."{GROUP}"]\n{offered}', encoding="utf-8")
    for cases in staged.glob("*/cases"):
        # A wheel carries them in its module; the check looks for them beside it, where they are written.
        shutil.copytree(cases, checked / "cases", dirs_exist_ok=True)
    _run([sys.executable, "-B", "-m", "yanxiu_rulekit.check", str(checked)], seconds=_CHECK_SECONDS)


def _refuse_kit(entry: EntryPoint) -> None:
    try:
        refuse_other_kit(entry)
    except PackRefused as refused:
        raise Failed(f"此规则包不是为本平台的 yanxiu-rulekit 所作：{refused}", str(refused)) from None


def _refuse_others_modules(staged: Path, name: str) -> None:
    """A pack that brings a module of the platform's or of another pack would stand in its place."""
    owners = packages_distributions()
    tops = {one.stem for one in staged.iterdir() if one.suffix == ".py" or (one.is_dir() and one.name.isidentifier())}
    for module in sorted(tops):
        others = set(owners.get(module, ())) - {name}
        if others or module in sys.stdlib_module_names:
            whose = "、".join(sorted(others)) or "Python"
            raise Failed(f"它带有 {whose} 的模块 {module}", f"it brings {module}, which is a module of {whose}")


def _run(command: list[str], *, seconds: int = _SECONDS) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise Failed(f"{seconds} 秒内没有完成，未装入", f"not done within {seconds} s; nothing is installed") from None
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        raise Failed(f"未能装入：{last}", f"not installed: {last}")
