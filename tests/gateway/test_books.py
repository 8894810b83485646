"""Corrections, locks, fraud, signed heads and transcripts through GraphQL, as a front end uses them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire import books as wire
from yanxiu_wire import credits as wire_credits

from tests.gateway.conftest import Client
from tests.gateway.world import Land, World, _page, refuse

AT = datetime(2025, 3, 14, 1, tzinfo=UTC)
TEACHER = "puer-school-1-teacher-0"
RECORD = f"{TEACHER}-record-1"
KEY = "idempotency-key"
REVERSAL = wire_credits.Reversal(
    entry="entry-9", why="fraud", reason="伪造", reversed_by="x", role="institute-officer", recorded_at=AT,
    integrity="finding-1",
)  # fmt: skip
ENTRY = wire_credits.LedgerEntry(
    seq=9, id="entry-9", teacher=TEACHER, record=RECORD, kind="registration-reversal", on=date(2024, 5, 20),
    hours=Decimal(-10), credits=Decimal("-12.50"), recorded_at=AT, previous="00", hash="ff", activity="a",
    generation=1, reverses="entry-1",
)  # fmt: skip
FINDING = wire.IntegrityEntry(
    id="finding-1", record=RECORD, teacher=TEACHER, school="puer-school-1", actor="registrar", registered_by="y",
    on=date(2024, 5, 20), serious=True, reason="伪造", proof="卷宗", consequences={"citywide_notice": True},
    sentences_zh=("通报",), sentences_en=("made known",), clauses=("PUER-22-1",), pack="p", version="1", found_by="x",
    role="district-officer", recorded_at=AT,
)  # fmt: skip
LOCK = wire.PeriodLock(
    id="lock-1", school="puer-school-1", kind="year", label="2024", starts_on=date(2024, 1, 1),
    ends_on=date(2024, 12, 31), reason="认定完毕", locked_by="x", role="institute-officer", recorded_at=AT,
    in_force=True, may_open=("district-officer",),
    openings=(
        wire.LockOpening(
            id="o", opened_by="z", role="district-officer", reason="补登", until=date(2025, 3, 1), recorded_at=AT
        ),
    ),
)  # fmt: skip
HEAD = wire.SignedHead(
    district="puer", day=date(2025, 3, 14), size=7, root="aa", head="ff", signed_at=AT, token="t.t.t"
)


class Books(World):
    """The synthetic world with one reversal, one lock, one finding and one signed head."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Any] = []

    def correct_training(self, land: Land, command: wire.CorrectTraining) -> Any:
        self.asked.append(command)
        if command.on == date(2024, 1, 1):
            return refuse("PERIOD_LOCKED", "on", command.on)
        if command.record not in land.records:
            return refuse("RECORD_UNKNOWN", "record", command.record)
        made = msgspec.structs.replace(land.records[command.record], supersedes=command.record)
        return wire.TrainingCorrected(record=made, corrected=command.record, entry=ENTRY, replayed=True)

    def reverse_record(self, land: Land, command: wire.ReverseRecord) -> Any:
        self.asked.append(command)
        revoked = msgspec.structs.replace(land.records[command.record], reversal=REVERSAL)
        return wire.RecordReversed(record=revoked, entry=ENTRY)

    def reverse_recognition(self, _land: Land, command: wire.ReverseRecognition) -> Any:
        self.asked.append(command)
        return wire.RecognitionReversed(entry=ENTRY)

    def void_for_fraud(self, _land: Land, command: wire.VoidForFraud) -> Any:
        self.asked.append(command)
        return wire.RecordVoided(integrity=FINDING, entry=ENTRY)

    def list_integrity(self, _land: Land, query: wire.ListIntegrity) -> Any:
        self.asked.append(query)
        return _page(wire.IntegrityPage, [FINDING], query.page)

    def lock_period(self, _land: Land, command: wire.LockPeriod) -> Any:
        self.asked.append(command)
        if command.school is None:
            return refuse("SCHOOL_UNKNOWN", "school", None)
        return LOCK

    def unlock_period(self, _land: Land, command: wire.UnlockPeriod) -> Any:
        self.asked.append(command)
        return msgspec.structs.replace(LOCK, in_force=False)

    def list_locks(self, _land: Land, query: wire.ListLocks) -> Any:
        self.asked.append(query)
        return _page(wire.PeriodLockPage, [LOCK], query.page)

    def sign_head(self, _land: Land, _command: wire.SignHead) -> Any:
        return HEAD

    def list_heads(self, _land: Land, query: wire.ListHeads) -> Any:
        return _page(wire.SignedHeadPage, [HEAD], query.page)

    def prove_consistency(self, _land: Land, query: wire.ProveConsistency) -> Any:
        if query.older > query.newer:
            return refuse("SIZE_OUT_OF_RANGE", "newer", query.newer)
        return wire.ConsistencyProof(older=1, newer=7, older_root="aa", newer_root="bb", nodes=("cc",))

    def get_ledger_keys(self, _land: Land, _query: wire.GetLedgerKeys) -> Any:
        return wire.LedgerKeys(jwks='{"keys": []}')

    def get_transcript(self, _land: Land, query: wire.GetTranscript) -> Any:
        self.asked.append(query)
        if query.teacher != TEACHER:
            return refuse("TEACHER_UNKNOWN", "teacher", query.teacher)
        return wire.Transcript(teacher=TEACHER, entries=2, issued_at=AT, document="{}")


@pytest.fixture
def world() -> Books:
    return Books()


def gid(kind: str, plain: str) -> str:
    return str(global_id(kind, plain))


async def test_a_record_is_corrected_with_facts_by_name(client: Client, world: Books) -> None:
    answer = await client.data(
        """mutation($input: CorrectTrainingInput!) { correctTraining(input: $input) {
             record { supersedes { id } } entry { kind credits reverses } replayed errors { code } } }""",
        variables={
            "input": {
                "idempotencyKey": KEY, "recordId": gid("Record", RECORD), "reason": "填错",
                "facts": [{"name": "hours", "value": "8"}], "completedOn": "2024-05-21",
            }
        },
    )  # fmt: skip
    done = answer["correctTraining"]
    assert done["record"]["supersedes"] == {"id": gid("Record", RECORD)}
    assert done["entry"] == {
        "kind": "registration-reversal", "credits": "-12.5", "reverses": gid("LedgerEntry", "entry-1"),
    }  # fmt: skip
    assert (done["replayed"], done["errors"]) == (True, [])
    command = world.asked[0]
    assert (command.record, command.facts, command.on) == (RECORD, {"hours": "8"}, date(2024, 5, 21))


async def test_a_refusal_names_the_inputs_own_field(client: Client) -> None:
    given = {"idempotencyKey": KEY, "recordId": "no-such", "reason": "填错", "facts": []}
    query = "mutation($input: CorrectTrainingInput!) { correctTraining(input: $input) { errors { code field value } } }"
    answer = await client.data(query, variables={"input": given})
    assert answer["correctTraining"]["errors"] == [
        {"code": "RECORD_UNKNOWN", "field": "input.recordId", "value": "no-such"}
    ]
    answer = await client.data(query, variables={"input": {**given, "completedOn": "2024-01-01"}})
    assert answer["correctTraining"]["errors"][0]["field"] == "input.completedOn"


async def test_a_record_taken_back_says_why(client: Client) -> None:
    answer = await client.data(
        """mutation($input: ReverseRecordInput!) { reverseRecord(input: $input) {
             record { reversal { entry why reason role integrityEntry } } errors { code } } }""",
        variables={"input": {"idempotencyKey": KEY, "recordId": gid("Record", RECORD), "reason": "重复"}},
    )
    assert answer["reverseRecord"]["record"]["reversal"] == {
        "entry": gid("LedgerEntry", "entry-9"), "why": "FRAUD", "reason": "伪造", "role": "INSTITUTE_OFFICER",
        "integrityEntry": gid("IntegrityEntry", "finding-1"),
    }  # fmt: skip


async def test_a_recognition_is_taken_back_by_its_entry(client: Client, world: Books) -> None:
    answer = await client.data(
        "mutation($input: ReverseRecognitionInput!) { reverseRecognition(input: $input) { entry { seq } } }",
        variables={"input": {"idempotencyKey": KEY, "entryId": gid("LedgerEntry", "entry-3"), "reason": "异议"}},
    )
    assert answer["reverseRecognition"]["entry"] == {"seq": 9}
    assert world.asked[0].recognition == "entry-3"


async def test_fraud_is_noted_with_what_the_law_attaches(client: Client, world: Books) -> None:
    answer = await client.data(
        """mutation($input: VoidForFraudInput!) { voidForFraud(input: $input) { integrityEntry {
             id actor serious sentencesZh clauses role consequences { name value }
             teacher { id } record { id } } } }""",
        variables={
            "input": {
                "idempotencyKey": KEY, "recordId": gid("Record", RECORD), "reason": "伪造", "proof": "卷宗",
                "actor": "REGISTRAR", "serious": True,
            }
        },
    )  # fmt: skip
    assert answer["voidForFraud"]["integrityEntry"] == {
        "id": gid("IntegrityEntry", "finding-1"), "actor": "REGISTRAR", "serious": True, "sentencesZh": ["通报"],
        "clauses": ["PUER-22-1"], "role": "DISTRICT_OFFICER",
        "consequences": [{"name": "citywide_notice", "value": "true"}],
        "teacher": {"id": gid("Teacher", TEACHER)}, "record": {"id": gid("Record", RECORD)},
    }  # fmt: skip
    assert (world.asked[0].actor, world.asked[0].serious) == ("registrar", True)


async def test_integrity_entries_come_in_pages_and_by_teacher(client: Client, world: Books) -> None:
    query = "query($t: ID) { integrityEntries(first: 5, teacher: $t) { totalCount edges { node { reason } } } }"
    answer = await client.data(query, variables={"t": gid("Teacher", TEACHER)})
    assert answer["integrityEntries"] == {"totalCount": 1, "edges": [{"node": {"reason": "伪造"}}]}
    assert world.asked[0].teacher == TEACHER


async def test_a_period_is_locked_and_opened(client: Client, world: Books) -> None:
    shown = "lock { id label inForce mayOpen school { id } openings { reason until role } } errors { code field }"
    given = {"idempotencyKey": KEY, "kind": "year", "on": "2024-05-01", "reason": "认定完毕"}
    lock = f"mutation($input: LockPeriodInput!) {{ lockPeriod(input: $input) {{ {shown} }} }}"
    answer = await client.data(lock, variables={"input": {**given, "schoolId": gid("School", "puer-school-1")}})
    assert answer["lockPeriod"]["lock"] == {
        "id": gid("PeriodLock", "lock-1"), "label": "2024", "inForce": True, "mayOpen": ["DISTRICT_OFFICER"],
        "school": {"id": gid("School", "puer-school-1")},
        "openings": [{"reason": "补登", "until": "2025-03-01", "role": "DISTRICT_OFFICER"}],
    }  # fmt: skip
    refused = await client.data(lock, variables={"input": {**given, "idempotencyKey": "another-key"}})
    assert refused["lockPeriod"]["errors"] == [{"code": "SCHOOL_UNKNOWN", "field": "input.schoolId"}]
    answer = await client.data(
        f"mutation($input: UnlockPeriodInput!) {{ unlockPeriod(input: $input) {{ {shown} }} }}",
        variables={
            "input": {
                "idempotencyKey": "unlock-key", "lockId": gid("PeriodLock", "lock-1"), "reason": "补登",
                "until": "2025-04-01",
            }
        },
    )  # fmt: skip
    assert answer["unlockPeriod"]["lock"]["inForce"] is False
    assert (world.asked[-1].lock, world.asked[-1].until) == ("lock-1", date(2025, 4, 1))


async def test_locks_are_listed_by_school_and_whether_they_hold(client: Client, world: Books) -> None:
    query = "query($s: ID) { periodLocks(school: $s, inForce: true) { totalCount edges { node { lockedBy } } } }"
    answer = await client.data(query, variables={"s": gid("School", "puer-school-1")})
    assert answer["periodLocks"]["totalCount"] == 1
    assert (world.asked[0].school, world.asked[0].in_force) == ("puer-school-1", True)


async def test_heads_are_signed_listed_and_proved(client: Client) -> None:
    answer = await client.data(
        "mutation($input: SignHeadInput!) { signHead(input: $input) { head { day size root token } } }",
        variables={"input": {"idempotencyKey": KEY}},
    )
    assert answer["signHead"]["head"] == {"day": "2025-03-14", "size": 7, "root": "aa", "token": "t.t.t"}
    answer = await client.data(
        "{ signedHeads { edges { node { size } } } consistencyProof(older: 1, newer: 7) { nodes } ledgerKeys }"
    )
    assert answer["signedHeads"]["edges"] == [{"node": {"size": 7}}]
    assert (answer["consistencyProof"], answer["ledgerKeys"]) == ({"nodes": ["cc"]}, '{"keys": []}')
    refused = await client.ask("{ consistencyProof(older: 7, newer: 1) { nodes } }")
    assert refused["errors"][0]["extensions"]["code"] == "SIZE_OUT_OF_RANGE"


async def test_a_transcript_comes_with_the_teacher_beside_it(client: Client, world: Books) -> None:
    query = """query($t: ID!) { transcript(teacher: $t, since: "2024-01-01", until: "2024-12-31") {
      entries document teacher { name } } }"""
    answer = await client.data(query, variables={"t": gid("Teacher", TEACHER)})
    assert (answer["transcript"]["entries"], answer["transcript"]["document"]) == (2, "{}")
    assert answer["transcript"]["teacher"]["name"]
    assert (world.asked[0].since, world.asked[0].until) == (date(2024, 1, 1), date(2024, 12, 31))
    refused = await client.ask(query, variables={"t": "nobody"})
    assert refused["errors"][0]["extensions"]["code"] == "TEACHER_UNKNOWN"


@pytest.mark.parametrize(
    "mutation",
    [
        "correctTraining",
        "reverseRecord",
        "reverseRecognition",
        "voidForFraud",
        "lockPeriod",
        "unlockPeriod",
        "signHead",
    ],
)
async def test_a_key_that_is_none_is_refused_by_every_mutation(client: Client, world: Books, mutation: str) -> None:
    name = mutation[0].upper() + mutation[1:]
    more = {
        "correctTraining": {"recordId": "r", "reason": "x", "facts": []},
        "reverseRecord": {"recordId": "r", "reason": "x"},
        "reverseRecognition": {"entryId": "r", "reason": "x"},
        "voidForFraud": {"recordId": "r", "reason": "x", "proof": "x"},
        "lockPeriod": {"kind": "year", "on": "2024-01-01", "reason": "x"},
        "unlockPeriod": {"lockId": "l", "reason": "x"},
        "signHead": {},
    }[mutation]
    query = f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ errors {{ code }} }} }}"
    answer = await client.data(query, variables={"input": {"idempotencyKey": "short", **more}})
    assert answer[mutation]["errors"] == [{"code": "KEY_MALFORMED"}]
    assert world.asked == []
