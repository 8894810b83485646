"""The commands that bring records from elsewhere or change what they are worth, and what holds after every command."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from yanxiu_wire.books import SignedHead
from yanxiu_wire.credits import GET_STANDINGS, GET_TOTALS, GetStandings, GetTotals, TrainingRegistered
from yanxiu_wire.refusal import Refused
from yanxiu_wire.transfer import TransferItemDecided, TransferReceived
from yanxiu_wire.workflow import VERIFY_SIGNATURES, VerifySignatures

from tests.services.credits.every_command.conftest import HOME
from tests.services.credits.every_command.machine import CREDITS, DAYS, PICK, TEACHER, EveryCommand
from tests.services.credits.every_command.model import RECOGNISED_YEAR, YEARS, Item, Record
from tests.services.credits.transfer.conftest import TOO_MUCH


class EveryCommandOfAll(EveryCommand):
    """The machine with every command."""

    # ---- attendance --------------------------------------------------------------------------------------------

    @rule(teacher=TEACHER, hours=st.integers(1, 8), by_hand=st.sampled_from(["no", "before", "after"]))
    def attend(self, teacher: str, hours: int, by_hand: str) -> None:
        """A session of a project is attended; the same training entered by hand as well counts once."""
        on, project = self.house.clock.day, self.wait(self.house.project()).id
        school = self.model.school_on(teacher, on)
        given = {"on": on, "project": project, "facts": self.facts(hours, 95)}
        session = self.wait(self.house.attended(teacher, school, hours, project))
        ways = {"no": "s", "before": "hs", "after": "sh"}[by_hand]
        done = False
        for way in ways:
            if way == "s":
                result = self.wait(self.house.register_attended(session))
                made, codes = result.record, [one.code for one in result.errors]
            else:
                answer = self.wait(self.house.register(teacher, **given))
                codes = [one.code for one in answer.errors] if isinstance(answer, Refused) else []
                made = answer.record.id if isinstance(answer, TrainingRegistered) else None
            if self.model.closed(teacher, school, on):
                assert codes == ["PERIOD_LOCKED"], codes
            elif done:
                assert codes == ["ALREADY_REGISTERED"], (way, codes)
                self.obeyed["counted once"] += 1
            else:
                assert made is not None, codes
                self.add(made, teacher, on, school, {"hours": str(hours), "score": "100" if way == "s" else "95"})
                done = True
                self.obeyed["attend"] += way == "s"

    # ---- transfers ---------------------------------------------------------------------------------------------

    @rule(teacher=TEACHER, on=DAYS, credits_=CREDITS, within=st.booleans())
    def receive(self, teacher: str, on: date, credits_: int, within: bool) -> None:
        """The teacher earns something in another district, whose transcript comes with all that was earned there."""
        left = self.left = self.left or self.wait(self.districts.open())
        earned = self.wait(left.register(teacher, on=on, facts=self.facts(credits_, 95)))
        assert isinstance(earned, TrainingRegistered), earned
        document = self.wait(left.transcript(teacher))
        answer = self.wait(self.house.receive(document, teacher, within_city=within))
        assert isinstance(answer, TransferReceived), answer
        for item in answer.transfer.items:
            expected = self.expected(teacher, item, within=within)
            assert item.outcome == expected, (item, expected)
            if expected == "recognised":
                self.bring(teacher, item.origin_entry, item.record, item.on, item.credits)
            elif expected == "review":
                where = (answer.transfer.id, item.number, teacher, item.origin_entry, item.on, item.credits)
                self.model.waiting.append(Item(*where))
            self.obeyed[f"transfer {expected}"] += 1

    def expected(self, teacher: str, item: Any, *, within: bool) -> str:
        model = self.model
        if self.brought(item.origin_entry) or item.credits > TOO_MUCH:
            return "not-recognised"
        closed = model.closed(teacher, model.school_on(teacher, item.on), item.on)
        fell = item.origin_entry in model.brought or item.origin_entry in model.declined
        return "review" if closed or fell or not within else "recognised"

    def brought(self, entry: str) -> bool:
        made = self.model.records.get(self.model.brought.get(entry, ""))
        return made is not None and made.stands

    def bring(self, teacher: str, entry: str, made: str | None, on: date, credits_: Decimal) -> None:
        assert made is not None
        self.model.brought[entry] = made
        self.model.add(Record(made, teacher, on, None, credits_, Decimal(100), counts=True, kind="transfer", line=made))

    @precondition(lambda self: self.model.waiting)
    @rule(pick=PICK, recognise=st.sampled_from([True, True, False]))
    def decide(self, pick: int, recognise: bool) -> None:
        item = self.model.waiting[pick % len(self.model.waiting)]
        answer = self.wait(self.house.decide(item.transfer, item.number, recognise=recognise))
        closed = self.model.closed(item.teacher, self.model.school_on(item.teacher, item.on), item.on)
        if recognise and (self.brought(item.entry) or closed):
            self.refused(answer, *(["ALREADY_TRANSFERRED"] if self.brought(item.entry) else []), "PERIOD_LOCKED")
            return
        assert isinstance(answer, TransferItemDecided), answer
        self.model.waiting.remove(item)
        if not recognise:
            self.model.declined.add(item.entry)
        else:
            (made,) = [one.record for one in answer.transfer.items if one.number == item.number]
            self.bring(item.teacher, item.entry, made, item.on, item.credits)
        self.obeyed["decide"] += 1

    # ---- the law and the schools -------------------------------------------------------------------------------

    @rule(mark=st.sampled_from([60, 75, 85, 90]))
    def adopt(self, mark: int) -> None:
        """Preview another pass mark, bind it, adopt: the standings are what the preview said."""
        if self.model.mark == mark:
            return
        policy = self.house.policy
        preview = self.wait(policy.preview(settings={"pass_mark": str(mark)}))
        self.house.version += 1
        self.wait(policy.bind(preview, version=self.house.version))
        job = self.wait(policy.adopted(preview.id))
        assert job.state == "done", job
        assert self.wait(policy.standings()) == self.wait(policy.stored(preview.id, "after"))
        self.model.adopt(Decimal(mark))
        anew = {row["replaces"]: row["id"] for row in self.wait(self.house.rows("record")) if row["replaces"]}
        for old in self.model.adopted():
            old.stands = False
            made = self.add(anew[old.id], old.teacher, old.on, old.school, _facts(old))
            made.line = old.line
            self.obeyed["decided again"] += 1

    @rule(teacher=TEACHER, since=st.sampled_from([date(2024, 7, 1), date(2025, 1, 10)]))
    def move_school(self, teacher: str, since: date) -> None:
        """The registry says so late: from a day on the teacher works at the other school."""
        places = self.model.schools[teacher]
        if since <= places[-1][0]:
            return
        places.append((since, "school-2" if places[-1][1] == "school-1" else "school-1"))
        self.wait(self.house.moves(teacher, places))
        self.obeyed["move"] += 1

    # ---- what is signed ----------------------------------------------------------------------------------------

    @rule()
    def sign(self) -> None:
        """The auditor has the ledger's head signed, and keeps it."""
        answer = self.wait(self.house.sign())
        assert isinstance(answer, SignedHead), answer
        assert answer.size == len(self.before)
        self.heads[answer.token] = answer.size
        self.obeyed["sign"] += 1

    # ---- what holds after every command ------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        self.nothing_is_lost_doubled_or_altered()
        standings = {year: self.standings(year, tuple(sorted(HOME))) for year in YEARS}
        self.sums_agree(standings)
        self.what_is_locked_is_as_it_was_recognised(standings[RECOGNISED_YEAR])
        self.a_training_counts_once()

    def nothing_is_lost_doubled_or_altered(self) -> None:
        now = sorted((dict(row) for row in self.wait(self.house.rows("ledger"))), key=lambda row: row["seq"])
        assert now[: len(self.before)] == self.before
        assert [row["seq"] for row in now] == list(range(1, len(now) + 1))
        found = self.wait(self.house.verify(*self.heads))
        assert (found.first_bad, found.outside_heads) == (None, len(self.heads)), found
        self.before = now

    def sums_agree(self, standings: dict[int, dict[str, Any]]) -> None:
        """The model, the ledger, the totals and the standings say the same of every teacher."""
        teachers = tuple(sorted(HOME))
        query = GetTotals(caller=self.house.department, teachers=teachers)
        totals = {one.teacher: one for one in self.wait(self.house.call(GET_TOTALS, query)).items}
        for one in teachers:
            said = (self.model.earned(one), self.model.recognised_of(one))
            assert (totals[one].credits, totals[one].recognised_credits) == said, one
            assert (self.posted(one, "registration"), self.posted(one, "recognition")) == said, one
            for year in YEARS:
                assert standings[year][one].credits == self.model.earned(one, year), (one, year)

    def what_is_locked_is_as_it_was_recognised(self, standings: dict[str, Any]) -> None:
        """While the period is closed, what stands recognised of it is what is judged; opened, the standing says so."""
        for one in self.model.recognised:
            if one.stands:
                earned = self.model.earned(one.teacher, RECOGNISED_YEAR)
                assert standings[one.teacher].recognition_stale == (one.credits != earned), one
                if self.model.locked(one.school, RECOGNISED_YEAR) or self.model.locked(None, RECOGNISED_YEAR):
                    assert one.credits == earned, one

    def a_training_counts_once(self) -> None:
        lines = [one.line for one in self.model.records.values() if one.stands and one.counts]
        assert len(lines) == len(set(lines))

    def standings(self, year: int, teachers: tuple[str, ...]) -> dict[str, Any]:
        query = GetStandings(caller=self.house.department, teachers=teachers, kind="year", on=date(year, 3, 1))
        return {one.teacher: one for one in self.wait(self.house.call(GET_STANDINGS, query)).items}

    def posted(self, teacher: str, kind: str) -> Decimal:
        its = (row for row in self.before if row["teacher"] == teacher and row["kind"].startswith(kind))
        return Decimal(sum(row["micro_credits"] for row in its)) / 10**6

    def teardown(self) -> None:
        query = VerifySignatures(caller=self.house.department)
        assert self.wait(self.house.call(VERIFY_SIGNATURES, query)).first_bad is None


def _facts(record: Record) -> dict[str, str]:
    return {"hours": str(record.credits), "score": str(record.score)}
