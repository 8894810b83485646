"""Messages of the district's forms for observing lessons: drafted, then published; what is published never changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Query
from yanxiu_wire.refusal import Refused

SERVICE = "visits"
FieldKind = Literal["text", "number", "choice", "scale"]


class FormChoice(msgspec.Struct, frozen=True, kw_only=True):
    """One of the answers to choose from; a scale's choices are its steps, lowest first."""

    value: str
    label_zh: str
    label_en: str = ""


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a form.

    `least` and `most` bound a number (both included) and a text's length in characters; `choices` belong to `choice`
    and `scale`. An answer to a field that is not `required` may be left out.
    """

    name: str
    kind: FieldKind
    label_zh: str
    label_en: str = ""
    required: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    choices: tuple[FormChoice, ...] = ()


class Form(msgspec.Struct, frozen=True, kw_only=True, tag="form"):
    """One version of a form; version 0 is the draft, which nobody fills in. `current` is the newest one published."""

    id: str
    name: str
    title: str
    version: int
    fields: tuple[FormField, ...]
    published_on: date | None = None
    published_by: str | None = None
    current: bool = False


class DraftForm(Command, frozen=True, kw_only=True):
    """Draft a form, or its next version: whole, in place of the draft before. `name` is the form's short name."""

    name: str
    title: str
    fields: tuple[FormField, ...]


class PublishForm(Command, frozen=True, kw_only=True):
    """Publish the draft as the form's next version; it can be filled in from now on and never changes."""

    name: str


class GetForms(Query, frozen=True, kw_only=True):
    """Ask for versions of forms by id (`<name>.<version>`); None where unknown."""

    ids: tuple[str, ...]


class ListForms(Query, frozen=True, kw_only=True):
    """Ask for the district's forms: the newest published version of each, `drafts` beside, or every version of one."""

    name: str | None = None
    drafts: bool = False


class Forms(msgspec.Struct, frozen=True, kw_only=True, tag="forms"):
    """Versions of forms."""

    items: tuple[Form | None, ...]


DRAFT_FORM = Endpoint(SERVICE, "draft-form", DraftForm, Form | Refused, writes=True)
PUBLISH_FORM = Endpoint(SERVICE, "publish-form", PublishForm, Form | Refused, writes=True)
GET_FORMS = Endpoint(SERVICE, "get-forms", GetForms, Forms | Refused)
LIST_FORMS = Endpoint(SERVICE, "list-forms", ListForms, Forms | Refused)

ENDPOINTS = (DRAFT_FORM, PUBLISH_FORM, GET_FORMS, LIST_FORMS)
