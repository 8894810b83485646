"""What a district's rule pack is written against."""

from yanxiu_rulekit.decision import CreditRules, Decision, Forgery, Moved, SchoolRule, StandingRule, decision
from yanxiu_rulekit.errors import (
    CaseRefused,
    DecisionUnknown,
    FactsRefused,
    PackRefused,
    ParameterRefused,
    RulekitError,
    RuleNotInForce,
    SettingRefused,
)
from yanxiu_rulekit.facts import CreditLine, Facts, Posted, RecordFacts, Teacher, field, read_facts
from yanxiu_rulekit.formula import Amount, choose
from yanxiu_rulekit.headroom import Headroom
from yanxiu_rulekit.law import Law, Table
from yanxiu_rulekit.measure import Cap, Measure, Portion, cut_portion, every_line, measured
from yanxiu_rulekit.numbers import from_micro, half_up, plain, share, to_micro, whole_below
from yanxiu_rulekit.outcome import Assessment, Decided, Finding, Period, Reading, Refusal, Standing, Step
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import Found, Parameter, Parameters, load_parameters
from yanxiu_rulekit.plugins import Rulebook, hookimpl, load_packs
from yanxiu_rulekit.requirement import Requirement, breached, hold
from yanxiu_rulekit.source import Clause, Source, load_source
from yanxiu_rulekit.workflow import Ask, Moment, Span, Window, Workflow, WorkStep
from yanxiu_rulekit.workflows import load_workflows

__all__ = [
    "Amount",
    "Ask",
    "Assessment",
    "Cap",
    "CaseRefused",
    "Clause",
    "CreditLine",
    "CreditRules",
    "Decided",
    "Decision",
    "DecisionUnknown",
    "Facts",
    "FactsRefused",
    "Finding",
    "Forgery",
    "Found",
    "Headroom",
    "Law",
    "Measure",
    "Moment",
    "Moved",
    "PackRefused",
    "Parameter",
    "ParameterRefused",
    "Parameters",
    "Period",
    "Portion",
    "Posted",
    "Reading",
    "RecordFacts",
    "Refusal",
    "Requirement",
    "RuleNotInForce",
    "RulePack",
    "Rulebook",
    "RulekitError",
    "SchoolRule",
    "SettingRefused",
    "Source",
    "Span",
    "Standing",
    "StandingRule",
    "Step",
    "Table",
    "Teacher",
    "Window",
    "WorkStep",
    "Workflow",
    "breached",
    "choose",
    "cut_portion",
    "decision",
    "every_line",
    "field",
    "from_micro",
    "half_up",
    "hold",
    "hookimpl",
    "load_packs",
    "load_parameters",
    "load_source",
    "load_workflows",
    "measured",
    "plain",
    "read_facts",
    "share",
    "to_micro",
    "whole_below",
]
