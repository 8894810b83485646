"""Questions drawn from the schema: every field and command that takes an id, asked with a foreign id and with none."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    build_schema,
    get_named_type,
    is_composite_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)
from yanxiu_gateway.schema.nodes import split_id
from yanxiu_gateway.schema.snapshot import SNAPSHOT

SCHEMA: GraphQLSchema = build_schema(SNAPSHOT.read_text(encoding="utf-8"))
NOUNS = {
    "school": "School",
    "schools": "School",
    "teacher": "Teacher",
    "person": "Teacher",
    "member": "Teacher",
    "leader": "Teacher",
    "members": "Teacher",
    "people": "Teacher",
    "teachers": "Teacher",
    "owner": "Teacher",
    "finder": "Teacher",
    "candidate": "Teacher",
    "researcher": "Researcher",
    "term": "Term",
    "area": "Area",
    "areas": "Area",
    "project": "Project",
    "projects": "Project",
    "record": "Record",
    "visit": "Visit",
    "finding": "VisitFinding",
    "plan": "RotationPlan",
    "session": "Session",
    "process": "Process",
    "form": "Form",
    "residency": "Residency",
    "inspection": "Inspection",
    "draw": "SupervisionDraw",
    "nomination": "Nomination",
    "transfer": "Transfer",
    "preview": "PolicyPreview",
    "job": "Job",
    "grant": "Grant",
    "onBehalfOf": "Delegation",
    "delegation": "Delegation",
    "lock": "PeriodLock",
    "studio": "Studio",
    "team": "SupervisionTeam",
    "competition": "Competition",
    "reviewer": "Teacher",
    "supervisor": "Teacher",
    "clause": "RuleClause",
    "erasure": "Erasure",
}
# Of these the noun says too little.
NAMED = {
    "settleObjection.objectionId": "Objection", "settleAwardObjection.objectionId": "AwardObjection",
    "reverseRecognition.entryId": "LedgerEntry", "correctAchievement.entryId": "ProgrammeEntry",
    "correctContest.entryId": "ProgrammeEntry", "withdrawProgrammeEntry.entryId": "ProgrammeEntry",
}  # fmt: skip
SAID = {
    "String": "2024-2025-1", "Int": 1, "Boolean": True, "Decimal": "1", "Date": "2024-10-08", "Facts": {},
    "DateTime": "2024-10-08T08:00:00+08:00",
}  # fmt: skip
NODES = {one.name for one in SCHEMA.get_possible_types(SCHEMA.type_map["Node"])}  # type: ignore[arg-type]  # an interface
# A field of another type is asked with the id of one of these.
SHOWN_AS = {"ClauseBasis": "RuleClause", "FieldNote": "Visit"}
# A term that no district of the tests has.
NO_TERM = "2041-2042-1"
NOT_AN_ID = frozenset({"idempotencyKey", "rosterId", "district"})


@dataclass(frozen=True, slots=True)
class Question:
    """One operation, its variables with `ID` where the id comes, and the kind of object that the id is of."""

    name: str
    text: str
    variables: Mapping[str, Any]
    kind: str

    def about(self, plain: str, own: str) -> dict[str, Any]:
        """The variables for the id of one object; `own` is what else wants an id, new with each question."""
        known = base64.b64encode(f"{self.kind}:{plain}".encode()).decode()
        return json.loads(json.dumps(self.variables).replace("ID-OF-ONE", known).replace("OUR-OWN-ID", own))


def questions() -> Iterator[Question]:
    """Each query and subscription for each of its ids, with every scalar that it can answer."""
    for root, word in ((SCHEMA.query_type, "query"), (SCHEMA.subscription_type, "subscription")):
        assert root is not None
        for name, field in root.fields.items():
            for asked in field.args:
                if get_named_type(field.args[asked].type).name == "ID" and asked not in NOT_AN_ID:
                    of = str(get_named_type(field.type))
                    for kind in sorted(NODES) if of == "Node" else [SHOWN_AS.get(of, of)]:
                        yield _asked(name, field.args, asked, word, selection(field.type), kind)


def commands() -> Iterator[Question]:
    """Each mutation for each id in its input, at whatever depth; what else it wants is said somehow."""
    root = SCHEMA.mutation_type
    assert root is not None
    for name, field in root.fields.items():
        kind = get_named_type(field.args["input"].type)
        assert isinstance(kind, GraphQLInputObjectType)
        for path in _ids(kind):
            given = {key: one for key, one in _at(kind, path).items() if key != "idempotencyKey"}
            text = f"mutation($input: {kind.name}!) {{ {name}(input: $input) {selection(field.type)} }}"
            asked = ".".join((name, *path))
            yield Question(asked, text, {"input": given}, NAMED.get(asked) or _kind(path[-1], ""))


def _ids(kind: GraphQLInputObjectType, within: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every id in an input; an input within itself is followed no further."""
    for name, field in kind.fields.items():
        named = get_named_type(field.type)
        if named.name == "ID" and name not in NOT_AN_ID:
            yield (name,)
        elif isinstance(named, GraphQLInputObjectType) and named.name not in within:
            yield from ((name, *below) for below in _ids(named, (*within, kind.name)))


def _at(kind: GraphQLInputObjectType, path: tuple[str, ...]) -> dict[str, Any]:
    """An input with the id that is asked at the end of a path, and what must be said on the way."""
    name, *below = path
    said = _said(kind.fields, name if not below else "")
    if below:
        named = get_named_type(kind.fields[name].type)
        assert isinstance(named, GraphQLInputObjectType)
        inner = _at(named, tuple(below))
        said[name] = [inner] if is_list_type(bare(kind.fields[name].type)) else inner
    return said


def pages() -> Iterator[str]:
    """Each list that pages and needs no argument, from `$after` on."""
    root = SCHEMA.query_type
    assert root is not None
    for name, field in root.fields.items():
        if "after" in field.args and not any(required(one) for one in field.args.values()):
            yield f"query($after: String) {{ {name}(after: $after) {selection(field.type)} }}"


def cursors(told: Any) -> Iterator[str]:
    """Every cursor in an answer."""
    for name, one in told.items() if isinstance(told, dict) else enumerate(told if isinstance(told, list) else ()):
        if name in ("cursor", "startCursor", "endCursor") and isinstance(one, str):
            yield one
        yield from cursors(one)


def _asked(name: str, args: Mapping[str, GraphQLArgument], asked: str, word: str, selected: str, kind: str) -> Question:
    said = _said(args, asked)
    declared = ", ".join(f"${key}: {args[key].type}" for key in said)
    given = ", ".join(f"{key}: ${key}" for key in said)
    text = f"{word}({declared}) {{ {name}({given}) {selected} }}"
    return Question(f"{name}.{asked}", text, said, _kind(asked, kind))


def _said(fields: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField], asked: str) -> dict[str, Any]:
    """The field that is asked with its id, and of the others those that must be said."""
    said: dict[str, Any] = {}
    for name, field in fields.items():
        if name == asked:
            said[name] = ["ID-OF-ONE"] if is_list_type(bare(field.type)) else "ID-OF-ONE"
        elif required(field):
            said[name] = anything(field.type, name)
    return said


def required(field: GraphQLArgument | GraphQLInputField) -> bool:
    """Whether something must be said there."""
    return is_required_argument(field) if isinstance(field, GraphQLArgument) else is_required_input_field(field)


def anything(kind: GraphQLType, name: str) -> Any:
    """A value of a type, of whatever there is."""
    plain, named = bare(kind), get_named_type(kind)
    if is_list_type(plain):
        return [anything(plain.of_type, name)]
    if isinstance(named, GraphQLInputObjectType):
        return _said(named.fields, "")
    if is_enum_type(named):
        return next(iter(named.values))
    return "OUR-OWN-ID" if named.name == "ID" else SAID[named.name]


def bare(kind: GraphQLType) -> Any:
    return kind.of_type if is_non_null_type(kind) else kind


def _kind(asked: str, otherwise: str) -> str:
    noun = re.sub(r"Ids?$", "", asked)
    return NOUNS.get(noun, otherwise.removesuffix("Connection") or "School")


def selection(kind: GraphQLType, depth: int = 3) -> str:
    """Every scalar of a type, and of the types below it to a depth; what needs arguments is left out."""
    named = get_named_type(kind)
    if is_leaf_type(named):
        return ""
    if not isinstance(named, GraphQLObjectType):
        return "{ __typename }"
    parts = ["__typename"]
    for name, field in named.fields.items():
        if any(required(one) for one in field.args.values()):
            continue
        below = get_named_type(field.type)
        if is_leaf_type(below):
            parts.append(name)
        elif depth > 1 and is_composite_type(below):
            parts.append(f"{name} {selection(field.type, depth - 1)}")
    return "{ " + " ".join(parts) + " }"


def none_like(plain: str) -> str:
    """An id of the same form that is nobody's."""
    if re.fullmatch(r"\d{4}-\d{4}-\d", plain):
        return NO_TERM
    return re.sub(r"[0-9a-f]{4}(?=-|$)", "0000", plain) if plain.count("-") == 4 else f"{plain[:-1]}0"


def told(answer: Mapping[str, Any], plain: str, own: str) -> str:
    """What was answered, with the ids that were asked for and what changes by itself taken out."""
    text = json.dumps({key: one for key, one in answer.items() if key != "extensions"}, ensure_ascii=False)
    # Global ids are read, so that what they hold can be taken out.
    text = re.sub(r'"([A-Za-z0-9+/=_-]{12,})"', lambda found: json.dumps(split_id(found[1])[1]), text)
    text = text.replace(plain, "ID").replace(own, "OWN")
    # A version's id is told without its version where that is what is not known.
    for part in plain.split("/"):
        text = text.replace(part, "ID") if len(part) > len("2024-2025-1") else text
    return re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)", "NOW", text)
