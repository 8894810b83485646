"""The workflows of a rule pack: `workflows.toml` read and held to its own form before anything runs on it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, get_args

from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.source import declared_clause
from yanxiu_rulekit.toml import File, known_keys, read_toml, table_in, text_in
from yanxiu_rulekit.workflow import (
    CARRIES,
    OPEN_PERIODS,
    ROLES,
    Ask,
    Effect,
    Form,
    Need,
    Scope,
    WhenMissed,
    Window,
    Workflow,
    WorkStep,
)

FILE = "workflows.toml"
NO_RETURN = "none"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORKFLOW_KEYS = ("label", "label_en", "carries", "scope", "per", "states", "final", "steps", "cite")
_STEP_KEYS = ("name", "label", "label_en", "from", "to", "by", "cite", "consequence", "consequence_en")
_STEP_MAY = ("asks", "window", "early", "late", "not_by", "needs", "effect", "returns_to", "when", "when_en")
# What a workflow must carry for the platform to be able to do what the step orders.
_EFFECT_ON = {
    "approve_projects": ("projects",),
    "publish_projects": ("projects",),
    "return_projects": ("projects",),
    "open_publicity": ("records",),
    "recognise": ("records",),
    "feedback": ("records", "statements"),
}


class _Reader:
    """What every entry of one file is held to: the clauses quoted, the windows given, the periods judged."""

    def __init__(self, clauses: Collection[str], windows: Collection[str], periods: Collection[str]) -> None:
        self.clauses = clauses
        self.windows = windows
        self.periods = periods

    def cites(self, where: str, table: Mapping[str, Any], *, required: bool = True) -> tuple[str, ...]:
        cites = _texts(where, table, "cite")
        if required and not cites:
            raise PackRefused(f"{where}: cite is empty; name the clauses that order this")
        for cite in cites:
            if declared_clause(cite, self.clauses) is None:
                raise PackRefused(f"{where}: cite {cite!r} is no clause of source.toml; quote it there or correct it")
        return cites


def load_workflows(
    path: File, *, clauses: Collection[str], windows: Mapping[str, Window], periods: Collection[str] = ()
) -> Mapping[str, Workflow]:
    """Load a `workflows.toml`; raises `PackRefused` naming file, place and remedy.

    `clauses` are those that source.toml quotes, `windows` the pack's functions by name, `periods` the kinds of period
    that its standings judge. A pack without the file has no workflow, and then no window either.
    """
    reader = _Reader(clauses, windows, periods)
    whole = read_toml(path) if path.is_file() else {}
    found = {name: _workflow(f"{path}: [{name}]", name, entry, reader) for name, entry in whole.items()}
    used = {step.window for one in found.values() for step in one.steps}
    for name in windows:
        if name not in used:
            raise PackRefused(f"{path}: no step asks for the window {name!r} that the pack gives; name it or drop it")
    return MappingProxyType(found)


def _workflow(where: str, name: str, entry: Any, reader: _Reader) -> Workflow:
    table = table_in(where, entry)
    known_keys(where, table, required=_WORKFLOW_KEYS, optional=("applies_to",))
    _named(where, name)
    workflow = Workflow(
        name=name,
        label=text_in(where, table, "label"),
        label_en=text_in(where, table, "label_en"),
        carries=_one_of(where, table, "carries", CARRIES),
        scope=_one_of(where, table, "scope", get_args(Scope)),
        per=_one_of(where, table, "per", (*reader.periods, *OPEN_PERIODS)),
        states=_states(where, table["states"]),
        steps=tuple(_steps(where, table["steps"], reader)),
        cite=reader.cites(where, table),
        applies_to=tuple(_applies_to(where, table)),
    )
    _states_hold(where, workflow, _texts(where, table, "final"))
    for step in workflow.steps:
        _step_fits(f"{where} step {step.name}", step, workflow, reader)
    return workflow


def _states(where: str, entry: Any) -> tuple[tuple[str, str, str], ...]:
    states: list[tuple[str, str, str]] = []
    for name, labels in table_in(f"{where} states", entry).items():
        _named(f"{where} states", name)
        if not isinstance(labels, list) or [type(one) for one in labels] != [str, str] or not all(labels):
            raise PackRefused(f'{where} states: {name} must have two labels, ["中文", "English"], not {labels!r}')
        states.append((name, labels[0], labels[1]))
    return tuple(states)


def _steps(where: str, entry: Any, reader: _Reader) -> Iterable[WorkStep]:
    if not isinstance(entry, list) or not entry:
        raise PackRefused(f"{where}: steps must be a list of tables, [[...steps]], not {entry!r}")
    names: set[str] = set()
    for index, one in enumerate(entry, start=1):
        table = table_in(f"{where} step {index}", one)
        step = _step(f"{where} step {table.get('name', index)}", table, reader)
        if step.name in names:
            raise PackRefused(f"{where}: two steps are called {step.name!r}; rename one")
        names.add(step.name)
        yield step


def _step(where: str, table: Mapping[str, Any], reader: _Reader) -> WorkStep:
    known_keys(where, table, required=_STEP_KEYS, optional=_STEP_MAY)
    _named(where, table["name"])
    by = _texts(where, table, "by")
    for role in by:
        if role not in ROLES:
            raise PackRefused(f"{where}: by names {role!r}, which is no role; the roles are {', '.join(ROLES)}")
    if not by:
        raise PackRefused(f"{where}: by is empty; say who takes the step")
    return WorkStep(
        name=table["name"],
        label=text_in(where, table, "label"),
        label_en=text_in(where, table, "label_en"),
        from_states=_texts(where, table, "from"),
        to=text_in(where, table, "to"),
        by=by,
        cite=reader.cites(where, table),
        asks=tuple(_asks(where, table.get("asks", []), reader)),
        window=text_in(where, table, "window") or None,
        early=_one_of(where, table, "early", get_args(WhenMissed), "refuse"),
        late=_one_of(where, table, "late", get_args(WhenMissed), "mark"),
        not_by=_texts(where, table, "not_by"),
        needs=_each_of(where, table, "needs", get_args(Need)),
        effect=_one_of(where, table, "effect", get_args(Effect), None),
        returns_to=text_in(where, table, "returns_to") or None,
        consequence=text_in(where, table, "consequence"),
        consequence_en=text_in(where, table, "consequence_en"),
        when=text_in(where, table, "when"),
        when_en=text_in(where, table, "when_en"),
    )


def _applies_to(where: str, table: Mapping[str, Any]) -> Iterable[tuple[str, tuple[str, ...]]]:
    named = table_in(f"{where} applies_to", table.get("applies_to", {}))
    if named and table.get("carries") != "projects":
        raise PackRefused(f"{where}: applies_to is for a workflow that carries projects; drop it")
    for fact in named:
        values = _texts(f"{where} applies_to", named, fact)
        if not values:
            raise PackRefused(f"{where} applies_to: {fact} names no value; list those that a project may have")
        yield fact, values


def _asks(where: str, entry: Any, reader: _Reader) -> Iterable[Ask]:
    if not isinstance(entry, list):
        raise PackRefused(f"{where}: asks must be a list of tables, not {entry!r}")
    names: set[str] = set()
    for index, one in enumerate(entry, start=1):
        table = table_in(f"{where} asks {index}", one)
        here = f"{where} asks {table.get('name', index)}"
        known_keys(here, table, required=("name", "label", "label_en", "form"), optional=("required", "cite"))
        name = _named(here, table["name"])
        if name in names:
            raise PackRefused(f"{where}: asks for {name!r} twice; keep one")
        names.add(name)
        required = table.get("required", True)
        if not isinstance(required, bool):
            raise PackRefused(f"{here}: required must be true or false, not {required!r}")
        yield Ask(
            name=name,
            label=text_in(here, table, "label"),
            label_en=text_in(here, table, "label_en"),
            form=_one_of(here, table, "form", get_args(Form)),
            required=required,
            cite=reader.cites(here, table, required=False),
        )


def _states_hold(where: str, workflow: Workflow, final: tuple[str, ...]) -> None:
    """Every state is declared, reached from the first, and leads to an end that is named as one."""
    states = [name for name, _, _ in workflow.states]
    leads: set[tuple[str, str]] = set()
    for step in workflow.steps:
        here = f"{where} step {step.name}"
        if not step.from_states:
            raise PackRefused(f"{here}: from is empty; name the states in which the step may be taken")
        returned = () if step.returns_to in (None, NO_RETURN) else (step.returns_to,)
        for state in (*step.from_states, step.to, *returned):
            if state not in states:
                raise PackRefused(f"{here}: {state!r} is not among the states {', '.join(states)}")
        leads |= {(state, other) for state in step.from_states for other in (step.to, *returned)}
    left = {step_state for step in workflow.steps for step_state in step.from_states}
    ends = [state for state in states if state not in left]
    if list(final) != ends or not ends:
        raise PackRefused(
            f"{where}: final says {list(final)} and the states that no step leaves are {ends}; "
            "let every other state lead on, and name the ends in the order of the states"
        )
    from_start = _reached({states[0]}, leads)
    to_an_end = _reached(set(ends), {(other, state) for state, other in leads})
    for state in states:
        if state not in from_start:
            raise PackRefused(f"{where}: no step leads to the state {state!r}; take it out or let a step lead there")
        if state not in to_an_end:
            raise PackRefused(f"{where}: from the state {state!r} no end is reached; add the step that leads on")


def _reached(start: set[str], leads: Collection[tuple[str, str]]) -> set[str]:
    found = set(start)
    while more := {other for state, other in leads if state in found} - found:
        found |= more
    return found


def _step_fits(where: str, step: WorkStep, workflow: Workflow, reader: _Reader) -> None:
    """What a step orders is something its workflow carries and its pack gives."""
    if step.window is not None and step.window not in reader.windows:
        given = ", ".join(sorted(reader.windows)) or "none"
        raise PackRefused(f"{where}: the pack gives no window {step.window!r} (it gives {given}); add the function")
    if (step.window is None) != (not step.when) or (not step.when) != (not step.when_en):
        raise PackRefused(f"{where}: window, when and when_en go together; tell the window's days in both languages")
    others = [one.name for one in workflow.steps if one.name != step.name]
    for name in step.not_by:
        if name not in others:
            raise PackRefused(f"{where}: not_by names {name!r}, which is no other step of this workflow")
    if step.effect is not None and workflow.carries not in _EFFECT_ON[step.effect]:
        wanted = " or ".join(_EFFECT_ON[step.effect])
        raise PackRefused(f"{where}: {step.effect} needs a workflow that carries {wanted}, not {workflow.carries}")
    if step.effect == "recognise" and workflow.per not in reader.periods:
        judged = ", ".join(reader.periods) or "none"
        raise PackRefused(f"{where}: recognise needs a period that the pack judges ({judged}), not {workflow.per}")
    if any(ask.form == "projects" for ask in step.asks) and workflow.carries != "projects":
        raise PackRefused(f"{where}: asks for projects, and the workflow carries {workflow.carries}")
    if "objections_settled" in step.needs and not any(one.effect == "open_publicity" for one in workflow.steps):
        raise PackRefused(f"{where}: needs objections_settled, and no step of the workflow opens a publicity")


def _named(where: str, name: Any) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name == NO_RETURN:
        raise PackRefused(f"{where}: the name {name!r} must be small letters, digits and underscores, and not 'none'")
    return name


def _texts(where: str, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise PackRefused(f"{where}: {key} must be a list of texts, not {value!r}")
    if len(set(value)) != len(value):
        raise PackRefused(f"{where}: {key} names something twice: {', '.join(value)}")
    return tuple(value)


def _one_of(where: str, table: Mapping[str, Any], key: str, allowed: Collection[str], default: Any = None) -> Any:
    """Return the word under `key`, or the default; any other word is refused with those allowed."""
    if key not in table:
        return default
    if table[key] not in allowed:
        raise PackRefused(f"{where}: {key} must be one of {', '.join(allowed)}, not {table[key]!r}")
    return table[key]


def _each_of(where: str, table: Mapping[str, Any], key: str, allowed: Collection[str]) -> tuple[Any, ...]:
    found = _texts(where, table, key)
    for word in found:
        _one_of(where, {key: word}, key, allowed)
    return found
