"""Finding packs: one broken pack is named and serves nobody, the others serve, and law fails closed."""

from __future__ import annotations

from datetime import date

import pytest
from yanxiu_rulekit import PackRefused, Rulebook, load_packs


def loaded(*made: object) -> Rulebook:
    return load_packs([one.entry for one in made])


def why(rulebook: Rulebook, jurisdiction: str = "made") -> str:
    with pytest.raises(PackRefused) as refused:
        rulebook.pack(jurisdiction)
    return str(refused.value)


def test_a_pack_is_found_by_its_entry_point_and_answers(make_pack) -> None:
    rulebook = loaded(make_pack())
    decided = rulebook.pack("made").decide("credit", {"hours": "4"}, on=date(2024, 7, 1))
    assert decided.result == {"total": 4}
    assert decided.version == "1.0"
    assert rulebook.broken == {}


def test_two_laws_answer_side_by_side_each_from_its_own_pack(make_pack) -> None:
    rulebook = loaded(make_pack("made"), make_pack("other"))
    assert {name: pack.jurisdiction for name, pack in rulebook.packs.items()} == {"made": "made", "other": "other"}


def test_a_pack_that_raises_is_named_and_only_it_is_broken(make_pack, made_code) -> None:
    good = make_pack("good")
    bad = make_pack("bad", code=made_code + "\nraise RuntimeError('no disc')\n")
    rulebook = loaded(good, bad)
    assert rulebook.pack("good").name == good.distribution
    assert "raised RuntimeError: no disc" in why(rulebook, "bad")
    assert bad.distribution in why(rulebook, "bad")


def test_a_hook_that_raises_is_named_too(make_pack, made_code) -> None:
    code = made_code.replace("    return [RulePack.load", "    return 1 / 0, [RulePack.load")
    assert "raised ZeroDivisionError" in why(loaded(make_pack(code=code)))


def test_a_misspelt_hook_is_refused_instead_of_being_ignored(make_pack, made_code) -> None:
    said = why(loaded(make_pack(code=made_code.replace("def rule_packs", "def rule_pack"))))
    assert "unknown hook 'rule_pack'" in said


def test_a_module_without_the_hook_is_refused_with_the_remedy(make_pack, made_code) -> None:
    assert "has no @hookimpl rule_packs(); add one" in why(loaded(make_pack(code=made_code.replace("@hookimpl\n", ""))))


def test_a_hook_that_returns_something_else_is_refused(make_pack, made_code) -> None:
    code = made_code.replace("    return [RulePack.load", "    return ['text'], [RulePack.load")
    assert "must return a list of RulePack" in why(loaded(make_pack(code=code)))


def test_two_packs_of_one_jurisdiction_are_both_refused_by_name(make_pack) -> None:
    first, second = make_pack(), make_pack()
    rulebook = loaded(first, second)
    assert rulebook.packs == {}
    said = why(rulebook)
    assert first.distribution in said
    assert second.distribution in said
    assert "both claim this jurisdiction; uninstall one" in said


def test_a_pack_whose_twin_is_broken_does_not_serve_in_its_place(make_pack, made_code) -> None:
    rulebook = loaded(make_pack(), make_pack(code=made_code + "\nraise RuntimeError('late')\n"))
    assert "late" in why(rulebook)


@pytest.mark.parametrize(
    ("requires", "said"),
    [
        ("yanxiu-rulekit>=2,<3", "is made for yanxiu-rulekit<3,>=2, and this is 1."),
        ("yanxiu_rulekit==0.9", "is made for yanxiu-rulekit==0.9"),
        ("yanxiu-rulekit", r"(any version)"),
        ("pluggy>=1", "does not say for which kit it is made; declare dependencies"),
        (None, "does not say for which kit"),
        ("yanxiu-rulekit >", "cannot be read"),
    ],
)
def test_a_pack_made_for_another_kit_is_refused(make_pack, requires: str | None, said: str) -> None:
    assert said in why(loaded(make_pack(requires=requires)))


def test_a_number_without_a_clause_keeps_the_whole_pack_out(make_pack, made_parameters) -> None:
    parameters = made_parameters.replace('value = 2, cite = "MADE-2"', 'value = 2, cite = "MADE-3"')
    assert "[expert_factor]: values[0] (since 2024-01-01): cite 'MADE-3' is no clause" in why(
        loaded(make_pack(parameters=parameters))
    )


def test_an_unknown_key_keeps_the_whole_pack_out(make_pack, made_parameters) -> None:
    parameters = made_parameters.replace("district_may_set", "districts_may_set")
    assert "unknown key 'districts_may_set'; allowed are" in why(loaded(make_pack(parameters=parameters)))


def test_a_decision_for_a_clause_that_is_not_quoted_keeps_the_pack_out(make_pack, made_code) -> None:
    code = made_code.replace('clauses=("MADE-1", "MADE-2")', 'clauses=("MADE-1", "MADE-8")')
    assert "credit answers 'MADE-8', which is no clause of source.toml" in why(loaded(make_pack(code=code)))


def test_a_missing_pack_is_told_with_what_is_installed_and_what_is_broken(make_pack, made_code) -> None:
    rulebook = loaded(make_pack("good"), make_pack("bad", code="raise RuntimeError('x')\n"))
    said = why(rulebook, "elsewhere")
    assert "no rule pack of this jurisdiction is installed (installed: good; bad is broken:" in said


def test_the_installed_packs_of_this_repository_all_serve() -> None:
    rulebook = load_packs()
    assert rulebook.broken == {}
    assert {"puer", "putuo"} <= set(rulebook.packs)
