"""Bad input through GraphQL: each a typed refusal naming field, value, clause and remedy, and nothing is written."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from yanxiu_wire.caller import Caller

from tests.slices.district import APPROVED_ON, NETWORK, NOTICE, TRAINING, District
from tests.slices.platform import Platform

CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{2}")
COUNTY = {"mode": "central", "level": "county"}
SCHOOL = {"mode": "school", "level": "school"}
# The relay notes by itself how far the stream has what was announced.
OF_THE_RELAY = "outbox_progress"
# What was refused has its line in the audit trail.
OF_THE_TRAIL = ("audit_record", "audit_object", "audit_gap")


class Scene:
    """Two districts under Pu'er's law, with teachers and projects in every state; ids by name."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.district = District(platform, "bad-input")
        self.other = District(platform, "bad-neighbour")
        self.ids: dict[str, str] = {}

    async def build(self) -> None:
        """Enter everything; what is registered last shows that the events before it have arrived."""
        ids = self.ids
        for district, where in ((self.district, ""), (self.other, " of another district")):
            await district.open()
            ids["school" + where] = district.school
            ids["teacher" + where] = await district.hire("T1")
            ids["project" + where] = await district.project()
        here = self.district
        ids["project of any level"] = await here.project(mode="network")
        ids["county project"] = await here.project(**COUNTY)
        ids["county project at 1.2"] = await here.project(**COUNTY, projectCredit="1.2")
        ids["unapproved project"] = await here.propose(**NETWORK)
        ids["school project"] = await here.propose(**SCHOOL)
        ids["returned project"] = await here.propose(**NETWORK)
        returned = {"projectId": ids["returned project"], "on": APPROVED_ON, "reason": "材料不全"}
        await here.enter("returnProject", returned, token=here.token("institute-officer"))
        ids["project done"] = await here.project()
        ids["record done"] = (await here.register(ids["teacher"], ids["project done"]))["record"]["id"]
        await self.other.register(ids["teacher of another district"], await self.other.project())

    def written(self) -> dict[str, Any]:
        """How many rows every table of the credits service holds in either district, and the head of each ledger."""
        return {district.code: self._rows(district.code) for district in (self.district, self.other)}

    def _rows(self, district: str) -> dict[str, Any]:
        path = self.platform.data / "credits" / f"{district}.db"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            counted = {
                name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608 - names of the file itself
                for name in tables
                if name != OF_THE_RELAY and name not in OF_THE_TRAIL
            }
            counted["head"] = file.execute("SELECT seq, hash FROM ledger_head").fetchall()
        assert {"record", "ledger", "inbox", "outbox", "decision", "project"} <= counted.keys()
        return counted

    def given(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """A training that counts, but for the changes; names of ids become ids."""
        said = {"idempotencyKey": self.district.key(), "teacherId": "teacher", "projectId": "project", **TRAINING}
        said |= changes
        return {name: self.ids.get(value, value) if name.endswith("Id") else value for name, value in said.items()}


@pytest.fixture(scope="module")
async def scene(platform: Platform) -> Scene:
    made = Scene(platform)
    await made.build()
    return made


def hours(amount: str) -> dict[str, str]:
    return {"hoursPlanned": amount, "hoursCompleted": amount}


def fact(name: str, value: str) -> dict[str, Any]:
    return {"facts": [{"name": name, "value": value}]}


# Needs no project: what the law says of it is not a project's to fix.
LECTURE = {
    "projectId": None,
    "kind": "lecture",
    "level": "school",
    "classHours": "2",
    **dict.fromkeys(("hoursPlanned", "hoursCompleted", "score")),
}
REGISTERED = {
    "an unknown teacher": ({"teacherId": "nobody"}, "TEACHER_UNKNOWN", "teacherId", "nobody", []),
    "no hours": (hours("0"), "HOURS_OUT_OF_RANGE", "hoursPlanned", "0", ["PUER-10-17"]),
    "hours below zero": (hours("-1"), "HOURS_OUT_OF_RANGE", "hoursPlanned", "-1", ["PUER-10-17"]),
    "absurd hours": (hours("100000"), "HOURS_OUT_OF_RANGE", "hoursPlanned", "100000", ["PUER-10-17"]),
    "absurd hours completed under a sound plan": (
        {"hoursCompleted": "1000000000"},
        *("HOURS_OUT_OF_RANGE", "hoursCompleted", "1000000000", ["PUER-10-17"]),
    ),
    "hours finer than a ledger keeps": (
        {"hoursCompleted": "0.0000001"},
        *("HOURS_OUT_OF_RANGE", "hoursCompleted", "0.0000001", ["PUER-10-17"]),
    ),
    "a coefficient that is the project's to fix": (
        {"projectId": "county project", **fact("project_credit", "1.2")},
        *("FACT_LEFT_TO_PROJECT", "facts", "1.2", []),
    ),
    "a coefficient where the law fixes one": (
        {**LECTURE, **fact("project_credit", "0.9")},
        *("COEFFICIENT_OUT_OF_RANGE", "facts", "0.9", ["PUER-13-2"]),
    ),
    "another coefficient than the project's": (
        {"projectId": "county project at 1.2", **fact("project_credit", "1.3")},
        *("FACT_FIXED_BY_PROJECT", "facts", "1.3", []),
    ),
    "a mark of 101": ({"score": "101"}, "MARK_OUT_OF_RANGE", "score", "101", ["PUER-11-3"]),
    "a mark below zero": ({"score": "-0.5"}, "MARK_OUT_OF_RANGE", "score", "-0.5", ["PUER-11-3"]),
    "an unapproved project": (
        {"projectId": "unapproved project"},
        *("PROJECT_NOT_APPROVED", "projectId", "unapproved project", ["PUER-F2-3-4", "PUER-21-1"]),
    ),
    "a returned project": (
        {"projectId": "returned project"},
        *("PROJECT_NOT_APPROVED", "projectId", "returned project", ["PUER-F2-3-4", "PUER-21-1"]),
    ),
    "no project": (
        {"projectId": None, **NETWORK},
        *("PROJECT_REQUIRED", "projectId", None, ["PUER-F2-3-4", "PUER-21-1"]),
    ),
    "an unknown project": ({"projectId": "nothing"}, "PROJECT_UNKNOWN", "projectId", "nothing", []),
    "a project of another district": (
        {"projectId": "project of another district"},
        *("PROJECT_UNKNOWN", "projectId", "project of another district", []),
    ),
    "a teacher of another district": (
        {"teacherId": "teacher of another district"},
        *("TEACHER_UNKNOWN", "teacherId", "teacher of another district", []),
    ),
    "an unknown fact": (fact("shoe_size", "42"), "FACT_MALFORMED", "facts", "42", []),
    "a mode that there is not": ({**LECTURE, "mode": "telepathy"}, "FACT_MALFORMED", "mode", "telepathy", []),
    "a level that is the project's to fix": (
        {"projectId": "project of any level", "level": "national"},
        *("FACT_LEFT_TO_PROJECT", "level", "national", []),
    ),
    "another mode than the project's": ({"mode": "central"}, "FACT_FIXED_BY_PROJECT", "mode", "central", []),
    "a float among the facts": (fact("score_of_all", "1e3"), "FACT_MALFORMED", "facts", "1e3", []),
    "a day before the law": ({"completedOn": "2023-12-31"}, "LAW_NOT_IN_FORCE", "completedOn", "2023-12-31", []),
    "a day before the project": ({"completedOn": "2024-01-07"}, "DAY_BEFORE_PROJECT", "completedOn", "2024-01-07", []),
    "a day to come": ({"completedOn": "2199-01-01"}, "DAY_IN_FUTURE", "completedOn", "2199-01-01", []),
    "a course done already": ({"projectId": "project done"}, "ALREADY_REGISTERED", "teacherId", "record done", []),
    "a key that is none": ({"idempotencyKey": "short"}, "KEY_MALFORMED", "idempotencyKey", "short", []),
}


def spoken(error: Mapping[str, Any], *said: str) -> None:
    """Both languages say what is wrong and what to do."""
    for name in said or ("message", "remedy"):
        assert CHINESE.search(error[f"{name}Zh"]), error
        assert ENGLISH.search(error[f"{name}En"]), error


async def refused(scene: Scene, token: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    """The one reason for which a write is refused; asserts that it wrote nothing."""
    before = scene.written()
    (error,) = (await scene.platform.write(token, name, given))["errors"]
    assert scene.written() == before
    spoken(error)
    return error


def told(scene: Scene, error: Mapping[str, Any], field: str, value: Any) -> None:
    """The error names the input's field and the value found there."""
    assert error["field"] == f"input.{field}"
    assert error["value"] == scene.ids.get(value, value)


@pytest.mark.parametrize("which", REGISTERED)
async def test_a_bad_training_is_refused_by_field_value_clause_and_remedy(scene: Scene, which: str) -> None:
    changes, code, field, value, clauses = REGISTERED[which]
    error = await refused(scene, scene.district.token(), "registerTraining", scene.given(changes))
    assert (error["code"], error["clauses"]) == (code, clauses)
    told(scene, error, field, value)


async def test_what_is_written_would_be_seen(scene: Scene) -> None:
    """The other tests of this file say something only because this one holds."""
    before = scene.written()
    await scene.district.register(scene.ids["teacher"], scene.ids["county project at 1.2"])
    after = scene.written()
    changed = {name for name, rows in after[scene.district.code].items() if rows != before[scene.district.code][name]}
    assert changed == {"inbox", "record", "decision", "ledger", "outbox", "head"}
    assert after[scene.other.code] == before[scene.other.code]


async def test_all_that_the_law_refuses_is_named_at_once(scene: Scene) -> None:
    before = scene.written()
    given = scene.given({"projectId": None, **NETWORK, **hours("-1"), "score": "101"})
    payload = await scene.platform.write(scene.district.token(), "registerTraining", given)
    found = {(one["code"], one["field"]) for one in payload["errors"]}
    assert found == {
        ("HOURS_OUT_OF_RANGE", "input.hoursPlanned"),
        ("MARK_OUT_OF_RANGE", "input.score"),
        ("PROJECT_REQUIRED", "input.projectId"),
    }
    assert scene.written() == before


async def test_a_key_is_not_used_for_another_training(scene: Scene) -> None:
    district, key = scene.district, f"{scene.district.code}-reused"
    approval = {"projectId": await district.propose(**NETWORK), "on": "2024-01-03", "document": NOTICE}
    await district.enter("approveProject", approval, key=key)
    given = scene.given({"idempotencyKey": key})
    error = await refused(scene, district.token(), "registerTraining", given)
    assert (error["code"], error["field"]) == ("KEY_REUSED", "input.idempotencyKey")


PROPOSED = {
    "a network coefficient": ({**NETWORK, "projectCredit": "9"}, "projectCredit", "9", "PUER-11-1N"),
    "a school's coefficient": ({**SCHOOL, "projectCredit": "0.4"}, "projectCredit", "0.4", "PUER-11-1S"),
    "a county coefficient": ({**COUNTY, "projectCredit": "1.51"}, "projectCredit", "1.51", "PUER-11-1C"),
    "absurd hours": ({**NETWORK, "hoursPlanned": "100000"}, "hoursPlanned", "100000", "PUER-10-17"),
}


@pytest.mark.parametrize("which", PROPOSED)
async def test_a_project_outside_the_law_is_refused_when_it_is_proposed(scene: Scene, which: str) -> None:
    facts, field, value, clause = PROPOSED[which]
    given = {"idempotencyKey": scene.district.key(), "title": "虚构项目", "organiser": "虚构中心", **facts}
    error = await refused(scene, scene.district.school_officer, "proposeProject", given)
    assert error["clauses"] == [clause]
    told(scene, error, field, value)


async def test_a_coefficient_outside_its_range_is_not_approved(scene: Scene) -> None:
    given = scene.given({"projectId": "school project", "on": APPROVED_ON, **fact("project_credit", "1.2")})
    approval = {name: given[name] for name in ("idempotencyKey", "projectId", "on", "facts")}
    error = await refused(scene, scene.district.token(), "approveProject", {**approval, "document": NOTICE})
    assert (error["code"], error["clauses"]) == ("COEFFICIENT_OUT_OF_RANGE", ["PUER-11-1S"])
    told(scene, error, "facts", "1.2")


async def test_ids_lead_nowhere_from_another_district(scene: Scene) -> None:
    error = await refused(scene, scene.other.token(), "registerTraining", scene.given({}))
    assert (error["code"], error["field"]) == ("TEACHER_UNKNOWN", "input.teacherId")
    approval = {"idempotencyKey": scene.other.key(), "projectId": scene.ids["unapproved project"], "on": APPROVED_ON}
    error = await refused(scene, scene.other.token("institute-officer"), "approveProject", approval)
    assert (error["code"], error["field"]) == ("PROJECT_UNKNOWN", "input.projectId")
    nowhere = scene.platform.token("no-such-district", "district-officer")
    error = await refused(scene, nowhere, "registerTraining", scene.given({}))
    assert (error["code"], error["value"]) == ("DISTRICT_UNKNOWN", "no-such-district")


def changed(token: str) -> str:
    """The same token with one letter of its signature changed."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def bad_tokens(scene: Scene) -> dict[str, tuple[str | None, str]]:
    officer = Caller(subject="synthetic", role="district-officer", district=scene.district.code)
    expired = scene.platform.issuer.issue(officer, ttl=timedelta(minutes=5), now=1_700_000_000.0)
    return {
        "none": (None, "TOKEN_MISSING"),
        "malformed": ("not.a.token", "TOKEN_MALFORMED"),
        "forged": (changed(scene.district.token()), "TOKEN_MALFORMED"),
        "expired": (expired, "TOKEN_EXPIRED"),
    }


@pytest.mark.parametrize("which", ["none", "malformed", "forged", "expired"])
async def test_a_token_that_shows_nobody_is_refused_and_says_how_to_get_one(scene: Scene, which: str) -> None:
    token, reason = bad_tokens(scene)[which]
    before = scene.written()
    query = "mutation($input: RegisterTrainingInput!) { registerTraining(input: $input) { record { id } } }"
    answer = await scene.platform.post(token, query, {"input": scene.given({})})
    assert answer.status_code == 401
    (error,) = answer.json()["errors"]
    said = error["extensions"]
    assert (said["code"], said["reason"], said["field"]) == ("UNAUTHENTICATED", reason, "headers.authorization")
    spoken(said)
    assert "yanxiu token" in said["remedyEn"]
    assert token is None or token not in answer.text
    assert scene.written() == before


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("score", 59.5, "59.5"),
        ("hoursPlanned", 1e300, "1e+300"),
        ("score", "5e1", "5e1"),
        ("score", "NaN", "NaN"),
        ("score", True, "True"),
        ("score", [], "[]"),
        ("completedOn", "2024-02-30", "2024-02-30"),
    ],
)
async def test_a_float_and_a_day_that_is_none_are_refused_by_field_and_value(
    scene: Scene, field: str, value: Any, shown: str
) -> None:
    before = scene.written()
    query = "mutation($input: RegisterTrainingInput!) { registerTraining(input: $input) { record { id } } }"
    answer = await scene.platform.post(scene.district.token(), query, {"input": scene.given({field: value})})
    (error,) = answer.json()["errors"]
    said = error["extensions"]
    assert (said["code"], said["field"], said["value"]) == ("BAD_USER_INPUT", f"input.{field}", shown)
    spoken(said)
    assert not answer.json().get("data")
    assert scene.written() == before


async def test_a_float_written_in_the_document_is_refused(scene: Scene) -> None:
    before = scene.written()
    ids = scene.ids
    query = (
        'mutation { registerTraining(input: {idempotencyKey: "bad-input-literal", completedOn: "2024-07-12",'
        f' teacherId: "{ids["teacher"]}", projectId: "{ids["project"]}", score: 59.5}}) {{ record {{ id }} }} }}'
    )
    (error,) = (await scene.platform.post(scene.district.token(), query)).json()["errors"]
    said = error["extensions"]
    assert (said["code"], said["value"]) == ("GRAPHQL_VALIDATION_FAILED", "59.5")
    spoken(said)
    assert scene.written() == before
