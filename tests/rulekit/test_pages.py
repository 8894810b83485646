"""The pages of a rule pack: what an official reads of each clause, and nothing that Markdown would swallow."""

from __future__ import annotations

from typing import Any

import pytest
from yanxiu_rulekit import CaseRefused, load_packs
from yanxiu_rulekit.pages import INDEX, MARK, pages

NOTED = '[clauses.MADE-3]\nheading = "第三条"\nquotation = "级*项目|<细则>"\nnote = "“级项目”脱“市”字。"\n'


def written(make_pack, **changed: Any) -> dict[str, str]:
    return pages(load_packs([make_pack(**changed).entry]).packs.values())


def section(page: str, clause: str) -> str:
    return page.partition(f'<a id="{clause}"></a>')[2].partition("<a id=")[0]


def test_a_clause_is_told_with_its_words_decisions_parameters_and_cases(make_pack) -> None:
    told = section(written(make_pack)["made.md"], "MADE-1")
    assert told.splitlines()[2:] == [
        "### MADE-1　第一条",
        "",
        "> 每课时计1学分,每年不少于10学分",
        "",
        "- 裁定 `credit`",
        "- 参数 每课时学分（`rate`）：2024-01-01起 1 学分/课时〔MADE-1〕；2025-01-01起 1.5 学分/课时〔MADE-1〕",
        "- 用例2个：",
        "    - 2025年起每课时1.5学分",
        "    - 2024年底仍为每课时1学分，专家讲座按2倍",
        "",
    ]


def test_what_a_district_may_set_and_what_a_kind_asks_are_told(make_pack, made_code: str) -> None:
    asking = made_code.replace('clauses=("MADE-1", "MADE-2"))', 'clauses=("MADE-1", "MADE-2"), asks_zh="值多少学分")')
    page = written(make_pack, code=asking)["made.md"]
    assert "    - 区县可另定：1至3" in section(page, "MADE-2")
    assert "- 裁定 `credit`：值多少学分" in section(page, "MADE-2")
    assert "| `credit` | 值多少学分 | 2 |" in page


def test_a_clause_that_is_not_modelled_says_why_and_is_counted(make_pack, made_source: str) -> None:
    source = made_source + NOTED + '\n[not_modelled]\nMADE-3 = "权利义务的宣示。"\n'
    page = written(make_pack, source=source)["made.md"]
    told = section(page, "MADE-3")
    assert "> 级\\*项目\\|\\<细则\\>" in told
    assert "注：“级项目”脱“市”字。" in told
    assert "**未建模**：权利义务的宣示。" in told
    assert "共3条：已建模2条，其中2条有用例；未建模1条，均写明缘由。" in page
    assert "| [MADE-3](#MADE-3) | — | 0 | 权利义务的宣示。 |" in page
    assert "| [MADE-1](#MADE-1) | 裁定 `credit`；参数 `rate` | 2 | — |" in page


def test_the_history_of_every_parameter_stands_at_the_end(make_pack) -> None:
    page = written(make_pack)["made.md"]
    history = page.partition('<a id="parameters"></a>')[2]
    assert (
        "| `rate` | 每课时学分 | 2024-01-01起 1 学分/课时〔MADE-1〕；2025-01-01起 1.5 学分/课时〔MADE-1〕 | — |"
        in history
    )
    assert "| `expert_factor` | 专家讲座倍数 | 2024-01-01起 2 倍〔MADE-2〕 | 1至3 |" in history


def test_the_index_leads_to_each_page_with_its_figures(make_pack) -> None:
    whole = pages(load_packs([make_pack("second").entry, make_pack("first").entry]).packs.values())
    assert list(whole) == [INDEX, "first.md", "second.md"]
    assert whole[INDEX].splitlines()[-2:] == [
        f"| `{name}` | [虚构县教师研修办法]({name}.md) | 2024-01-01 | 2 | 2 | 0 | 2 | 2 |"
        for name in ("first", "second")
    ]
    assert all(page.startswith(MARK) for page in whole.values())


def test_the_same_pack_gives_the_same_pages_and_another_value_gives_others(make_pack, made_parameters: str) -> None:
    first, again = written(make_pack), written(make_pack)
    names = ("`made-up", "made_up")
    same = [line for line in first["made.md"].splitlines() if not any(name in line for name in names)]
    assert same == [line for line in again["made.md"].splitlines() if not any(name in line for name in names)]
    changed = written(make_pack, parameters=made_parameters.replace("value = 2,", "value = 2.5,"))
    assert "2024-01-01起 2.5 倍" in changed["made.md"]


def test_a_case_file_that_cannot_be_read_is_named(make_pack) -> None:
    with pytest.raises(CaseRefused, match=r"broken\.toml"):
        written(make_pack, cases={"broken.toml": "[[case]"})
