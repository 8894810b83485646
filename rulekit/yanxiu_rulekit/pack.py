"""A rule pack: one district's law, loaded from its folder, asked by kind and day."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, localcontext
from importlib import resources
from importlib.metadata import version as distribution_version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from yanxiu_rulekit.decision import CreditRules, Decision, Forgery, Moved, PeriodOf, StandingRule
from yanxiu_rulekit.errors import DecisionUnknown, FactsRefused, PackRefused
from yanxiu_rulekit.facts import CreditLine, Teacher, read_facts
from yanxiu_rulekit.headroom import Headrooms
from yanxiu_rulekit.law import Law
from yanxiu_rulekit.numbers import EXACT
from yanxiu_rulekit.outcome import Assessment, Decided, Period, Standing
from yanxiu_rulekit.parameters import Parameters, load_parameters
from yanxiu_rulekit.sound import sound_period, sound_result, sound_standing
from yanxiu_rulekit.source import Source, load_source
from yanxiu_rulekit.visits import Answered, VisitRules
from yanxiu_rulekit.workflow import Window, Workflow
from yanxiu_rulekit.workflows import FILE as WORKFLOWS
from yanxiu_rulekit.workflows import load_workflows

if TYPE_CHECKING:
    from yanxiu_rulekit.columns.lines import LineColumns
    from yanxiu_rulekit.columns.records import AssessedColumns
    from yanxiu_rulekit.columns.standing import StandingColumns


class RulePack:
    """One district's law: its source, its dated parameters, its decisions, its workflows, and what the credits and
    the visits service need.

    `name` is the distribution (`yanxiu-puer`), `jurisdiction` the key of its cases (`puer`). `periods` are kinds of
    period that workflows run by and no standing judges. Built once by `RulePack.load`; immutable and safe to share
    between threads.
    """

    def __init__(
        self,
        *,
        name: str,
        version: str,
        source: Source,
        parameters: Parameters,
        decisions: Iterable[Decision],
        credit: CreditRules | None = None,
        visits: VisitRules | None = None,
        workflows: Mapping[str, Workflow] | None = None,
        windows: Mapping[str, Window] | None = None,
        periods: Mapping[str, PeriodOf] | None = None,
    ) -> None:
        self.name = name
        self.version = version
        self.source = source
        self.parameters = parameters
        self.credit = credit
        self.visits = visits
        self.workflows = MappingProxyType(dict(workflows or {}))
        self.windows = MappingProxyType(dict(windows or {}))
        self.periods = MappingProxyType(dict(periods or {}))
        by_kind: dict[str, Decision] = {}
        for one in decisions:
            if one.kind in by_kind:
                raise PackRefused(f"{name}: two decisions answer the kind {one.kind!r}; keep one")
            by_kind[one.kind] = one
        self.decisions = MappingProxyType(by_kind)
        for role, kind in (*_kinds_named(credit), *_kinds_asked(visits)):
            if kind not in by_kind:
                raise PackRefused(f"{name}: {role} names the kind {kind!r}, which no decision answers")
        for kind, clauses in self.answered():
            for cite in clauses:
                if source.clause(cite) is None:
                    raise PackRefused(
                        f"{name}: {kind} answers {cite!r}, which is no clause of source.toml; quote it there"
                    )

    def under(self, parameters: Parameters) -> RulePack:
        """Return this law with other parameters, for a preview: all else is the same."""
        other = copy.copy(self)
        other.parameters = parameters
        return other

    @property
    def jurisdiction(self) -> str:
        """The key of the district's law in case files and settings, such as `puer`."""
        return self.source.jurisdiction

    def answered(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return each kind of decision, and each period judged, with the clauses it answers."""
        kinds = [(kind, one.clauses) for kind, one in self.decisions.items()]
        periods = [(rule.period, rule.clauses) for rule in self.credit.standings] if self.credit else []
        return kinds + periods

    def carried_out(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return each workflow with the clauses it carries out."""
        return [(name, one.clauses) for name, one in self.workflows.items()]

    def workflow(self, name: str) -> Workflow:
        """Return a workflow by its name; raises `DecisionUnknown` naming those that the pack has."""
        if name in self.workflows:
            return self.workflows[name]
        known = ", ".join(sorted(self.workflows)) or "none"
        raise DecisionUnknown(f"{self.name} has no workflow {name!r}; it has {known}")

    def case_files(self) -> list[Path]:
        """Return the case files: in the import package where a wheel brought them, else beside it in the pack's folder.

        None where the pack is installed without them.
        """
        home = Path(self.parameters.file).parent
        inside = sorted((home / "cases").glob("*.toml"))
        return inside or sorted((home.parent / "cases").glob("*.toml"))

    @classmethod
    def load(
        cls,
        package: str,
        *,
        name: str,
        decisions: Iterable[Decision],
        credit: CreditRules | None = None,
        visits: VisitRules | None = None,
        windows: Mapping[str, Window] | None = None,
        periods: Mapping[str, PeriodOf] | None = None,
    ) -> RulePack:
        """Load `source.toml`, `parameters.toml` and, where it stands, `workflows.toml` of the import package.

        `windows` are the functions that its workflows' steps name. Raises `PackRefused` with file and remedy.
        """
        folder = resources.files(package)
        source = load_source(folder / "source.toml")
        parameters = load_parameters(folder / "parameters.toml", clauses=source.clauses)
        judged = [rule.period for rule in credit.standings] if credit else []
        return cls(
            name=name,
            version=distribution_version(name),
            source=source,
            parameters=parameters,
            decisions=decisions,
            credit=credit,
            visits=visits,
            workflows=load_workflows(
                folder / WORKFLOWS, clauses=source.clauses, windows=windows or {}, periods=(*judged, *(periods or {}))
            ),
            windows=windows,
            periods=periods,
        )

    def law(self, on: date, settings: Mapping[str, Any] | None = None, *, today: date | None = None) -> Law:
        """Return the law of a day under a district's settings (checked against what the pack lets a district set)."""
        return Law(self.parameters, on, self.parameters.checked(settings or {}), today=today)

    def decide(
        self, kind: str, given: Mapping[str, Any], *, on: date | None = None, settings: Mapping[str, Any] | None = None
    ) -> Decided:
        """Answer one question from given facts.

        The governing day is `on`, else the day the decision takes from its facts, else the first day in force.
        Raises `DecisionUnknown`, `FactsRefused` (field, value, problem) or `RuleNotInForce`.
        """
        asked = self._decision(kind)
        facts = read_facts(asked.facts, given)
        return self._decided(asked, facts, on, settings)

    def assess(self, given: Mapping[str, Any], *, on: date, settings: Mapping[str, Any] | None = None) -> Assessment:
        """Say what one record is worth on the day that governs it; `given` holds the record's facts.

        The result's refusals, if any, mean that nothing may be entered at all.
        """
        return self.assess_read(self.read_record(given), on=on, settings=settings)

    def read_record(self, given: Mapping[str, Any]) -> Any:
        """Return the facts of one record as the pack's record question; raises `FactsRefused`."""
        try:
            return read_facts(self.record_decision.facts, {"record": given})
        except FactsRefused as error:
            field = error.field.removeprefix("record.")
            raise FactsRefused(field=field, value=error.value, problem=error.problem) from None

    def assess_read(self, question: Any, *, on: date, settings: Mapping[str, Any] | None = None) -> Assessment:
        """Say the same of a record whose facts were read."""
        decided = self._decided(self.record_decision, question, on, settings)
        worth = decided.result
        counted = worth["status"] == "COUNTED"
        return Assessment(
            status=worth["status"],
            hours=worth["hours"] if counted else Decimal(0),
            credits=worth["total"] if counted else Decimal(0),
            attributes=self._credit.attributes(question, worth) if counted else {},
            decided=decided,
        )

    def assess_columns(
        self, given: Iterable[tuple[date, Mapping[str, Any]]], settings: Mapping[str, Any] | None = None
    ) -> AssessedColumns:
        """Say what many records are worth, each on its day, exactly as `assess` says of each."""
        from yanxiu_rulekit.columns.records import Assessor

        return Assessor(self, settings).assess(given)

    def period(self, kind: str, day: date, settings: Mapping[str, Any] | None = None) -> Period:
        """Return the period of a kind that contains the day."""
        period_of = self.periods[kind] if kind in self.periods else self.standing_rule(kind).period_of
        return sound_period(self.name, period_of(day, self.law(day, settings)))

    def lines_between(
        self, period: Period, settings: Mapping[str, Any] | None = None, *, told: bool = False
    ) -> tuple[date, date]:
        """Return the days whose lines `standing` needs, both included: the period's own, unless its rule reaches out.

        `told` asks for those too that change no figure but what is told beside them.
        """
        rule, law = self.standing_rule(period.kind), self.law(period.end, settings)
        first, last = rule.lines_between(period, law) if rule.lines_between else (period.start, period.end)
        if told and rule.told_between:
            more = rule.told_between(period, law)
            first, last = min(first, more[0]), max(last, more[1])
        return first, last

    def adds_up_in(self, period: Period, settings: Mapping[str, Any] | None = None) -> Period | None:
        """Return the longer period inside which what is recognised of such periods adds up, None for most kinds."""
        whole = self.standing_rule(period.kind).adds_up_in
        return whole(period, self.law(period.end, settings)) if whole else None

    def standing(
        self,
        period: Period,
        lines: Iterable[CreditLine],
        teacher: Teacher,
        settings: Mapping[str, Any] | None = None,
        *,
        today: date | None = None,
    ) -> Standing:
        """Judge a period by the law in force on its last day; `today` tells what of it is still to come."""
        rule = self.standing_rule(period.kind)
        with localcontext(EXACT):
            law = self.law(period.end, settings, today=today)
            return sound_standing(self.name, rule.judge(period, tuple(lines), teacher, law))

    def standing_columns(
        self,
        period: Period,
        columns: LineColumns,
        settings: Mapping[str, Any] | None = None,
        *,
        today: date | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> StandingColumns:
        """Judge a period for every teacher of some columns at once, exactly as `standing` judges each."""
        from yanxiu_rulekit.columns.judging import standing_columns

        return standing_columns(
            self, self.standing_rule(period.kind), period, columns, settings, today=today, progress=progress
        )

    def headroom(
        self,
        judged: Standing,
        lines: Iterable[CreditLine],
        teacher: Teacher,
        settings: Mapping[str, Any] | None = None,
        *,
        today: date,
    ) -> Headrooms:
        """Return what the law still lets be added to each measure before the period ends; unlimited where not named."""
        found = self.standing_rule(judged.period.kind).headroom
        if found is None:
            return {}
        with localcontext(EXACT):
            return found(judged, tuple(lines), teacher, self.law(judged.period.end, settings, today=today))

    def attended(
        self,
        given: Mapping[str, Any],
        planned: Decimal,
        attended: Decimal,
        *,
        on: date,
        settings: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        """Return the facts of a record from hours attended; `given` are those of its project or session.

        Raises `DecisionUnknown` where the pack makes no record of attendance.
        """
        made_of = self._rule("attended")
        with localcontext(EXACT):
            return made_of(given, planned, attended, self.law(on, settings))

    def transferred(self, moved: Moved, *, on: date, settings: Mapping[str, Any] | None = None) -> Decided:
        """Say by the law of a day whether a record that comes from elsewhere is recognised, and why.

        Its result has `recognised` (None: an official must review it), `hours`, `credits` and `reasons`.
        Raises `DecisionUnknown` where the pack has no such rule.
        """
        answer, law = self._rule("transfer"), self.law(on, settings)
        with localcontext(EXACT):
            return self._told("transfer", answer(moved, law), law)

    def forged(self, forgery: Forgery, *, on: date, settings: Mapping[str, Any] | None = None) -> Decided:
        """Say what follows from a forged record; raises `DecisionUnknown` where the law says nothing of it."""
        return self.decide(self._rule("fraud"), self._rule("fraud_facts")(forgery), on=on, settings=settings)

    def school_ruled(
        self, verdicts: Mapping[str, int], *, on: date, settings: Mapping[str, Any] | None = None, exception: str = ""
    ) -> Decided:
        """Say what follows for a school; `DecisionUnknown` where nothing does, or for an `exception` the law lacks."""
        rule = self._rule("school_rule")
        return self.decide(rule.kind, rule.asks(verdicts, self.law(on, settings), exception), on=on, settings=settings)

    def visit_answers(
        self,
        question: str,
        facts: Any,
        *,
        on: date,
        settings: Mapping[str, Any] | None = None,
        today: date | None = None,
    ) -> tuple[Answered, ...]:
        """Answer a question of `VisitRules` by its name, by the law of a day: one answer for each thing it asks.

        `today` is the day as of which a term is seen that is not over. Raises `DecisionUnknown` where the law has no
        such rule.
        """
        if self.visits is None:
            raise DecisionUnknown(f"{self.name} has no visit rules")
        asked = self.visits.question(question).asks(facts, self.law(on, settings, today=today))
        return tuple(
            Answered(of=one.of, decided=self.decide(one.kind, one.given, on=on, settings=settings)) for one in asked
        )

    def _rule(self, name: str) -> Any:
        found = getattr(self.credit, name, None)
        if found is None:
            raise DecisionUnknown(f"{self.name} gives no rule {name!r}")
        return found

    @property
    def record_decision(self) -> Decision:
        """The decision that assesses one record; raises `DecisionUnknown` where the pack has no credit rules."""
        return self._decision(self._credit.record)

    @property
    def _credit(self) -> CreditRules:
        if self.credit is None:
            raise DecisionUnknown(f"{self.name} has no credit rules")
        return self.credit

    def _decision(self, kind: str) -> Decision:
        try:
            return self.decisions[kind]
        except KeyError:
            known = ", ".join(sorted(self.decisions))
            raise DecisionUnknown(f"{self.name} answers no {kind!r}; it answers {known}") from None

    def standing_rule(self, kind: str) -> StandingRule:
        """Return how a kind of period is judged; raises `DecisionUnknown`."""
        for rule in self.credit.standings if self.credit else ():
            if rule.period == kind:
                return rule
        raise DecisionUnknown(f"{self.name} judges no period of kind {kind!r}")

    def _decided(self, asked: Decision, facts: Any, on: date | None, settings: Mapping[str, Any] | None) -> Decided:
        day = on or asked.day(facts) or self.source.applies_from
        law = self.law(day, settings)
        with localcontext(EXACT):
            return self._told(asked.kind, asked.answer(facts, law), law)

    def _told(self, kind: str, result: Mapping[str, Any], law: Law) -> Decided:
        return Decided(
            kind=kind,
            pack=self.name,
            version=self.version,
            on=law.on,
            result=sound_result(self.name, kind, result, worth=self.credit is not None and kind == self.credit.record),
            steps=tuple(law.steps),
            refusals=tuple(law.refusals),
        )


def _kinds_named(credit: CreditRules | None) -> list[tuple[str, str]]:
    """Return the decisions that the credit rules rest on, each by what it is there for."""
    if credit is None:
        return []
    fraud = [("credit.fraud", credit.fraud)] if credit.fraud else []
    school = [("credit.school_rule", credit.school_rule.kind)] if credit.school_rule else []
    return [("credit.record", credit.record), *fraud, *school]


def _kinds_asked(visits: VisitRules | None) -> list[tuple[str, str]]:
    """Return the decisions that the visit rules ask, each by the question it answers."""
    asked = visits.questions() if visits else {}
    return [(f"visits.{name}", kind) for name, question in asked.items() for kind in question.kinds]
