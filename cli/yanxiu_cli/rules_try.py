"""`yanxiu rules try`: what an installed law says of facts, or what all say of one activity; nothing is written."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_rulekit.cases import read_as_text
from yanxiu_rulekit.compare import told
from yanxiu_rulekit.errors import PackRefused, RulekitError
from yanxiu_rulekit.outcome import Decided
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import Rulebook, load_packs

from yanxiu_cli.console import complain, say
from yanxiu_cli.failed import Failed

_NARROWEST = 150  # columns: of a narrower terminal or a pipe the table would be a column of single words


@dataclass(frozen=True, slots=True)
class Answer:
    """What a law said: the decision, or why it could not even be asked."""

    jurisdiction: str
    kind: str
    decided: Decided | None
    problem: str = ""

    @property
    def refused(self) -> bool:
        """Whether such facts could not be entered."""
        return self.decided is None or bool(self.decided.refusals)


def try_facts(
    pack: str | None = None,
    /,
    *,
    kind: str | None = None,
    on: date | None = None,
    fact: Annotated[list[str] | None, Parameter(name="--fact", negative="")] = None,
    facts: str | None = None,
    setting: Annotated[list[str] | None, Parameter(name="--set", negative="")] = None,
    everywhere: Annotated[Path | None, Parameter(name="--all")] = None,
) -> int:
    """试算：某地规定对所给事实怎么说；或同一次活动按各地规定各是什么。What a law says of facts; nothing is written.

    Parameters
    ----------
    pack
        辖区，如 puer。The jurisdiction, such as puer.
    kind
        问题的名称，默认一条研修记录值多少。The question; by default what a record is worth.
    on
        以哪天的规定为准，默认事实所载之日。The day whose law applies; by default the one that the facts name.
    fact
        一项事实，写作 名称=值，可重复。A fact as name=value; may be repeated.
    facts
        全部事实，写成一个 JSON 对象。All facts as one JSON object.
    setting
        假设的另定，写作 参数=值，可重复。A supposed setting as parameter=value; may be repeated.
    everywhere
        一个 TOML 文件，按各地规定的用语写明同一次活动，如 docs/one-activity.toml。
        A TOML file that states one activity in the words of each law, such as docs/one-activity.toml.
    """
    rulebook = load_packs()
    if everywhere is not None:
        return _all(rulebook, everywhere)
    if pack is None:
        raise Failed(
            "请写明辖区，或用 --all 给出活动文件。", "Name the jurisdiction, or an activity's file with --all."
        )
    law, given = _pack(rulebook, pack), {**_object(facts), **_named(fact or ())}
    return _tell(law, ask(law, kind, given, on, _named(setting or ())))


def ask(
    pack: RulePack, kind: str | None, given: Mapping[str, Any], on: date | None, settings: Mapping[str, Any]
) -> Answer:
    """Put the question; the facts of a record may stand by themselves, as they are registered."""
    record = pack.credit.record if pack.credit else None
    asked = kind or record
    if asked is None:
        known = ", ".join(sorted(pack.decisions))
        return Answer(pack.jurisdiction, "", None, f"--kind: {pack.name} answers {known}")
    if asked == record and not isinstance(given.get("record"), Mapping):
        given = {"record": {**({"date": on} if on else {}), **given}}
    try:
        return Answer(pack.jurisdiction, asked, pack.decide(asked, given, on=on, settings=settings))
    except RulekitError as refused:
        return Answer(pack.jurisdiction, asked, None, str(refused))


def _pack(rulebook: Rulebook, jurisdiction: str) -> RulePack:
    try:
        return rulebook.pack(jurisdiction)
    except PackRefused as refused:
        raise Failed(f"不能使用规则包 {jurisdiction}。", str(refused)) from None


def _object(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        found = json.loads(text, parse_float=Decimal)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Failed("--facts 不是 JSON。", f"--facts is no JSON: {error}", code=2) from None
    if not isinstance(found, dict):
        raise Failed("--facts 应为一个 JSON 对象。", "--facts must be a JSON object.", code=2)
    return found


def _named(pairs: Sequence[str]) -> dict[str, Any]:
    """Return name=value pairs: a value that is JSON (a number, true, a list) is read as such, all else is text."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise Failed(f"{pair} 应写作 名称=值。", f"Write {pair!r} as name=value.", code=2)
        try:
            found[name] = json.loads(text, parse_float=Decimal, parse_constant=str)
        except (json.JSONDecodeError, RecursionError):
            found[name] = text
    return found


def _tell(pack: RulePack, answer: Answer) -> int:
    if answer.decided is None:
        complain(f"{answer.jurisdiction} {answer.kind}: 不能作答 / cannot be answered: {answer.problem}")
        return 1
    decided = answer.decided
    say(f"{pack.source.title}（{decided.pack} {decided.version}，{decided.on}）{decided.kind}")
    for name, value in decided.result.items():
        say(f"  {name}: {told(value)}")
    for step in decided.steps:
        say(f"  {step.zh} [{', '.join(step.clauses)}]")
        for reading in step.readings:
            say(f"      {read_as_text(reading)}")
    for one in decided.refusals:
        complain(
            f"  不予受理 refused {one.field}={told(one.value)}: {one.zh}；{one.remedy_zh} [{', '.join(one.clauses)}]"
        )
        complain(f"      {one.en}; {one.remedy_en}")
    return 1 if decided.refusals else 0


def _all(rulebook: Rulebook, file: Path) -> int:
    """Show what every law says of the activity, one row each; a law that the file does not speak to is named."""
    whole = _activity(file)
    answers: list[Answer] = []
    for jurisdiction, stated in whole["laws"].items():
        law = _pack(rulebook, jurisdiction)
        answers.append(
            ask(law, stated.get("kind"), stated.get("facts", {}), whole.get("on"), stated.get("settings", {}))
        )
    say(str(whole.get("name", file)))
    table = Table(box=SIMPLE, header_style="bold", show_lines=True)
    table.add_column("辖区\nLaw", no_wrap=True)
    table.add_column("问题\nQuestion", overflow="fold")
    table.add_column("结果\nResult", overflow="fold", ratio=2)
    table.add_column("怎样得出\nHow", overflow="fold", ratio=3)
    table.add_column("条款\nClauses", overflow="fold")
    for answer in answers:
        table.add_row(*_row(rulebook.pack(answer.jurisdiction), answer))
    Console(width=max(Console().width, _NARROWEST)).print(table)
    silent = [one for one in rulebook.jurisdictions() if one not in whole["laws"]]
    if silent:
        say(f"文件没有写明：{'、'.join(silent)} / the file says nothing for: {', '.join(silent)}")
    return 1 if any(answer.refused for answer in answers) else 0


def _is_figure(value: Any) -> bool:
    """Whether a value of a result fits a cell: no table, and not empty."""
    return value is not None and value != [] and not isinstance(value, Mapping)


def _activity(file: Path) -> dict[str, Any]:
    try:
        whole = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Failed(f"无法读取 {file}：{error}", f"Cannot read {file}: {error}", code=2) from None
    laws = whole.get("laws")
    if not isinstance(laws, dict) or not laws or not all(isinstance(one, dict) for one in laws.values()):
        raise Failed(f"{file} 中没有 [laws.<辖区>]。", f"{file} has no [laws.<jurisdiction>].", code=2)
    return whole


def _row(pack: RulePack, answer: Answer) -> tuple[str, ...]:
    law = f"{answer.jurisdiction}\n{pack.version}"
    asks = pack.decisions[answer.kind].asks_zh if answer.kind in pack.decisions else ""
    if answer.decided is None:
        return law, answer.kind, "不能作答 cannot be answered", answer.problem, ""
    decided = answer.decided
    clauses = dict.fromkeys(cite for step in decided.steps for cite in step.clauses)
    clauses |= dict.fromkeys(cite for one in decided.refusals for cite in one.clauses)
    figures = [f"{name} {told(value)}" for name, value in decided.result.items() if _is_figure(value)]
    said = [step.zh for step in decided.steps] + [f"不予受理：{one.zh}" for one in decided.refusals]
    return law, f"{answer.kind}\n{asks}", "\n".join(figures), "\n".join(said), "\n".join(clauses)
