"""What GraphQL finds wrong is told in Chinese and English, with a code and what to do."""

from __future__ import annotations

import pytest
from yanxiu_gateway.graphql_words import in_chinese

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
