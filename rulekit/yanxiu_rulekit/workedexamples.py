"""Worked examples of a pack: of each question a case that is answered and one that is refused, with the steps taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from yanxiu_rulekit.casefile import Case
from yanxiu_rulekit.cases import run_on_pack
from yanxiu_rulekit.compare import told
from yanxiu_rulekit.factfields import FactField, fact_fields
from yanxiu_rulekit.markdown import anchored, table, words
from yanxiu_rulekit.outcome import Decided
from yanxiu_rulekit.pack import RulePack

_ANSWERED = 2
# A list of fifty records is no example to read.
_LONGEST = 240


class Worked(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it was worked out; `decided` is None where a fact could not even be read."""

    case: Case
    decided: Decided | None


def worked_examples(pack: RulePack, cases: Iterable[Case]) -> dict[str, list[Worked]]:
    """Return, by question in the pack's order, those short enough to read: two answered, one refused."""
    by_kind: dict[str, list[Case]] = {kind: [] for kind in pack.decisions}
    for case in cases:
        if case.kind in by_kind and len(told(case.given)) <= _LONGEST:
            by_kind[case.kind].append(case)
    return {kind: list(_chosen(pack, own)) for kind, own in by_kind.items() if own}


def _chosen(pack: RulePack, cases: Sequence[Case]) -> Iterator[Worked]:
    answered = [case for case in cases if not case.refused][:_ANSWERED]
    refused = [case for case in cases if case.refused][:1]
    for case in (*answered, *refused):
        yield Worked(case=case, decided=run_on_pack(case, pack).decided)


def given_rows(pack: RulePack, worked: Worked) -> list[tuple[str, str]]:
    """Return the facts of an example as label and value, those of a record by themselves."""
    fields = fact_fields(pack.decisions[worked.case.kind].facts)
    return [(_label(name, field), value) for name, value, field in _flat(worked.case.given, fields)]


def _flat(given: Mapping[str, Any], fields: Sequence[FactField]) -> Iterator[tuple[str, str, FactField | None]]:
    known = {one.name: one for one in fields}
    for name, value in given.items():
        field = known.get(name)
        if isinstance(value, Mapping) and field is not None and field.form == "group":
            yield from _flat(value, field.fields)
        else:
            unit = f" {field.unit}" if field is not None and field.unit else ""
            yield name, f"{told(value)}{unit}", field


def _label(name: str, field: FactField | None) -> str:
    return f"{field.label}（{name}）" if field is not None and field.label else name


def result_rows(worked: Worked) -> list[tuple[str, str]]:
    """Return what the example comes to, name and value; what is empty is left out."""
    result = worked.decided.result if worked.decided is not None else {}
    return [(name, told(value)) for name, value in result.items() if value not in (None, [], (), {})]


def example_lines(pack: RulePack, cases: Iterable[Case]) -> list[str]:
    """Return the examples in Markdown: the sentence, the facts, each step, the result."""
    lines: list[str] = []
    for kind, examples in worked_examples(pack, cases).items():
        lines.append(anchored(f"examples-{kind}", f"### `{kind}`　{words(pack.decisions[kind].asks_zh)}".rstrip()))
        for one in examples:
            lines += _example(pack, one)
    return lines


def _example(pack: RulePack, one: Worked) -> list[str]:
    given = "；".join(f"{words(label)} {words(value)}" for label, value in given_rows(pack, one))
    lines = [f"**{words(one.case.id)}**", f"给定：{given or '（无）'}。"]
    if one.decided is None:
        return [*lines, f"结果：退回更正 {'、'.join(one.case.refused or ())}。"]
    steps = [(words(step.zh), "、".join(step.clauses)) for step in one.decided.steps if step.zh]
    steps += [(f"退回更正：{words(refusal.zh)}", "、".join(refusal.clauses)) for refusal in one.decided.refusals]
    if steps:
        lines.append(table(("怎样得出", "条款"), steps))
    result = "；".join(f"{words(name)} {words(value)}" for name, value in result_rows(one))
    return [*lines, f"结果：{result}。"] if result else lines
