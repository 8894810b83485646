"""Every stored decision comes to the same when it is judged again from what was stored; what differs is named."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from yanxiu_cli.ledger_replay import report
from yanxiu_credits.__main__ import running
from yanxiu_credits.assess import exact_micro
from yanxiu_credits.explain import read_decision, write_decision
from yanxiu_credits.jobs.tables import job_part
from yanxiu_credits.laws import Laws
from yanxiu_credits.ledger import evidence_of
from yanxiu_credits.replay.judge_again import judge_again
from yanxiu_credits.replay.replay_decisions import replay_rows
from yanxiu_credits.settings import Settings
from yanxiu_credits.tables import decision, record
from yanxiu_footing.stored import canonical, freeze, simple
from yanxiu_rulekit.casefile import read_cases
from yanxiu_rulekit.numbers import to_micro
from yanxiu_rulekit.outcome import Assessment
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import overlaid
from yanxiu_rulekit.plugins import Rulebook, load_packs
from yanxiu_wire import registry
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.jobs import GET_JOBS, START_JOB, GetJobs, Job, StartJob

from tests.services.credits.conftest import House
from tests.stores import Store

MANY = 10_000
# No real entry of a test's ledger has such a number.
AFTER_ALL = 1_000_000
DISTRICT = "replayed"
# The bound is on the processor's time of this process: other tests share the machine.
SECONDS = 15.0
PATIENCE = 60.0


def stored(pack: RulePack, number: int, facts: Mapping[str, Any], on: date, settings: Any, found: Assessment) -> Any:
    """The rows of a record and its decision, as a registration writes them."""
    mine = {
        "district": "", "id": f"{number:08d}", "teacher": "t1", "school": "school-1", "project": None,
        "activity": f"a-{number}", "kind": "record", "generation": 1, "on": on, "status": found.status,
        "micro_hours": to_micro(found.hours), "micro_credits": to_micro(found.credits), "hours_unit": "学时",
        "credits_unit": "学分", "facts": canonical(simple(facts)), "attributes": freeze(found.attributes),
        "reasons": msgspec.json.encode([str(one) for one in found.decided.result.get("reasons", ())]).decode(),
        "entry": AFTER_ALL + number if found.status == "COUNTED" else None, "evidence": "-", "registered_by": "x",
        "recorded_us": 0, "replaces": None,
    }  # fmt: skip
    its = {
        "district": "", "record": mine["id"], "pack": pack.name, "version": pack.version,
        "jurisdiction": pack.jurisdiction, "on": found.decided.on, "settings": canonical(settings),
        "teacher_facts": "{}", "body": write_decision(found),
    }  # fmt: skip
    return sealed(mine, its)


def sealed(
    mine: dict[str, Any], its: dict[str, Any], district: str = DISTRICT
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rows under a district, with the digest that is kept of them."""
    mine, its = {**mine, "district": district}, {**its, "district": district}
    return {**mine, "evidence": evidence_of(mine, its)}, its


def row(mine: Mapping[str, Any], its: Mapping[str, Any]) -> dict[str, Any]:
    return {**mine, **{f"decision_{name}": value for name, value in its.items()}}


def only(rows: list[dict[str, Any]], packs: Mapping[str, RulePack] | None = None) -> Any:
    """What a replay says of a few rows, without a store."""
    return replay_rows(Laws(Rulebook(packs or load_packs().packs, {})), rows)


@cache
def examples(jurisdiction: str) -> list[tuple[dict[str, Any], date, Mapping[str, Any]]]:
    """Facts, day and settings of the pack's own cases of records that may be entered."""
    pack = load_packs().packs[jurisdiction]
    found = []
    for case in (one for file in pack.case_files() for one in read_cases(file)):
        if case.kind != "record" or case.refused or case.given["record"].get("project_approved_on"):
            continue
        facts = dict(case.given["record"])
        on = pack.decide("record", case.given, on=case.on, settings=case.settings).on
        if enterable(pack.assess(facts, on=on, settings=case.settings)):
            found.append((facts, on, case.settings))
    return found


def enterable(found: Assessment) -> bool:
    """Whether a registration would enter it: not refused, and an amount that the ledger holds exactly."""
    amounts = (exact_micro(found.hours), exact_micro(found.credits))
    return found.status in ("COUNTED", "ZERO") and not found.decided.refusals and None not in amounts


def made_up(jurisdiction: str, number: int) -> dict[str, Any]:
    """Facts of a record, other ones for every number."""
    hours, score = str(Decimal(number % 160 + 1) / 2), str(Decimal(number % 401) / 4)
    return {
        "puer": {"mode": "network", "level": "provincial", "hours_planned": hours, "hours_completed": hours,
                 "score": score},
        "putuo": {"form": "专题讲座" if number % 2 else "案例分析", "class_hours": hours},
        "ouhai": {"source": "school", "hours": hours, "credits": score},
    }[jurisdiction]  # fmt: skip


def many(count: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """So many stored decisions under three laws: those of the packs' cases first, then others."""
    packs = load_packs().packs
    rows: list[Any] = []
    no_settings: Mapping[str, Any] = {}
    for number in range(count):
        pack = packs[("puer", "putuo", "ouhai")[number % 3]]
        own = examples(pack.jurisdiction)
        facts, on, settings = made_up(pack.jurisdiction, number), date(2024, 10, 16), no_settings
        if number // 3 < len(own):
            facts, on, settings = own[number // 3]
        found = pack.assess(facts, on=on, settings=settings)
        rows.append(stored(pack, number + 1, facts, on, settings, found))
    return rows


def test_every_column_of_a_stored_decision_is_compared_and_what_differs_is_named() -> None:
    pack = load_packs().packs["puer"]
    facts = {"mode": "network", "level": "provincial", "hours_planned": "10", "hours_completed": "10", "score": "85"}
    found = pack.assess(facts, on=date(2024, 5, 20))
    mine, its = stored(pack, 1, facts, date(2024, 5, 20), {}, found)
    assert judge_again(pack, row(mine, its)).outcome == "same"
    body = read_decision(its["body"])
    otherwise = [
        ({"facts": mine["facts"].replace('"85"', '"95"')}, {}, "micro_credits"),
        ({"micro_hours": 1}, {}, "micro_hours"),
        ({"status": "ZERO"}, {}, "status"),
        ({"attributes": "{}"}, {}, "attributes"),
        ({"reasons": '["PUER-1-1"]'}, {}, "reasons"),
        ({}, {"pack": "another"}, "pack"),
        ({}, {"settings": '{"score_rounding":{"value":"sideways"}}'}, "decision"),
        ({}, {"body": "{"}, "decision"),
        ({}, {"on": date(2019, 1, 1)}, "decision"),
        ({}, {"body": its["body"].replace("成绩85分", "成绩86分")}, "steps.grade.zh"),
        ({}, {"body": encode(body, result={**body.result, "grade": "优"})}, "result.grade"),
        ({}, {"body": encode(body, steps=body.steps[1:])}, "steps"),
    ]
    for changed, of_the_decision, place in otherwise:
        again = judge_again(pack, row({**mine, **changed}, {**its, **of_the_decision}))
        assert again.outcome == "differs", (changed, of_the_decision)
        assert again.why is not None
        assert again.why.place.startswith(place), again
        assert again.why.stored != again.why.came


def encode(body: Any, **changes: Any) -> str:
    return msgspec.json.encode(msgspec.structs.replace(body, **changes)).decode()


def test_a_decision_of_an_older_version_is_judged_with_the_values_that_were_read_then() -> None:
    pack = load_packs().packs["puer"]
    facts = {"mode": "network", "level": "provincial", "hours_planned": "10", "hours_completed": "10", "score": "85"}
    on = date(2024, 5, 20)
    mine, its = stored(pack, 1, facts, on, {}, pack.assess(facts, on=on))
    merit = pack.parameters["merit"]
    other = {key: Decimal("0.9") for key in merit.values[-1].value}
    entry = {"since": merit.values[-1].since, "value": other, "cite": merit.values[-1].cite}
    newer = pack.under(overlaid(pack.parameters, [("merit", merit.unit, entry)], clauses=pack.source.clauses))
    differs = judge_again(newer, row(mine, its))
    assert (differs.outcome, differs.why and differs.why.place) == ("differs", "micro_credits")
    newer.version = "2099.1"
    assert judge_again(newer, row(mine, its)).outcome == "older"
    tampered = {**its, "body": its["body"].replace('"0.15"', '"0.25"')}
    assert judge_again(newer, row(mine, tampered)).outcome == "differs"


def test_whether_the_rows_or_the_law_is_another_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The same version with another table in it: nothing stored was touched, the pack is not the one that decided."""
    pack = load_packs().packs["puer"]
    facts = {"mode": "network", "level": "provincial", "hours_planned": "10", "hours_completed": "10", "score": "85"}
    mine, its = stored(pack, 1, facts, date(2024, 5, 20), {}, pack.assess(facts, on=date(2024, 5, 20)))
    merit = pack.parameters["merit"]
    entry = {"since": merit.values[-1].since, "value": dict.fromkeys(merit.values[-1].value, Decimal("0.9")),
             "cite": merit.values[-1].cite}  # fmt: skip
    other = pack.under(overlaid(pack.parameters, [("merit", merit.unit, entry)], clauses=pack.source.clauses))
    counts, first = only([row(mine, its)], {"puer": other})
    assert (counts["differs"], first["altered"], first["place"]) == (1, False, "micro_credits")
    assert report("d", {"differs": 1, "first": first}) == 1
    assert "规则包与作出裁定时的不同" in capsys.readouterr().err
    _, first = only([row({**mine, "micro_hours": 1}, its)])
    assert (first["altered"], first["place"], first["stored"], first["came"]) == (True, "micro_hours", "1", "10000000")
    gone = {name: None for name in row(mine, its) if name.startswith("decision_")}
    _, first = only([{**row(mine, its), **gone}])
    assert (first["place"], first["came"], first["altered"]) == ("decision", "missing", True)


def test_what_no_formula_reads_is_held_against_the_chained_digest() -> None:
    pack = load_packs().packs["puer"]
    facts = {"mode": "network", "level": "provincial", "hours_planned": "10", "hours_completed": "10", "score": "85"}
    on = date(2024, 5, 20)
    mine, its = stored(pack, 1, facts, on, {}, pack.assess(facts, on=on))
    chained = {"entry_evidence": mine["evidence"]}
    assert only([row(mine, its) | chained]) == ({"decisions": 1, "loose": 0, "same": 1}, None)
    otherwise = [
        ({}, {"version": "2022.9"}),
        ({}, {"version": "2099.1"}),
        ({}, {"on": date(2024, 5, 21)}),
        ({}, {"settings": '{"school_hours_cap":{"value":"40"}}'}),
        ({}, {"teacher_facts": '{"stage":"x"}'}),
        ({"facts": mine["facts"].replace("{", '{"organiser":"x",', 1)}, {}),
        ({"on": date(2024, 5, 21)}, {}),
        ({"kind": "training"}, {}),
    ]
    for altered, its_altered in otherwise:
        one, other = {**mine, **altered}, {**its, **its_altered}
        counts, first = only([row(one, other) | chained])
        assert (counts["differs"], first["altered"]) == (1, True), (altered, its_altered)
        # Who mends the digest beside the record cannot mend the one in the chain.
        one, other = sealed(one, other)
        counts, first = only([row(one, other) | chained])
        assert (counts["differs"], first["place"], first["stored"]) == (1, "evidence", mine["evidence"])


def test_a_replay_without_the_version_that_decided_says_what_was_not_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts = {"decisions": 9, "same": 5, "older": 3, "elsewhere": 1, "differs": 0, "loose": 2, "first": None}
    assert report("d", counts) == 1
    said = "".join(capsys.readouterr())
    assert "3 条由与现装不同的版本裁定" in said
    assert "judged by another version than is installed: 3" in said
    assert "全部相同" not in said
    assert report("d", {**counts, "same": 8, "older": 0}) == 0


@pytest.fixture
async def house(own_nats: Any, own_bus: Any, own_database: Store, clock: Any, house_of: type) -> AsyncIterator[House]:
    settings = Settings(nats_url=own_nats.url, keys=own_database.settings.data / "keys", **own_database.fields)
    async with running(settings, load_packs(), clock=clock) as service:
        made = house_of(service, own_bus, DISTRICT)
        await made.bind(registry.PackBinding(pack="puer", since=date(2018, 1, 1)))
        await made.employ("t1")
        yield made


async def replayed(house: House) -> Job:
    """Start the job and return it when it has ended."""
    started = await house.call(START_JOB, StartJob(caller=house.officer, key=house.key(), kind="replay"))
    async with asyncio.timeout(PATIENCE):
        while True:
            (found,) = (await house.call(GET_JOBS, GetJobs(caller=house.officer, ids=(started.id,)))).items
            if found.state != "running":
                return found
            # A job announces every hundredth of itself only; its end is asked for.
            await asyncio.sleep(0.05)


async def put(house: House, rows: list[Any]) -> None:
    """Enter rows as they were stored, under this district."""
    async with house.service.databases.write(house.district, Deadline.after(60)) as conn:
        for table, place in ((record, 0), (decision, 1)):
            await conn.execute(sa.insert(table), [one[place] for one in rows])


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
async def test_ten_thousand_stored_decisions_of_three_laws_come_to_the_same(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await put(house, many(MANY))
    before = await house.counts()
    began = time.process_time()
    ended = await replayed(house)
    spent = time.process_time() - began
    assert ended.state == "done"
    assert ended.result is not None
    same = {"decisions": MANY, "same": MANY, "older": 0, "elsewhere": 0, "differs": 0, "loose": MANY, "first": None}
    assert ended.result == same, "these rows are put there without a ledger"
    assert ended.total > 5, "its progress is told by parts"
    assert spent < SECONDS, spent
    after = await house.counts()
    written = {name for name in after if after[name] != before[name]}
    assert written <= {"job", "job_part", "outbox", "inbox", "consumed"}, "a replay changes nothing of the books"
    assert report(house.district, ended.result) == 0
    assert "10000 条裁定重演结果全部相同" in capsys.readouterr().out


async def test_the_first_tampered_decision_is_named_with_what_is_stored_and_what_it_comes_to(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    made = await house.course(
        of={"mode": "network", "level": "provincial"},
        facts={"kind": "training", "hours_planned": "10", "hours_completed": "10", "score": "85"},
    )
    rows = many(30)
    for number, tampered in ((7, {"micro_credits": 999}), (20, {"facts": "{}"})):
        rows[number] = ({**rows[number][0], **tampered}, rows[number][1])
    await put(house, rows)
    ended = await replayed(house)
    assert ended.state == "done"
    found = ended.result
    assert found is not None
    assert (found["decisions"], found["same"], found["differs"], found["loose"]) == (31, 29, 2, 30)
    first = found["first"]
    assert (first["record"], first["place"], first["stored"]) == (rows[7][0]["id"], "micro_credits", "999")
    assert first["came"] == str(many(8)[7][0]["micro_credits"])
    assert first["altered"] is True
    assert made.record.id
    async with house.service.databases.read(house.district) as conn:
        parts = await conn.scalar(sa.select(sa.func.count()).select_from(job_part))
    assert parts == 2
    assert report(house.district, found) == 1
    said = capsys.readouterr().err
    assert rows[7][0]["id"] in said
    assert "曾被改动" in said
