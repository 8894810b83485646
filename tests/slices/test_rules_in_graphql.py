"""The law through GraphQL: packs, clauses, comparisons, and decisions that are tried; five laws in one process."""

from __future__ import annotations

import re
import tomllib
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_rulekit.compare import differences
from yanxiu_rulekit.plugins import load_packs

from tests.slices.district import District
from tests.slices.platform import guarded
from tests.slices.stage import Stage

pytestmark = pytest.mark.usefixtures("on_both")

ROOT = Path(__file__).resolve().parents[2]
ACTIVITY = tomllib.loads((ROOT / "docs" / "one-activity.toml").read_text(encoding="utf-8"), parse_float=Decimal)
LAWS = ("puer", "ouhai", "putuo", "yueqing", "antu")


class Bound(District):
    """A district with a setting of its own under its law."""

    async def open(self) -> District:
        named = {"district": self.code, "nameZh": "虚构区", "nameEn": "Madeup", "synthetic": True}
        await self.enter("createDistrict", named, token=self.platform.operator)
        given = {
            "district": self.code, "pack": self.pack, "since": "2024-01-01", "decidedBy": "虚教发〔2024〕9号",
            "settings": [{"name": "school_coefficient_default", "value": "0.8"}],
        }  # fmt: skip
        await self.enter("bindRulePack", given, token=self.platform.operator)
        await self.propose()  # the credits service has heard of the district when this is done
        return self


@pytest.fixture(scope="module")
async def stage(on_both: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    folder = tmp_path_factory.mktemp("law")
    nats = guarded(folder)
    try:
        async with Stage(nats, folder, "2024-11-20").playing() as made:
            yield made
    finally:
        nats.stop()


@pytest.fixture(scope="module")
async def puer(stage: Stage) -> District:
    made = District(stage, "law-puer", "puer")
    await made.open()
    await made.hire("T1")
    await made.project()
    return made


TRIED = """decision { jurisdiction kind on result settings refusals { code field clauses }
  explanation { pack version source steps { zh en clauses readings { parameter value unit since clause } }
    clauses { code heading quotation } } } errors { code field value clauses messageZh remedyZh }"""


async def test_one_activity_under_five_laws_in_one_process_gives_five_answers_each_with_its_clauses(
    stage: Stage, puer: District
) -> None:
    fields = " ".join(f"{law}: tryDecision(input: ${law}) {{ {TRIED} }}" for law in LAWS)
    heads = ", ".join(f"${law}: TryDecisionInput!" for law in LAWS)
    on = ACTIVITY["on"].isoformat()
    inputs = {law: {"jurisdiction": law, "on": on, **ACTIVITY["laws"][law]} for law in LAWS}
    answers = await stage.read(puer.token("teacher", teacher="t"), f"query({heads}) {{ {fields} }}", **inputs)
    assert list(answers) == list(LAWS)
    told: set[str] = set()
    for law, answer in answers.items():
        assert answer["errors"] == []
        found = answer["decision"]
        assert (found["jurisdiction"], found["on"], found["refusals"]) == (law, on, [])
        cited = found["explanation"]["clauses"]
        assert cited
        assert all(one["code"].startswith(f"{law.upper()}-") and one["quotation"] for one in cited)
        assert all(step["zh"] and step["en"] for step in found["explanation"]["steps"])
        told.add(str(found["result"]))
    assert len(told) == len(LAWS)
    results = {law: answers[law]["decision"]["result"] for law in LAWS}
    assert [results[law]["total"] for law in ("puer", "ouhai", "putuo")] == ["3.45", "5", "0.4"]
    assert (results["yueqing"]["covered"], results["antu"]["missing_weeks"]) == (1, 0)


async def test_every_worked_example_of_a_law_can_be_tried_and_comes_to_what_it_says(
    stage: Stage, puer: District
) -> None:
    """Its first of each question: `given` is fit for tryDecision as it stands."""
    token = puer.token("auditor")
    for law in LAWS:
        page = await stage.read(
            token,
            "query($law: String!) { rulePack(jurisdiction: $law) { decisions { kind examples } examples(first: 200) "
            "{ totalCount edges { node { name kind on given settings expect refused clauses } } } } }",
            law=law,
        )
        examples = [edge["node"] for edge in page["rulePack"]["examples"]["edges"]]
        assert page["rulePack"]["examples"]["totalCount"] >= len(examples) > 0
        firsts = list({one["kind"]: one for one in reversed(examples)}.values())
        for start in range(0, len(firsts), 10):
            some = dict(enumerate(firsts[start : start + 10]))
            heads = ", ".join(f"$i{n}: TryDecisionInput!" for n in some)
            fields = " ".join(f"i{n}: tryDecision(input: $i{n}) {{ {TRIED} }}" for n in some)
            inputs = {
                f"i{n}": {"jurisdiction": law, "kind": one["kind"], "on": one["on"], "facts": one["given"],
                          "settings": one["settings"]}
                for n, one in some.items()
            }  # fmt: skip
            answers = await stage.read(token, f"query({heads}) {{ {fields} }}", **inputs)
            for n, one in some.items():
                answer = answers[f"i{n}"]
                if answer["decision"] is None:
                    assert one["refused"], (law, one["name"], answer["errors"])
                else:
                    assert not differences(one["expect"], answer["decision"]["result"]), (law, one["name"])


async def test_a_pack_is_told_with_its_clauses_parameters_questions_and_examples(stage: Stage, puer: District) -> None:
    query = """query($law: String) { rulePack(jurisdiction: $law, on: "2024-05-20") { jurisdiction version inForce
      governs hoursUnit periods clauseCount notModelledCount parameterCount
      clauses { code heading quotation notModelled }
      parameters { name label unit values { since value rows { name value } clause } inForce { value since }
        allowed { least most oneOf } }
      decisions { kind asksZh isRecord clauses examples facts { name form label unit required
        fields { name label unit form required choices default } } }
      settings { parameter } } }"""
    found = (await stage.read(puer.token("teacher", teacher="t"), query))["rulePack"]
    pack = load_packs().packs["puer"]
    assert (found["jurisdiction"], found["governs"], found["inForce"]) == ("puer", True, True)
    assert (found["clauseCount"], found["parameterCount"]) == (len(pack.source.clauses), len(pack.parameters))
    assert [one["code"] for one in found["clauses"]] == list(pack.source.clauses)
    assert sum(one["notModelled"] is not None for one in found["clauses"]) == found["notModelledCount"]
    assert all(one["quotation"] for one in found["clauses"])
    parameters = {one["name"]: one for one in found["parameters"]}
    assert parameters["hours_per_day"]["values"][0]["value"] == "6"
    assert parameters["hours_per_day"]["inForce"]["since"] == "2024-01-01"
    assert {row["name"]: row["value"] for row in parameters["merit"]["values"][0]["rows"]} == {
        "优": "0.2", "良": "0.15", "中": "0.1"
    }  # fmt: skip
    (record,) = (one for one in found["decisions"] if one["isRecord"])
    facts = {one["name"]: one for one in record["facts"][0]["fields"]}
    assert facts["score"] == {
        "name": "score", "label": "考核得分", "unit": "分", "form": "DECIMAL", "required": False, "choices": [],
        "default": None,
    }  # fmt: skip
    assert facts["mode"]["choices"] == ["central", "network", "school"]
    assert record["examples"] > 10
    assert found["settings"] == []


async def test_a_districts_settings_are_seen_by_itself_alone_and_hold_in_what_it_tries(
    stage: Stage, puer: District
) -> None:
    other = await Bound(stage, "law-setting", "puer").open()
    query = """query($facts: Facts!) { rulePack(jurisdiction: "puer") { governs settings { parameter label value rows
      { name value } decidedBy } } tryDecision(input: {facts: $facts, jurisdiction: "puer"})
      { decision { settings result } errors { code } } }"""
    facts = {"mode": "school", "level": "school", "hours_planned": "4", "hours_completed": "4", "score": "60"}
    own = await stage.read(other.token(), query, facts=facts)
    (setting,) = own["rulePack"]["settings"]
    assert (setting["value"], setting["decidedBy"]) == ("0.8", "虚教发〔2024〕9号")
    assert own["tryDecision"]["decision"]["result"]["basic"] == "3.2"
    theirs = await stage.read(puer.token(), query, facts=facts)
    assert theirs["rulePack"] == {"governs": True, "settings": []}
    assert theirs["tryDecision"]["decision"]["settings"] == {}
    assert theirs["tryDecision"]["decision"]["result"]["basic"] != "3.2"
    operator = await stage.read(stage.operator, query, facts=facts)
    assert operator["rulePack"] == {"governs": False, "settings": []}
    assert "虚教发" not in str(theirs) + str(operator)


async def test_a_clause_is_found_by_its_id_or_a_part_of_it_with_all_that_rests_on_it(
    stage: Stage, puer: District
) -> None:
    query = """query($id: ID!) { clause(id: $id) { clause { code quotation note } pack { jurisdiction title }
      parameters { name } decisions { kind } workflows examples { name kind } } }"""
    found = (await stage.read(puer.token(), query, id="PUER-11-3"))["clause"]
    assert (found["pack"]["jurisdiction"], found["clause"]["code"]) == ("puer", "PUER-11-3")
    assert found["clause"]["quotation"]
    assert "record" in {one["kind"] for one in found["decisions"]}
    assert found["parameters"]
    assert found["examples"]
    part = (await stage.read(stage.operator, query, id="PUER-10-3N"))["clause"]
    assert part["clause"]["code"] in {"PUER-10-3", "PUER-10-3N"}
    unknown = (await stage.post(puer.token(), query, {"id": "PUER-11-99"})).json()
    assert unknown["data"] == {"clause": None}
    (error,) = unknown["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("CLAUSE_UNKNOWN", "id")
    assert "PUER-11-5" in error["extensions"]["remedy"]


async def test_two_laws_and_two_days_of_one_law_stand_side_by_side(stage: Stage, puer: District) -> None:
    query = """query($a: RulePackInput!, $b: RulePackInput!) { compareRulePacks(first: $a, second: $b) {
      first { jurisdiction on } second { on } source { name label first { text } second { text } differs }
      duties { label first { text clause since } second { text clause } differs }
      parameters { name first { text } second { text } differs }
      questions { name first { text } second { text } } } }"""
    on = {"on": "2024-11-01"}
    sides = {"a": {"jurisdiction": "puer", **on}, "b": {"jurisdiction": "putuo", **on}}
    found = (await stage.read(puer.token(), query, **sides))["compareRulePacks"]
    units = next(row for row in found["source"] if row["name"] == "units")
    assert (units["first"]["text"], units["second"]["text"], units["differs"]) == ("学时、学分", "课时、学分", True)
    year = next(row for row in found["duties"] if row["label"] == "年度：年度学时")
    assert (year["first"]["text"], year["first"]["clause"], year["second"]) == ("不少于72 学时", "PUER-10-2", None)
    record = next(row for row in found["questions"] if row["name"] == "record")
    assert record["first"]
    assert record["second"]
    before = {"a": {"jurisdiction": "puer", "on": "2023-12-31"}, "b": {"jurisdiction": "puer", "on": "2024-01-01"}}
    changed = (await stage.read(puer.token(), query, **before))["compareRulePacks"]
    assert all(row["first"] is None and row["second"] is not None for row in changed["parameters"])
    same = {"a": {"jurisdiction": "puer", **on}, "b": {"jurisdiction": "puer", **on}}
    alike = (await stage.read(puer.token(), query, **same))["compareRulePacks"]
    assert not any(row["differs"] for part in ("source", "duties", "parameters") for row in alike[part])


async def test_every_installed_pack_is_listed_and_the_parts_of_all_come_in_one_message_a_batch(
    stage: Stage, puer: District
) -> None:
    found = await stage.read(
        puer.token(), "{ rulePacks { jurisdiction governs clauseCount clauses { code } parameters { name } } }"
    )
    packs = {one["jurisdiction"]: one for one in found["rulePacks"]}
    assert set(LAWS) <= set(packs)
    assert [name for name, one in packs.items() if one["governs"]] == ["puer"]
    assert all(one["clauseCount"] == len(one["clauses"]) for one in packs.values())
    assert (await stage.read(puer.token(), '{ rulePack(jurisdiction: "nowhere") { name } }')) == {"rulePack": None}


BAD: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"jurisdiction": "nowhere", "facts": {}}, "RULE_PACK_UNKNOWN", "input.jurisdiction"),
    ({"on": "2019-01-01", "facts": {"mode": "school"}}, "LAW_NOT_IN_FORCE", "input.on"),
    ({"kind": "no_such", "facts": {}}, "QUESTION_UNKNOWN", "input.kind"),
    ({"jurisdiction": "antu", "facts": {}}, "QUESTION_UNKNOWN", "input.kind"),
    ({"facts": {"scorr": "60"}}, "FACT_MALFORMED", "input.facts.scorr"),
    ({"facts": {"mode": "letter"}}, "FACT_MALFORMED", "input.facts.mode"),
    ({"facts": {"record": {"mode": "letter"}}}, "FACT_MALFORMED", "input.facts.record.mode"),
    ({"facts": {"record": {"mode": "network"}, "beside": 1}}, "FACT_MALFORMED", "input.facts.beside"),
    ({"facts": {"score": "many"}}, "FACT_MALFORMED", "input.facts.score"),
    ({"jurisdiction": "antu", "kind": "weekly_session", "facts": {"weeks_with_fixed_session": 1}}, "FACT_MALFORMED",
     "input.facts.teaching_weeks"),
    ({"facts": {"note": "x" * 501}}, "FACTS_TOO_LARGE", "input.facts.note"),
    ({"facts": {"hours_by_year": {str(n): "1" for n in range(2001)}}}, "FACTS_TOO_LARGE", "input.facts"),
    ({"facts": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {}}}}}}}}}}, "FACTS_TOO_LARGE",
     "input.facts.a.b.c.d.e.f.g.h"),
    ({"facts": {"mode": "network"}, "settings": {"score_rounding": "up"}}, "SETTING_REFUSED",
     "input.settings.score_rounding"),
)  # fmt: skip


@pytest.mark.parametrize(("given", "code", "field"), BAD, ids=lambda one: one if isinstance(one, str) else "")
async def test_what_cannot_be_tried_is_refused_by_field_with_the_value_and_what_to_do(
    stage: Stage, puer: District, given: dict[str, Any], code: str, field: str
) -> None:
    query = f"query($input: TryDecisionInput!) {{ tryDecision(input: $input) {{ {TRIED} }} }}"
    answer = (await stage.read(puer.token(), query, input=given))["tryDecision"]
    assert answer["decision"] is None
    (error,) = answer["errors"]
    assert (error["code"], error["field"]) == (code, field)
    assert error["messageZh"]
    assert error["remedyZh"]


async def test_a_float_among_the_facts_is_refused_in_a_variable_and_in_the_document(
    stage: Stage, puer: District
) -> None:
    query = "query($input: TryDecisionInput!) { tryDecision(input: $input) { errors { code } } }"
    in_variable = (await stage.post(puer.token(), query, {"input": {"facts": {"record": {"hours": 59.5}}}})).json()
    written = "{ tryDecision(input: {facts: {record: {hours: 59.5}}}) { errors { code } } }"
    for answer in (in_variable, (await stage.post(puer.token(), written)).json()):
        (error,) = answer["errors"]
        assert error["extensions"]["code"] in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}
        assert "record.hours" in error["message"]
        assert '"59.5"' in error["extensions"]["remedyEn"]


async def test_what_the_law_refuses_is_told_beside_its_explanation(stage: Stage, puer: District) -> None:
    query = f"query($input: TryDecisionInput!) {{ tryDecision(input: $input) {{ {TRIED} }} }}"
    facts = {"mode": "network", "level": "provincial", "hours_planned": "8", "hours_completed": "8", "score": "101"}
    answer = (await stage.read(puer.token(), query, input={"facts": facts}))["tryDecision"]
    assert answer["errors"] == []
    (refusal,) = answer["decision"]["refusals"]
    assert (refusal["field"], refusal["clauses"]) == ("input.facts.score", ["PUER-11-3"])
    assert answer["decision"]["result"]["status"] == "REJECTED"
    nested = (await stage.read(puer.token(), query, input={"facts": {"record": facts}}))["tryDecision"]
    assert [one["field"] for one in nested["decision"]["refusals"]] == ["input.facts.record.score"]


async def test_what_a_training_was_said_to_bring_is_what_it_then_brings(stage: Stage, puer: District) -> None:
    """From the teacher's own position, a month ahead; nothing is written by asking."""
    teacher = await puer.hire("T2")
    project = await puer.project(mode="network", level="provincial", title="虚构网络研修")
    own = puer.token("teacher", teacher=_plain(teacher))
    figures = "verdict hours credits findings { clause earned shortfall met }"
    ask = f"""query($input: TryTrainingInput!) {{ tryTraining(input: $input) {{ errors {{ code field }}
      training {{ status hours credits hoursUnit explanation {{ steps {{ zh clauses }} }} standings {{
      before {{ kind label {figures} }} after {{ kind label {figures} }} }} }} }} }}"""
    facts = {"hours_planned": "30", "hours_completed": "30", "score": "95"}
    given = {"teacherId": teacher, "on": "2024-12-20", "projectId": project, "facts": facts}
    books = "{ records { totalCount } ledgerVerification { entries head } }"
    before = await stage.read(puer.token(), books)
    tried = (await stage.read(own, ask, input=given))["tryTraining"]
    assert tried["errors"] == []
    assert await stage.read(puer.token(), books) == before
    training = tried["training"]
    assert (training["status"], training["hours"]) == ("COUNTED", "30")
    stage.calendar.turn_to("2024-12-20")
    made = await puer.register(
        teacher, project, fields="record { status hours credits }", hoursPlanned="30", hoursCompleted="30", score="95",
        completedOn="2024-12-20",
    )  # fmt: skip
    assert made["record"] == {name: training[name] for name in ("status", "hours", "credits")}
    query = (
        f'query($id: ID!, $kind: String!) {{ standing(teacher: $id, kind: $kind, on: "2024-12-20") {{ {figures} }} }}'
    )
    assert [one["after"]["kind"] for one in training["standings"]] == ["year", "cycle"]
    for one in training["standings"]:
        then = (await stage.read(own, query, id=teacher, kind=one["after"]["kind"]))["standing"]
        assert then == {name: one["after"][name] for name in then}
        assert one["before"]["hours"] == "0"
    again = (await stage.read(own, ask, input=given))["tryTraining"]
    assert (again["training"], [one["code"] for one in again["errors"]]) == (None, ["ALREADY_REGISTERED"])
    stranger = puer.token("teacher", teacher="somebody-else")
    refused = (await stage.read(stranger, ask, input=given))["tryTraining"]
    assert refused["errors"] == [{"code": "TEACHER_UNKNOWN", "field": "input.teacherId"}]


def _plain(teacher: str) -> str:
    return plain_id("Teacher", teacher)


BLOCKS = re.findall(
    r"<!-- test: (?P<name>[\w-]+) -->\s*```graphql\n(?P<query>.*?)```",
    (ROOT / "docs" / "rules-in-graphql.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


@pytest.mark.parametrize(("name", "query"), BLOCKS, ids=[name for name, _ in BLOCKS])
async def test_a_block_of_the_guide_is_answered(stage: Stage, puer: District, name: str, query: str) -> None:
    found = await stage.read(puer.token("teacher", teacher="t"), query)
    if name == "try":
        totals = [found[law]["decision"]["result"]["total"] for law in ("puer", "putuo")]
        assert totals == ["11.5", "1"]
    elif name == "pack":
        assert found["rulePack"]["hoursUnit"] == "课时"
        assert found["clause"]["parameters"]
    else:
        assert [row["differs"] for row in found["compareRulePacks"]["duties"]]
