"""What GraphQL finds wrong is told in Chinese and English, with a code and what to do."""

from __future__ import annotations

import pytest
from graphql import parse
from yanxiu_gateway.errors import render
from yanxiu_gateway.execution.given_variables import VariablesRefused
from yanxiu_gateway.graphql_words import in_chinese
from yanxiu_gateway.schema.build import GatewaySchema

from tests.gateway.conftest import Client


@pytest.mark.parametrize(
    ("query", "code", "zh"),
    [
        ("{ me { rol } }", "GRAPHQL_VALIDATION_FAILED", "类型 Me 没有字段 rol。"),
        ("{ me }", "GRAPHQL_VALIDATION_FAILED", "字段 me（Me!）须写明要取其中哪些字段。"),
        ("{ me { role { x } } }", "GRAPHQL_VALIDATION_FAILED", "字段 role 是 Role!，其下没有字段可取。"),
        ("{ me(a: 1) { role } }", "GRAPHQL_VALIDATION_FAILED", "字段 Query.me 没有参数 a。"),
        ("{ ...f }", "GRAPHQL_VALIDATION_FAILED", "没有片段 f。"),
        ("{ me { role @no } }", "GRAPHQL_VALIDATION_FAILED", "没有指令 @no。"),
        ("query($a: Int) { me { role } }", "GRAPHQL_VALIDATION_FAILED", "变量 $a 声明了而没有使用。"),
        ("{ school(id: $a) { name } }", "GRAPHQL_VALIDATION_FAILED", "变量 $a 没有声明。"),
        ("{ me {", "GRAPHQL_PARSE_FAILED", "语法错误："),
        ("query($a: ID!) { school(id: $a) { name } }", "BAD_USER_INPUT", "变量 $a 的值不对：须填写 ID!。"),
    ],
)
async def test_it_is_told_in_both_languages(client: Client, query: str, code: str, zh: str) -> None:
    told = (await client.ask(query, headers={"accept-language": "zh"}))["errors"][0]
    assert told["message"].startswith(zh), told
    assert told["extensions"]["code"] == code
    assert told["extensions"]["messageZh"] == told["message"]
    assert told["extensions"]["remedy"].startswith("请")
    english = (await client.ask(query, headers={"accept-language": "en"}))["errors"][0]
    assert english["message"] == english["extensions"]["messageEn"] == told["extensions"]["messageEn"]
    assert english["extensions"]["remedy"].isascii()


def test_what_is_not_known_stands_behind_a_chinese_beginning() -> None:
    assert in_chinese("Something new.") == "请求不合规格：Something new."


# An input with three fields missing and one too many; a text for a number, an id, an enum, a day, a list's member.
CREATE = "mutation($i: CreateTeacherInput!) { createTeacher(input: $i) { errors { code } } }"
SECRETS = ("张三丰", "13800138000", "110101199003077774")
WRONG = [
    (
        CREATE,
        {"i": {"nationalId": SECRETS[2], "name": SECRETS[0], "phone": SECRETS[1]}},
        "CreateTeacherInput 缺少必填字段 ",
    ),
    (CREATE, {"i": {"idempotencyKey": SECRETS[0], "nme": SECRETS[1]}}, "CreateTeacherInput "),
    (CREATE, {"i": SECRETS[0]}, "须为 CreateTeacherInput 的对象。"),
    ("query($k: Int!) { teachers(first: $k) { totalCount } }", {"k": SECRETS[0]}, "须为整数（Int）。"),
    ("query($k: Int!) { teachers(first: $k) { totalCount } }", {"k": 13800138000}, "须为 32 位整数（Int）。"),
    ("query($k: ID!) { teacher(id: $k) { name } }", {"k": {"a": SECRETS[0]}}, "须为编号的文本（ID）。"),
    ("query($k: String) { projects(status: $k) { totalCount } }", {"k": [SECRETS[0]]}, "须为文本（String）。"),
    ("query($k: Boolean!) { me { role @include(if: $k) } }", {"k": SECRETS[0]}, "须为 true 或 false（Boolean）。"),
    ("query($k: Stage) { teachers(stage: $k) { totalCount } }", {"k": SECRETS[0]}, "枚举 Stage 没有这个值。"),
    ("query($k: Stage) { teachers(stage: $k) { totalCount } }", {"k": 13800138000}, "须为枚举 Stage 的一个值。"),
    ("query($k: Date) { workflows(on: $k) { name } }", {"k": SECRETS[0]}, '"…" 不是日期，应为 YYYY-MM-DD。'),
    ("query($k: [ID!]!) { nodes(ids: $k) { id } }", {"k": [None]}, "ID! 不可为空。"),
]


@pytest.mark.parametrize(("query", "given", "zh"), WRONG)
def test_what_is_wrong_with_a_value_is_a_whole_sentence_in_each_language_without_the_value(
    schema: GatewaySchema, query: str, given: dict[str, object], zh: str
) -> None:
    assert schema.plans is not None
    with pytest.raises(VariablesRefused) as refused:
        schema.plans.plan(parse(query), None, given)
    for language in ("zh", "en"):
        told = render(refused.value.errors, language)
        assert not [secret for secret in SECRETS if secret in str(told)]
    name = next(iter(given))
    for one in told:
        said, english = one["extensions"]["messageZh"], one["extensions"]["messageEn"]
        assert said.startswith(f"变量 ${name} 的值不对")
        assert "cannot" not in said
        assert "Expected" not in said
        assert said.endswith("。")
        assert english.startswith(f"Variable '${name}' has invalid value")
        assert english.replace("…", "").isascii()
        assert one["extensions"]["field"].startswith(name)
    assert any(zh in one["extensions"]["messageZh"] for one in told), told


async def test_what_is_wrong_with_a_value_in_the_document_is_told_without_it(client: Client) -> None:
    query = '{ teachers(first: "张三丰", stage: "13800138000") { totalCount } workflows(on: "张三丰") { name } }'
    told = await client.ask(query, headers={"accept-language": "zh"})
    assert not [secret for secret in SECRETS if secret in str(told)], told
    assert {"须为整数（Int）。", '"…" 不是日期，应为 YYYY-MM-DD。'} <= {one["message"] for one in told["errors"]}
