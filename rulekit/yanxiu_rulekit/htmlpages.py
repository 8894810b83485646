"""A rule pack as one printable HTML page for officials; an index of packs, and two laws side by side."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from yanxiu_rulekit.casefile import Case
from yanxiu_rulekit.factfields import FactField, fact_fields
from yanxiu_rulekit.html import page, table, tag, text
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.packcompare import (
    Compared,
    PackOn,
    Row,
    Told,
    allowed_text,
    compare_packs,
    days_of_change,
    value_text,
)
from yanxiu_rulekit.pages import MARK, Basis, bases_of, cases_of
from yanxiu_rulekit.parameters import Parameter
from yanxiu_rulekit.workedexamples import Worked, given_rows, result_rows, worked_examples

INDEX = "index.html"
FORMS_ZH: Mapping[str, str] = {
    "decimal": "数值",
    "integer": "整数",
    "boolean": "是或否",
    "text": "文字",
    "date": "日期",
    "choice": "选择",
    "list": "列表",
    "table": "对照表",
    "group": "一组",
}
_YES_NO: Mapping[str, str] = {"true": "是", "false": "否"}
_NAV = (
    ("clauses", "条款"),
    ("parameters", "参数"),
    ("questions", "回答的问题"),
    ("examples", "算例"),
    ("workflows", "流程"),
    ("excused", "未建模"),
    ("changes", "沿革对照"),
)


def html_pages(packs: Iterable[RulePack], *, on: date) -> dict[str, str]:
    """Return every page by file name: an index, one a pack, and one for each two packs side by side as of a day.

    Raises `CaseRefused` for a case file that cannot be read.
    """
    ordered = sorted(packs, key=lambda pack: pack.jurisdiction)
    pairs = list(itertools.combinations(ordered, 2))
    pages = {f"{pack.jurisdiction}.html": html_page(pack, cases_of(pack)) for pack in ordered}
    for first, second in pairs:
        pages[_pair(first, second)] = html_comparison(PackOn(first, on), PackOn(second, on))
    return {INDEX: _index(ordered, pairs), **pages}


def _pair(first: RulePack, second: RulePack) -> str:
    return f"compare-{first.jurisdiction}-{second.jurisdiction}.html"


def _index(packs: Sequence[RulePack], pairs: Iterable[tuple[RulePack, RulePack]]) -> str:
    rows = [
        (
            tag("a", text(pack.source.title), href=f"{pack.jurisdiction}.html"),
            text(pack.source.issuer),
            pack.source.applies_from.isoformat(),
            str(len(pack.source.clauses)),
            str(len(pack.source.not_modelled)),
            str(len(pack.parameters)),
        )
        for pack in packs
    ]
    links = [
        tag("li", tag("a", f"{text(one.source.title)} ↔ {text(other.source.title)}", href=_pair(one, other)))
        for one, other in pairs
    ]
    return page(
        "规则",
        tag("h1", "规则：各地教师研修规定"),
        tag("p", "每份规定一页：条款原文、参数及其沿革、回答的问题、算例、未建模的缘由。可打印。", class_="lead"),
        table(("文件", "制定机关", "适用自", "条款", "未建模", "参数"), rows),
        tag("h2", "两地对照") + tag("ul", "".join(links)) if links else "",
        mark=MARK,
    )


def html_page(pack: RulePack, cases: Sequence[Case]) -> str:
    """Return the page of one pack."""
    bases = bases_of(pack, cases)
    sections = {
        "clauses": "".join(_clause(pack, basis) for basis in bases),
        "parameters": _parameters(pack),
        "questions": "".join(_question(pack, kind) for kind in pack.decisions),
        "examples": "".join(_examples(pack, cases)),
        "workflows": "".join(_workflows(pack)),
        "excused": _excused(pack),
        "changes": "".join(_changes(pack)),
    }
    titles = dict(_NAV)
    shown = {name: inner for name, inner in sections.items() if inner}
    return page(
        pack.source.title,
        _head(pack, cases),
        tag("nav", "".join(tag("a", titles[name], href=f"#{name}") for name in shown)),
        *(tag("h2", titles[name], id=name) + inner for name, inner in shown.items()),
        tag("footer", f"由规则包 {text(pack.name)} {text(pack.version)} 生成；以文件原文为准。"),
        mark=MARK,
    )


def _head(pack: RulePack, cases: Sequence[Case]) -> str:
    source = pack.source
    rows = [
        ("文号", source.number),
        ("制定机关", source.issuer),
        ("落款日期", source.signed_on.isoformat()),
        ("发布日期", source.published_on.isoformat()),
        ("适用自", source.applies_from.isoformat()),
        ("来源", source.url),
        ("规则包", f"{pack.name} {pack.version}"),
        ("说明", source.note),
    ]
    excused = len(source.not_modelled)
    figures = (
        (len(source.clauses), "条款"),
        (len(source.clauses) - excused, "已建模"),
        (excused, "未建模"),
        (len(pack.parameters), "参数"),
        (len(pack.decisions), "回答的问题"),
        (len(cases), "用例"),
    )
    boxes = "".join(tag("li", f"<b>{count}</b><span>{name}</span>") for count, name in figures)
    return (
        tag("h1", text(source.title))
        + tag("p", text(source.title_en), class_="lead", lang="en")
        + tag("ul", boxes, class_="figures")
        + table(("项目", "内容"), [(name, text(value)) for name, value in rows if value])
    )


def _cites(clauses: Iterable[str]) -> str:
    return tag("span", "、".join(tag("a", text(one), href=f"#{one}") for one in clauses), class_="cite")


def _clause(pack: RulePack, basis: Basis) -> str:
    clause = basis.clause
    badge = tag("span", "未建模", class_="badge none") if basis.excuse else tag("span", "已建模", class_="badge good")
    parts = [
        tag("h3", f"{text(clause.id)}　{text(clause.heading)}{badge}"),
        tag("blockquote", text(clause.quotation)),
        tag("p", text(clause.says_zh)) if clause.says_zh else "",
        tag("p", f"注：{text(clause.note)}") if clause.note else "",
        tag("p", f"未建模的缘由：{text(basis.excuse)}") if basis.excuse else "",
    ]
    told = [
        ("回答", "；".join(f"{text(_asks(pack, kind))} <code>{text(kind)}</code>" for kind in basis.kinds)),
        ("流程", "；".join(text(one.label) for one in basis.workflows)),
        ("参数", "<br>".join(text(f"{one.label}：{_now(one)}") for one in basis.parameters)),
        ("用例", "<br>".join(text(case.id) for case in basis.cases)),
    ]
    rows = [row for row in told if row[1]]
    return tag("article", "".join(parts) + (table(("", ""), rows) if rows else ""), class_="card", id=clause.id)


def _asks(pack: RulePack, kind: str) -> str:
    if kind in pack.decisions:
        return pack.decisions[kind].asks_zh
    rules = pack.credit.standings if pack.credit else ()
    return next((f"{rule.label_zh}各项要求" for rule in rules if rule.period == kind), "")


def _now(one: Parameter) -> str:
    return "；".join(f"{dated.since}起 {value_text(one, dated)}" for dated in one.values)


def _parameters(pack: RulePack) -> str:
    """Return one table of all parameters: each with its values, the newest first, and what may be set instead."""
    head = ("参数", "施行", "值", "条款", "读法与另定")
    return table(head, [row for one in pack.parameters.values() for row in _parameter(one)])


def _parameter(one: Parameter) -> Iterator[tuple[str, ...]]:
    notes = [f"读法 {one.reading}：{one.reading_note}"] if one.reading_note else []
    notes += [f"区县可另定：{allowed_text(one.allowed)}"] if one.allowed is not None else []
    named = f"{text(one.label)}<br><code>{text(one.name)}</code>"
    said = "<br>".join(text(note) for note in notes)
    for place, dated in enumerate(reversed(one.values)):  # what holds now stands first
        row = (tag("span", f"{dated.since}起", class_="day"), text(value_text(one, dated)), _cites((dated.cite,)))
        yield ("", *row, "") if place else (named, *row, said)


def _question(pack: RulePack, kind: str) -> str:
    asked = pack.decisions[kind]
    rows = [
        (
            f"{'　' * depth}{text(one.label)} <code>{text(one.name)}</code>",
            "、".join(FORMS_ZH[form] for form in one.forms) + (f"（{FORMS_ZH[one.of]}）" if one.of else ""),
            text(one.unit),
            "必填" if one.required else text(f"默认{_YES_NO.get(one.default, one.default)}") if one.default else "",
            text("、".join(one.choices)),
        )
        for depth, one in _deep(fact_fields(asked.facts))
    ]
    head = tag("h3", f"{text(asked.asks_zh or kind)} <code>{text(kind)}</code>", id=f"question-{kind}")
    return head + tag("p", _cites(asked.clauses)) + table(("事实", "形式", "单位", "填写", "可选"), rows)


def _deep(fields: Iterable[FactField], depth: int = 0) -> Iterator[tuple[int, FactField]]:
    for one in fields:
        yield depth, one
        yield from _deep(one.fields, depth + 1)


def _examples(pack: RulePack, cases: Sequence[Case]) -> Iterator[str]:
    for kind, examples in worked_examples(pack, cases).items():
        yield tag("h3", f"{text(pack.decisions[kind].asks_zh or kind)} <code>{text(kind)}</code>")
        for one in examples:
            yield tag("article", _example(pack, one), class_="card")


def _example(pack: RulePack, one: Worked) -> str:
    parts = [tag("p", tag("strong", text(one.case.id)))]
    given = [(text(label), text(value)) for label, value in given_rows(pack, one)]
    parts.append(table(("给定", ""), given) if given else "")
    if one.decided is None:
        parts.append(tag("p", f"退回更正：{text('、'.join(one.case.refused or ()))}", class_="none"))
        return "".join(parts)
    steps = [tag("li", f"{text(step.zh)} {_cites(step.clauses)}") for step in one.decided.steps if step.zh]
    parts.append(tag("ol", "".join(steps)) if steps else "")
    parts += [
        tag("p", f"退回更正：{text(refusal.zh)}；{text(refusal.remedy_zh)} {_cites(refusal.clauses)}", class_="none")
        for refusal in one.decided.refusals
    ]
    result = [(text(name), text(value)) for name, value in result_rows(one)]
    return "".join(parts) + (table(("结果", ""), result) if result else "")


def _workflows(pack: RulePack) -> Iterator[str]:
    for one in pack.workflows.values():
        yield tag("h3", f"{text(one.label)} <code>{text(one.name)}</code>")
        rows = [
            (
                text(step.label),
                text(step.when) or "—",
                "<br>".join(text(ask.label) + ("" if ask.required else "（可不填）") for ask in step.asks) or "—",
                text(step.consequence),
                _cites(step.cite),
            )
            for step in one.steps
        ]
        yield table(("步骤", "何时", "材料", "后果", "条款"), rows)


def _excused(pack: RulePack) -> str:
    clauses = pack.source.clauses
    rows = [
        (tag("a", text(name), href=f"#{name}"), text(clauses[name].quotation), text(reason))
        for name, reason in pack.source.not_modelled.items()
    ]
    return table(("条款", "原文", "缘由"), rows) if rows else ""


def _changes(pack: RulePack) -> Iterator[str]:
    for day in days_of_change(pack):
        before = day - timedelta(days=1)
        compared = compare_packs(PackOn(pack, before), PackOn(pack, day))
        rows = [row for row in (*compared.duties, *compared.parameters) if row.differs]
        yield tag("h3", f"{day} 起") + _rows(rows, before.isoformat(), day.isoformat())


def html_comparison(first: PackOn, second: PackOn) -> str:
    """Return the page of two laws side by side, or of one law on two days; what differs stands out."""
    compared = compare_packs(first, second)
    names = _names(first, second)
    title = f"对照：{names[0]} 与 {names[1]}"
    return page(
        title,
        tag("h1", text(title)),
        tag("p", "底色标出不同之处；区县的另定不在其内。两份规定只在参数同名时并列。", class_="lead"),
        *(tag("h2", name) + _rows(rows, *names) for name, rows in _sections(compared) if rows),
        tag("footer", "由 yanxiu rules compare 生成；以文件原文为准。"),
        mark=MARK,
    )


def _names(first: PackOn, second: PackOn) -> tuple[str, str]:
    if first.pack is second.pack:
        return f"{first.on}", f"{second.on}"
    return first.pack.source.title, second.pack.source.title


def _sections(compared: Compared) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    return (
        ("文件", compared.source),
        ("对教师的要求", compared.duties),
        ("参数", compared.parameters),
        ("回答的问题与流程", compared.questions),
    )


def _rows(rows: Sequence[Row], first: str, second: str) -> str:
    cells = [(text(row.label), _side(row.first), _side(row.second)) for row in rows]
    return table(("项目", text(first), text(second)), cells, marked=[row.differs for row in rows])


def _side(told: Told | None) -> str:
    if told is None:
        return "—"
    since = f"{told.since}起" if told.since is not None else ""
    basis = "，".join(part for part in (told.clause, since) if part)
    return text(told.text) + (f" {tag('span', text(basis), class_='cite')}" if basis else "")
