"""The district's forms for observing lessons, their versions, and how they are drafted and published."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import forms as wire
from yanxiu_wire.message import Command

from yanxiu_gateway.backend import Bound
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import Node, plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Done, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.words import wire_word

value = strawberry.enum_value


@strawberry.enum(name="FormFieldKind", description="表格项目的种类。The kind of a form's field.")
class FormFieldKind(Enum):
    """Text, number, choice, scale."""

    TEXT = value("text", description="文字。Text.")
    NUMBER = value("number", description="数字。A number.")
    CHOICE = value("choice", description="单选。One of several.")
    SCALE = value("scale", description="量表：选项即各级，由低到高。A scale; its choices are the steps, lowest first.")


NAME = "代号，如 pace。Its name, such as pace."
LABEL_ZH = "中文标题。Its Chinese label."
LABEL_EN = "英文标题。Its English label."
REQUIRED = "是否必填。Whether an answer is needed."
LEAST = "数值（或字数）下限，含。Least value, or length of a text; included."
MOST = "数值（或字数）上限，含。Greatest value, or length of a text; included."
CHOICES = "选项；仅单选与量表有。The choices; of a choice or scale alone."


@strawberry.type(name="FormChoice", description="一个选项。A choice.")
class FormChoice:
    """A choice."""

    value: str = strawberry.field(description="填写的值。What is answered.")
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(description=LABEL_EN)


@strawberry.type(name="FormField", description="表格的一项。A field of a form.")
class FormField:
    """A field."""

    name: str = strawberry.field(description=NAME)
    kind: FormFieldKind = strawberry.field(description="种类。Its kind.")
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(description=LABEL_EN)
    required: bool = strawberry.field(description=REQUIRED)
    least: Decimal | None = strawberry.field(description=LEAST)
    most: Decimal | None = strawberry.field(description=MOST)
    choices: list[FormChoice] = strawberry.field(description=CHOICES)


@strawberry.type(
    name="Form",
    description="听评课表的一个版本；已发布的不再更改，记录固定在其版本上。"
    "A version of a form; once published it never changes, and answers keep to theirs.",
)
class Form(Node):
    """A version of a form."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A form of the visits service is shown as this type."""
        return isinstance(obj, wire.Form)

    name: str = strawberry.field(description="表格代号。The form's short name.")
    title: str = strawberry.field(description="标题。Its title.")
    version: int = strawberry.field(description="版本；0 为草稿。Its version; 0 is the draft.")
    fields: list[FormField] = strawberry.field(description="各项。Its fields.")
    published_on: date | None = strawberry.field(description="发布日期。When it was published.")
    current: bool = strawberry.field(description="是否为最新发布的版本。Whether it is the newest one published.")


FormId = Annotated[strawberry.ID, strawberry.argument(name="id", description="表格版本编号。The version's id.")]
OfForm = Annotated[
    str | None,
    strawberry.argument(name="name", description="只要这个表格的全部版本。Every version of this form alone."),
]
WithDrafts = Annotated[
    bool, strawberry.argument(name="drafts", description="是否包括草稿（教研院人员）。Drafts too, for officers.")
]


async def get_form(info: Info, form: FormId) -> Any:
    """One published version."""
    return await info.context.loaders.field.form(plain_id("Form", form))


async def list_forms(info: Info, name: OfForm = None, drafts: WithDrafts = False) -> Any:
    """The newest version of each form, or all of one."""
    return (await info.context.loaders.field.forms(name, drafts=drafts)).items


@strawberry.type(description="听评课表的查询。What can be asked about forms.")
class FormQueries:
    """Root fields."""

    form: Form | None = strawberry.field(
        resolver=get_form, description="按编号取一个已发布的版本。One published version by id."
    )
    forms: list[Form] | None = strawberry.field(
        resolver=list_forms, description="本区的听评课表。The district's forms for observing lessons."
    )


# ---- draft and publish -----------------------------------------------------------------------------------------


@strawberry.input(name="FormChoiceInput", description="一个选项。A choice.")
class FormChoiceInput:
    """A choice."""

    value: str = strawberry.field(description="填写的值。What is answered.")
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(default="", description=LABEL_EN)


@strawberry.input(name="FormFieldInput", description="表格的一项。A field of a form.")
class FormFieldInput:
    """A field."""

    name: str = strawberry.field(description=NAME)
    kind: FormFieldKind = strawberry.field(description="种类。Its kind.")
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(default="", description=LABEL_EN)
    required: bool = strawberry.field(default=False, description=REQUIRED)
    least: Decimal | None = strawberry.field(default=None, description=LEAST)
    most: Decimal | None = strawberry.field(default=None, description=MOST)
    choices: list[FormChoiceInput] = strawberry.field(default_factory=list, description=CHOICES)

    def row(self) -> wire.FormField:
        """As the wire has it."""
        return wire.FormField(
            name=self.name,
            kind=wire_word(self.kind),
            label_zh=self.label_zh,
            label_en=self.label_en,
            required=self.required,
            least=self.least,
            most=self.most,
            choices=tuple(
                wire.FormChoice(value=one.value, label_zh=one.label_zh, label_en=one.label_en) for one in self.choices
            ),
        )


@strawberry.input(name="DraftFormInput", description="draftForm 的输入。Input of draftForm.")
class DraftFormInput:
    """The draft, whole."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    name: str = strawberry.field(description="表格代号，如 lesson。The form's short name, such as lesson.")
    title: str = strawberry.field(description="标题。Its title.")
    fields: list[FormFieldInput] = strawberry.field(description="各项，整列填写。The fields, the whole list.")


@strawberry.input(name="PublishFormInput", description="publishForm 的输入。Input of publishForm.")
class PublishFormInput:
    """What to publish."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    name: str = strawberry.field(description="表格代号。The form's short name.")


@strawberry.type(name="FormPayload", description="听评课表写操作的结果。What a change of a form came to.")
class FormPayload(Payload):
    """The form or errors."""

    form: Form | None = strawberry.field(resolver=item_of, description="草稿，或发布的版本。The draft or version.")


async def _carry_out(info: Info, ask: Bound[Any, Any], command: Command) -> Done:
    """What came of the command."""
    if problem := key_problem(command.key):
        return problem
    return settled(await ask(command, deadline=info.context.deadline))


async def draft_form(
    info: Info, given: Annotated[DraftFormInput, strawberry.argument(name="input", description="输入。The input.")]
) -> Any:
    """Draft a form, or its next version."""
    command = wire.DraftForm(
        caller=info.context.caller,
        key=given.idempotency_key,
        name=given.name,
        title=given.title,
        fields=tuple(one.row() for one in given.fields),
    )
    return await _carry_out(info, info.context.backend.draft_form, command)


async def publish_form(
    info: Info, given: Annotated[PublishFormInput, strawberry.argument(name="input", description="输入。The input.")]
) -> Any:
    """Publish a draft."""
    command = wire.PublishForm(caller=info.context.caller, key=given.idempotency_key, name=given.name)
    return await _carry_out(info, info.context.backend.publish_form, command)


@strawberry.type(description="听评课表的办理。What can be done about forms.")
class FormMutations:
    """Root fields."""

    draft_form: FormPayload | None = strawberry.mutation(
        resolver=draft_form, description="起草听评课表，或其下一版本。Draft a form, or its next version."
    )
    publish_form: FormPayload | None = strawberry.mutation(
        resolver=publish_form,
        description="发布草稿；已发布的版本不再更改。Publish the draft; what is published never changes.",
    )
