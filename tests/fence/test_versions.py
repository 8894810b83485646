"""Versions of one pack side by side: each day is judged by the one bound on it, and none takes another's place."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from yanxiu_credits.laws import Laws
from yanxiu_credits.policy.draft import drafted
from yanxiu_credits.replay.replay_decisions import replay_rows
from yanxiu_footing.fence.installed import what_is_installed
from yanxiu_footing.fence.lazy_packs import LazyPacks
from yanxiu_footing.laws import Bound
from yanxiu_footing.pack_store import Beside, PackStore
from yanxiu_footing.prove_pack import main as prove
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire.caller import Caller
from yanxiu_wire.policy import PreviewPolicy
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District, PackBinding

from tests.fence.packs import install
from tests.services.credits.replay.test_replay import row
from tests.services.credits.replay.test_replay import stored as stored_rows

FIRST, FROM = date(2024, 1, 1), date(2030, 1, 1)
BEFORE, ON_THE_DAY = date(2029, 12, 31), date(2030, 1, 1)
NAME = "x-versions"
FACTS = {"mode": "network", "level": "provincial", "kind": "training", "hours_planned": "10", "score": "89"}


def gives(hours: int) -> str:
    return f"return but(facts, law, hours=decimal.Decimal({hours}))"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Versions 1.0 and 2.0, which give 1 and 2 hours."""
    for number in (1, 2):
        put(tmp_path / "store", number)
    return tmp_path / "store"


def put(store: Path, number: int) -> None:
    folder = store / NAME / f"{number}.0"
    folder.mkdir(parents=True)
    install(folder, NAME, does=gives(number), version=f"{number}.0")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is part of the environment, and what was imported of it is forgotten afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield folder
    sys.modules.pop("pack_x_versions", None)


def district(*bindings: tuple[date, str | None]) -> District:
    bound = tuple(PackBinding(pack=NAME, since=since, version=version) for since, version in bindings)
    return District(id="one", name_zh="虚构区", name_en="Madeup", bindings=bound, synthetic=True)


def hours(laws: Laws, known: District, on: date) -> Any:
    """What a record of the day comes to, or the refusal."""
    bound = laws.bound(known, on)
    return bound.pack.assess(FACTS | {"date": on}, on=on, settings={}).hours if isinstance(bound, Bound) else bound


def cell(store: Path | None) -> Laws:
    """The laws of a cell that has just been forked."""
    return Laws(LazyPacks(lambda _pack, _found: None, store=PackStore(store)))


def test_days_before_a_new_version_are_judged_by_the_old_one_and_days_from_it_by_the_new(store: Path) -> None:
    laws = cell(store)
    under = district((FIRST, "1.0"), (FROM, "2.0"))
    # The later first, then the earlier, and again: neither leaves its modules to the other.
    for _ in range(2):
        assert hours(laws, under, ON_THE_DAY) == Decimal(2)
        assert hours(laws, under, BEFORE) == Decimal(1)
    assert "pack_x_versions" not in sys.modules
    # Taken back before its day, and a district that never bound it.
    assert hours(laws, district((FIRST, "1.0")), ON_THE_DAY) == Decimal(1)


def test_a_version_installed_in_place_of_the_bound_one_is_not_used_and_the_refusal_names_both(
    site: Path, tmp_path: Path
) -> None:
    install(site, NAME, does=gives(1), version="1.0")
    under = district((FIRST, "1.0"))
    assert hours(cell(None), under, BEFORE) == Decimal(1)
    sys.modules.pop("pack_x_versions")
    install(site, NAME, does=gives(2), version="2.0")
    refused = hours(cell(None), under, BEFORE)
    assert isinstance(refused, Refused)
    (item,) = refused.errors
    assert (item.code, item.value) == ("LAW_VERSION_MISSING", f"{NAME} 1.0")
    assert "1.0" in item.message_zh
    assert "2.0" in item.message_zh
    assert "rules install" in (item.remedy_en)
    # Put beside the other, the old version judges on; what was bound without a version follows what is installed.
    put(tmp_path / "beside", 1)
    laws = cell(tmp_path / "beside")
    assert hours(laws, under, BEFORE) == Decimal(1)
    assert hours(laws, district((FIRST, None)), BEFORE) == Decimal(2)
    assert hours(laws, district((FIRST, "1.0"), (FROM, "2.0")), ON_THE_DAY) == Decimal(2)
    assert hours(laws, under, BEFORE) == Decimal(1)


def test_a_version_that_is_stored_is_noticed_and_one_that_misnames_itself_may_not_serve(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = what_is_installed([NAME], PackStore(store))[NAME]
    put(store, 3)
    assert what_is_installed([NAME], PackStore(store))[NAME] != before
    assert prove(str(store), "3.0", NAME) == 0
    code = store / NAME / "3.0" / "pack_x_versions.py"
    code.write_text(code.read_text(encoding="utf-8").replace('version="3.0"', 'version="4.0"'), encoding="utf-8")
    # Of the same length within the same second: Python would take its bytecode for current.
    shutil.rmtree(code.parent / "__pycache__", ignore_errors=True)
    assert prove(str(store), "3.0", NAME) == 1
    assert "its pack says 4.0" in capsys.readouterr().err


def test_what_an_earlier_version_decided_is_replayed_by_it_while_another_is_in_the_environment(store: Path) -> None:
    stored = PackStore(store)
    laws = Laws(Beside(Rulebook({NAME: stored.load(NAME, "2.0").pack(NAME)}, {}), stored))
    for version in ("1.0", "2.0"):
        found = laws.pack_of(NAME, version)
        assert found is not None
        assert found.version == version
        decided = found.assess(FACTS, on=BEFORE, settings={})
        counts, first = replay_rows(laws, [row(*stored_rows(found, 1, FACTS, BEFORE, {}, decided))])
        assert (counts["same"], first) == (1, None)
    # Where the version is gone, the one that is there says what it would have decided.
    one = stored.load(NAME, "1.0").pack(NAME)
    decided = one.assess(FACTS, on=BEFORE, settings={})
    alone = Laws(Rulebook({NAME: stored.load(NAME, "2.0").pack(NAME)}, {}))
    counts, first = replay_rows(alone, [row(*stored_rows(one, 1, FACTS, BEFORE, {}, decided))])
    assert first is not None
    assert (counts["same"], first["version"], first["place"]) == (0, "1.0", "micro_hours")


def test_a_version_that_nobody_is_bound_to_is_previewed_from_its_day(store: Path) -> None:
    laws, under = cell(store), district((FIRST, "1.0"))
    caller = Caller(subject="t", role="district-officer", district="one")
    asked = PreviewPolicy(caller=caller, key="k", since=FROM, kind="cycle", on=FROM, release=f"{NAME} 2.0")
    made = drafted(laws, under, asked)
    assert not isinstance(made, Refused)
    judged = [made[0].in_force(under, on) for on in (BEFORE, ON_THE_DAY)]
    assert [one.pack.version for one in judged if not isinstance(one, Refused)] == ["1.0", "2.0"]
    unknown = drafted(
        laws, under, PreviewPolicy(caller=caller, key="k", since=FROM, kind="cycle", on=FROM, release=f"{NAME} 3.0")
    )
    assert isinstance(unknown, Refused)
    assert unknown.errors[0].code == "DRAFT_UNKNOWN"
