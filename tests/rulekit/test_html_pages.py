"""The printable pages: whole, self-contained, escaped, and with everything that the pack holds."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from yanxiu_rulekit import RulePack, load_packs
from yanxiu_rulekit.htmlpages import INDEX, html_comparison, html_page, html_pages
from yanxiu_rulekit.packcompare import PackOn
from yanxiu_rulekit.pages import MARK, cases_of

ON = date(2024, 11, 1)
VOID = {"meta", "br", "!doctype"}


class Reader(HTMLParser):
    """Reads a page as a browser would not: what is left open, closed twice, or linked to nowhere is noted."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.ids += [told["id"]] if told.get("id") else []  # type: ignore[list-item]  # it is there
        self.links += [told["href"]] if told.get("href") else []  # type: ignore[list-item]  # likewise
        assert tag not in {"script", "link", "img", "iframe", "object"}, tag
        assert not any(name.startswith("on") or name == "src" for name in told), told
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def packs() -> dict[str, RulePack]:
    return dict(load_packs().packs)


@pytest.fixture(scope="module")
def pages(packs: dict[str, RulePack]) -> dict[str, str]:
    return html_pages(packs.values(), on=ON)


def test_each_pack_has_a_page_and_each_two_are_side_by_side(packs: dict[str, RulePack], pages: dict[str, str]) -> None:
    names = sorted(packs)
    pairs = {f"compare-{one}-{other}.html" for one in names for other in names if one < other}
    assert set(pages) == {INDEX, *(f"{name}.html" for name in names), *pairs}
    assert set(read(pages[INDEX]).links) == set(pages) - {INDEX}


def test_every_page_is_whole_and_needs_nothing_from_elsewhere(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        found = read(page)
        assert MARK in page[:300], name
        assert len(found.ids) == len(set(found.ids)), name
        inside = [link[1:] for link in found.links if link.startswith("#")]
        parts = {one for one in inside if one not in found.ids}
        # A citation may name a part of a clause, which has no place of its own.
        assert all(re.sub(r"[A-Z]+$", "", one) in found.ids for one in parts), (name, parts)
        assert all(link.startswith("#") or link in pages for link in found.links), name


def test_a_page_holds_every_clause_parameter_question_and_reason(
    packs: dict[str, RulePack], pages: dict[str, str]
) -> None:
    for name, pack in packs.items():
        said = read(pages[f"{name}.html"]).said
        for clause in pack.source.clauses.values():
            assert clause.quotation in said
        assert all(reason in said for reason in pack.source.not_modelled.values())
        assert all(one.label in said and one.name in said for one in pack.parameters.values())
        assert all(one.asks_zh in said for one in pack.decisions.values())


def test_what_stands_in_a_regulation_is_text_and_no_markup(make_pack, made_source: str) -> None:
    noted = '[clauses.MADE-3]\nheading = "第三条"\nquotation = "<script>alert(1)</script> & <b>级</b>"\n'
    source = made_source + noted + '\n[not_modelled]\nMADE-3 = "只作<i>宣示</i>"\n'
    (pack,) = load_packs([make_pack(source=source).entry]).packs.values()
    page = html_page(pack, cases_of(pack))
    assert "<script>" not in page
    said = read(page).said
    assert "<script>alert(1)</script> & <b>级</b>" in said
    assert "只作<i>宣示</i>" in said


def test_a_worked_example_shows_facts_steps_and_result(packs: dict[str, RulePack], pages: dict[str, str]) -> None:
    said = read(pages["putuo.html"]).said
    assert "讲座类10课时，每10课时1学分，计1学分。" in said
    assert "课时（class_hours）" in said
    changed = read(html_comparison(PackOn(packs["puer"], date(2023, 12, 31)), PackOn(packs["puer"], ON))).said
    assert "对照：2023-12-31 与 2024-11-01" in changed


def test_the_same_packs_give_the_same_pages(packs: dict[str, RulePack], pages: dict[str, str]) -> None:
    assert html_pages(packs.values(), on=ON) == pages
