"""The kit's errors, each saying what is wrong, where, and what to do.

RulekitError
  PackRefused         a pack cannot be loaded: the file, the key and the remedy
    ParameterRefused  a parameter without since, value, unit or cite, out of order, or unknown to its formula
  PackFailed          a pack's function gave back what is no answer
  RuleNotInForce      no value, or no law, on the day that was asked for
  SettingRefused      a district's setting that the regulation does not leave open: parameter, value and problem
  DecisionUnknown     the pack does not answer that kind
  FactsRefused        a fact is missing, unknown or malformed: field, value and problem
  CaseRefused         a case file that cannot be read
"""

from __future__ import annotations

from typing import Any


class RulekitError(Exception):
    """Base of all errors of the kit."""


class PackRefused(RulekitError):
    """A pack that must not serve a district, with the reason."""


class PackFailed(RulekitError):
    """A function of a pack gave back something else than it promised: which one, and what."""


class ParameterRefused(PackRefused):
    """A parameter that breaks the form, with the file, its name and the date of the value."""


class RuleNotInForce(RulekitError):
    """Nothing is in force on the day asked for."""


class SettingRefused(RulekitError):
    """A district's setting that cannot stand: `parameter`, `value` as given, `problem` with what is allowed."""

    def __init__(self, *, parameter: str, value: Any, problem: str) -> None:
        super().__init__(f"{parameter}: {value!r}: {problem}")
        self.parameter = parameter
        self.value = value
        self.problem = problem


class DecisionUnknown(RulekitError):
    """The pack has no decision of that kind."""


class CaseRefused(RulekitError):
    """A case or case file that cannot be read."""


class FactsRefused(RulekitError):
    """A fact that cannot be used: `field` is its path, `value` what stood there, `problem` what is wrong."""

    def __init__(self, *, field: str, value: Any, problem: str) -> None:
        super().__init__(f"{field}: {value!r}: {problem}")
        self.field = field
        self.value = value
        self.problem = problem
