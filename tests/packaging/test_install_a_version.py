"""`yanxiu rules install` puts a version of a pack beside the others, once, and only one that may serve."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from yanxiu_cli.failed import Failed
from yanxiu_cli.rules_install import install
from yanxiu_footing.pack_store import PackStore

KIT = "Requires-Dist: yanxiu-rulekit<2,>=1"


def changed(wheel: Path, to: Path, old: str, new: str) -> Path:
    """The wheel with another text in its metadata, as somebody else's build might have it."""
    made = to / wheel.name
    with zipfile.ZipFile(wheel) as given, zipfile.ZipFile(made, "w") as written:
        for one in given.infolist():
            data = given.read(one)
            if one.filename.endswith("/METADATA"):
                assert old in data.decode()
                data = data.decode().replace(old, new).encode()
            if not one.filename.endswith("/RECORD"):
                written.writestr(one, data)
            else:
                written.writestr(one, "")
    return made


def test_a_wheel_is_put_beside_the_others_once_and_serves_from_there(
    wheels: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    assert install(wheels["yanxiu_anhui"], store=store) == 0
    assert "bindRulePack" in capsys.readouterr().out
    ((version, folder),) = PackStore(store).versions("anhui").items()
    assert folder == store / "yanxiu-anhui" / version
    assert PackStore(store).load("anhui", version).pack("anhui").version == version
    before = sorted(store.rglob("*"))
    with pytest.raises(Failed, match="never changes"):
        install(wheels["yanxiu_anhui"], store=store)
    assert sorted(store.rglob("*")) == before


def test_a_wheel_for_another_kit_or_without_a_pack_is_refused_and_leaves_nothing(
    wheels: dict[str, Path], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    foreign = changed(wheels["yanxiu_anhui"], tmp_path, KIT, "Requires-Dist: yanxiu-rulekit<3,>=2")
    with pytest.raises(Failed, match="yanxiu-rulekit"):
        install(foreign, store=store)
    with pytest.raises(Failed, match="no rule pack"):
        install(wheels["yanxiu_rulekit"], store=store)
    assert list(store.iterdir()) == []
