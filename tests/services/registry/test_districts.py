"""Districts: opened by the operator, bound to packs by date, and apart from one another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from yanxiu_registry.__main__ import running
from yanxiu_registry.context import Registry
from yanxiu_registry.settings import Settings
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import registry as wire
from yanxiu_wire import roster_import
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire.message import Page
from yanxiu_wire.rpc import Bus

from tests.services.registry.conftest import Client, caller, codes, open_district


def operator(client: Client) -> Client:
    return Client(client.bus, client.district, caller("platform-operator", "platform"))


async def test_a_new_district_is_found_by_its_own_officer(puer: Client) -> None:
    found = await puer.ask(wire.GET_DISTRICT)
    assert (found.id, found.name_zh, found.synthetic, found.version) == ("puer", "puer（虚构）", True, 1)


async def test_a_district_is_created_once(puer: Client) -> None:
    again = await operator(puer).ask(wire.CREATE_DISTRICT, name_zh="普洱", name_en="Pu'er")
    assert codes(again) == ["DISTRICT_EXISTS"]


async def test_a_district_without_a_name_is_refused_and_leaves_no_file(registry: Registry, bus: Bus) -> None:
    client = Client(bus, "empty", caller("platform-operator", "platform"))
    assert codes(await client.ask(wire.CREATE_DISTRICT, name_zh=" ", name_en="")) == ["VALUE_INVALID"] * 2
    assert not await registry.dbs.has("empty")


async def test_a_district_cannot_take_the_platforms_name(bus: Bus, registry: Registry) -> None:
    client = Client(bus, "platform", caller("platform-operator", "platform"))
    assert codes(await client.ask(wire.CREATE_DISTRICT, name_zh="平台", name_en="platform")) == ["VALUE_INVALID"]


async def test_bindings_are_dated_and_kept_oldest_first(puer: Client) -> None:
    boss = operator(puer)
    await boss.ask(
        wire.BIND_RULE_PACK, pack="puer", since=date(2024, 1, 1), settings={"school_hours_cap": "40"}, decided_by="文1"
    )
    found = await boss.ask(wire.BIND_RULE_PACK, pack="putuo", since=date(2026, 1, 1))
    assert [(one.pack, one.since, one.settings) for one in found.bindings] == [
        ("puer", date(2024, 1, 1), {"school_hours_cap": "40"}),
        ("putuo", date(2026, 1, 1), {}),
    ]
    assert found.version == 3
    assert await puer.ask(wire.GET_DISTRICT) == found


async def test_a_binding_of_the_same_day_takes_the_place_of_the_one_before(puer: Client) -> None:
    boss = operator(puer)
    await boss.ask(wire.BIND_RULE_PACK, pack="putuo", since=date(2024, 9, 1))
    found = await boss.ask(wire.BIND_RULE_PACK, pack="puer", since=date(2024, 9, 1))
    assert [one.pack for one in found.bindings] == ["puer"]


async def test_a_binding_before_the_newest_one_is_refused(puer: Client) -> None:
    boss = operator(puer)
    await boss.ask(wire.BIND_RULE_PACK, pack="puer", since=date(2025, 1, 1))
    refused = await boss.ask(wire.BIND_RULE_PACK, pack="puer", since=date(2024, 12, 31))
    assert codes(refused) == ["DATE_OUT_OF_ORDER"]
    assert (refused.errors[0].field, refused.errors[0].value) == ("since", "2024-12-31")
    assert "2025-01-01" in refused.errors[0].remedy_zh


async def test_a_binding_before_the_law_applies_is_refused_with_its_first_day(puer: Client) -> None:
    refused = await operator(puer).ask(wire.BIND_RULE_PACK, pack="puer", since=date(2023, 12, 31))
    assert codes(refused) == ["DATE_OUT_OF_ORDER"]
    assert (refused.errors[0].field, refused.errors[0].value) == ("since", "2023-12-31")
    assert "2024-01-01" in refused.errors[0].remedy_zh
    assert (await puer.ask(wire.GET_DISTRICT)).bindings == ()


@pytest.mark.parametrize(
    ("pack", "given", "field", "value", "allowed"),
    [
        ("puer", {"nosuch": "1"}, "settings.nosuch", "nosuch", "school_hours_cap"),
        ("puer", {"school_hours_cap": "49"}, "settings.school_hours_cap", "49", "不小于 24、不大于 48 的数"),
        ("puer", {"score_rounding": "banana"}, "settings.score_rounding", "banana", "以下之一：none、half_up"),
        ("puer", {"mark_range": "1"}, "settings.mark_range", "1", "去掉此项"),
        ("puer", {"school_hours_cap": {"value": "9"}}, "settings.school_hours_cap", "9", "不小于 24"),
        ("putuo", {"flexible_counts_for_person": "x"}, "settings.flexible_counts_for_person", "x", "true、false"),
    ],
)
async def test_a_setting_that_the_law_does_not_leave_to_the_district_is_refused(
    puer: Client, pack: str, given: dict[str, Any], field: str, value: str, allowed: str
) -> None:
    refused = await operator(puer).ask(
        wire.BIND_RULE_PACK, pack=pack, since=date(2024, 9, 1), settings=given, decided_by="文1"
    )
    assert codes(refused) == ["SETTING_INVALID"]
    assert (refused.errors[0].field, refused.errors[0].value) == (field, value)
    assert allowed in refused.errors[0].remedy_zh
    assert (await puer.ask(wire.GET_DISTRICT)).bindings == ()


async def test_a_refused_setting_cites_the_clause_that_sets_its_range(puer: Client) -> None:
    given = {"pack": "puer", "since": date(2024, 9, 1), "settings": {"score_rounding": "banana"}, "decided_by": "文1"}
    (refused,) = (await operator(puer).ask(wire.BIND_RULE_PACK, **given)).errors
    assert [clause.split("-")[0] for clause in refused.clauses] == ["PUER"]


async def test_a_setting_needs_the_decision_it_rests_on(puer: Client) -> None:
    boss = operator(puer)
    given = {"pack": "puer", "since": date(2024, 9, 1), "settings": {"school_hours_cap": "40"}}
    for undecided in (None, "  "):
        refused = await boss.ask(wire.BIND_RULE_PACK, **given, decided_by=undecided)
        assert refused.errors[0].field == "decided_by"
        assert codes(refused) == ["DECISION_MISSING" if undecided is None else "VALUE_INVALID"]
    own = {"school_hours_cap": {"value": "40", "decided_by": "区教〔2024〕1号"}}
    found = await boss.ask(wire.BIND_RULE_PACK, **(given | {"settings": own}))
    assert found.bindings[-1].settings == own


async def test_true_and_false_come_as_texts_and_are_kept_as_what_the_law_reads(puer: Client) -> None:
    found = await operator(puer).ask(
        wire.BIND_RULE_PACK,
        pack="putuo",
        since=date(2024, 9, 1),
        settings={"flexible_counts_for_person": "true"},
        decided_by="文1",
    )
    assert found.bindings[-1].settings == {"flexible_counts_for_person": True}


@pytest.mark.parametrize(("broken", "said"), [({"puer": "没有来源文件"}, "没有来源文件"), ({}, "no rule pack")])
async def test_a_pack_that_did_not_load_governs_nobody(
    settings: Settings, bus: Bus, broken: dict[str, str], said: str
) -> None:
    async with running(settings, Rulebook({}, broken)):
        client = await open_district(bus, "puer")
        refused = await operator(client).ask(wire.BIND_RULE_PACK, pack="puer", since=date(2024, 9, 1))
    assert codes(refused) == ["PACK_UNUSABLE"]
    assert refused.errors[0].field == "pack"
    assert said in refused.errors[0].message_en


async def test_a_pack_that_the_deployment_has_not_is_refused_naming_those_it_has(puer: Client) -> None:
    refused = await operator(puer).ask(wire.BIND_RULE_PACK, pack="atlantis", since=date(2024, 1, 1))
    assert codes(refused) == ["PACK_UNKNOWN"]
    assert "puer, putuo" in refused.errors[0].remedy_en


async def test_another_districts_officer_is_told_that_there_is_no_such_district(puer: Client, bus: Bus) -> None:
    stranger = await open_district(bus, "putuo")
    reaching_over = Client(bus, "puer", stranger.who)
    nowhere = Client(bus, "nowhere", stranger.who)
    over = await reaching_over.ask(wire.GET_DISTRICT)
    assert codes(over) == codes(await nowhere.ask(wire.GET_DISTRICT)) == ["DISTRICT_UNKNOWN"]


async def test_no_endpoint_answers_a_caller_of_another_district(puer: Client, bus: Bus) -> None:
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1")
    stranger = Client(bus, "puer", caller("district-officer", "putuo"))
    for endpoint, fields in (
        (wire.GET_SCHOOLS, {"ids": (school.id,)}),
        (wire.LIST_SCHOOLS, {}),
        (wire_teacher.GET_TEACHERS, {"ids": (teacher.id,)}),
        (wire_teacher.LIST_TEACHERS, {"schools": (school.id,)}),
        (wire_term.LIST_TERMS, {}),
        (roster_import.CHECK_ROSTER, {"roster": "r"}),
        (wire_teacher.CORRECT_TEACHER, {"teacher": teacher.id, "since": date(2026, 1, 1), "changes": {"name": "甲"}}),
    ):
        assert codes(await stranger.ask(endpoint, **fields)) == ["DISTRICT_UNKNOWN"], endpoint
    (found,) = (await puer.ask(wire_teacher.GET_TEACHERS, ids=(teacher.id,))).items
    assert found.name == "教师T1"


async def test_ids_of_one_district_mean_nothing_in_another(puer: Client, bus: Bus) -> None:
    school = await puer.school("0001")
    other = await open_district(bus, "putuo")
    assert (await other.ask(wire.GET_SCHOOLS, ids=(school.id,))).items == (None,)
    refused = await other.ask(
        wire_teacher.CREATE_TEACHER, staff_number="T1", name="甲", school=school.id, employed_since=date(2026, 1, 1)
    )
    assert codes(refused) == ["SCHOOL_UNKNOWN"]


async def test_names_are_corrected_by_the_officer_or_the_operator_and_bindings_stay(puer: Client) -> None:
    await operator(puer).ask(wire.BIND_RULE_PACK, pack="puer", since=date(2024, 1, 1))
    found = await puer.ask(wire.CORRECT_DISTRICT, name_zh="普洱（虚构）", expected_version=2)
    assert (found.name_zh, found.name_en, found.version) == ("普洱（虚构）", "puer", 3)
    assert [one.pack for one in found.bindings] == ["puer"]
    again = await operator(puer).ask(wire.CORRECT_DISTRICT, name_zh="普洱（虚构）", name_en="Pu'er")
    assert (again.name_en, again.version) == ("Pu'er", 4)
    assert await puer.ask(wire.GET_DISTRICT) == again
    assert await puer.ask(wire.CORRECT_DISTRICT, name_en="Pu'er") == again, "nothing differs, nothing is written"


async def test_a_wrong_correction_of_a_district_is_refused(puer: Client, bus: Bus) -> None:
    async def correct(**given: Any) -> list[str]:
        return codes(await puer.ask(wire.CORRECT_DISTRICT, **given))

    assert await correct() == ["VALUE_INVALID"]
    assert await correct(name_zh=" ") == ["VALUE_INVALID"]
    assert await correct(name_zh="普洱", expected_version=7) == ["VERSION_CONFLICT"]
    nowhere = Client(bus, "nowhere", caller("platform-operator", "platform"))
    assert codes(await nowhere.ask(wire.CORRECT_DISTRICT, name_zh="无")) == ["DISTRICT_UNKNOWN"]
    assert (await puer.ask(wire.GET_DISTRICT)).version == 1


async def test_the_operator_lists_the_districts_page_by_page(puer: Client, bus: Bus) -> None:
    for name in ("putuo", "ouhai"):
        await open_district(bus, name)
    platform = Client(bus, "platform", caller("platform-operator", "platform"))
    first = await platform.ask(wire.LIST_DISTRICTS, page=Page(first=2))
    assert ([one.id for one in first.items], first.has_next, first.total) == (["ouhai", "puer"], True, 3)
    rest = await platform.ask(wire.LIST_DISTRICTS, page=Page(first=2, after=first.cursors[-1]))
    assert ([one.name_en for one in rest.items], rest.has_next) == (["putuo"], False)
    assert codes(await platform.ask(wire.LIST_DISTRICTS, page=Page(first=0))) == ["VALUE_INVALID"]
