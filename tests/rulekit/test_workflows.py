"""A pack's workflows: the file is loaded as it is written, and what cannot run is refused with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from yanxiu_rulekit import DecisionUnknown, Law, Moment, PackRefused, Span, Workflow, load_packs, load_workflows
from yanxiu_rulekit.check import check
from yanxiu_rulekit.pages import pages

PLAN = """
[plan]
label = "计划申报"
label_en = "declaring a plan"
carries = "projects"
scope = "school"
per = "term"
cite = ["MADE-1"]
final = ["approved", "dropped"]

  [plan.states]
  draft = ["起草", "draft"]
  declared = ["已申报", "declared"]
  approved = ["已审核通过", "approved"]
  dropped = ["已撤回", "withdrawn"]

  [[plan.steps]]
  name = "declare"
  label = "申报"
  label_en = "declare"
  from = ["draft"]
  to = "declared"
  by = ["school-leader"]
  cite = ["MADE-1"]
  window = "first_week"
  when = "开学后一周内"
  when_en = "within a week of term"
  asks = [ { name = "aims", label = "目标", label_en = "aims", form = "text", cite = ["MADE-2"] } ]
  consequence = "逾期标记"
  consequence_en = "late is marked"

  [[plan.steps]]
  name = "approve"
  label = "审核"
  label_en = "approve"
  from = ["declared"]
  to = "approved"
  by = ["district-officer"]
  cite = ["MADE-1"]
  not_by = ["declare"]
  effect = "approve_projects"
  returns_to = "draft"
  consequence = "未经审核不得实施"
  consequence_en = "may not run before"

  [[plan.steps]]
  name = "withdraw"
  label = "撤回"
  label_en = "withdraw"
  from = ["draft"]
  to = "dropped"
  by = ["school-leader"]
  cite = ["MADE-1"]
  returns_to = "none"
  consequence = "文件没有规定后果"
  consequence_en = "the text attaches none"
"""


def first_week(moment: Moment, _law: Law) -> Span:
    return Span(opens=moment.period.start if moment.period else None)


def load(tmp_path: Path, text: str, *, windows=None, periods=("year",)):
    file = tmp_path / "workflows.toml"
    file.write_text(text, encoding="utf-8")
    given = {"first_week": first_week} if windows is None else windows
    return load_workflows(file, clauses=("MADE-1", "MADE-2"), windows=given, periods=periods)


def test_a_workflow_is_loaded_as_it_is_written(tmp_path: Path) -> None:
    plan = load(tmp_path, PLAN)["plan"]
    assert (plan.start, plan.final, plan.per) == ("draft", ("approved", "dropped"), "term")
    assert plan.clauses == ("MADE-1", "MADE-2")
    assert [step.name for step in plan.open_steps("draft")] == ["declare", "withdraw"]
    assert plan.open_steps("approved") == ()
    declare, approve = plan.step("declare"), plan.step("approve")
    assert declare is not None
    assert approve is not None
    assert (declare.early, declare.late, declare.asks[0].required) == ("refuse", "mark", True)
    assert (approve.returns_to, approve.not_by, approve.effect) == ("draft", ("declare",), "approve_projects")
    assert plan.label_of("declared") == ("已申报", "declared")
    assert plan.step("sing") is None


def test_a_pack_without_the_file_has_no_workflow(tmp_path: Path) -> None:
    assert load_workflows(tmp_path / "workflows.toml", clauses=(), windows={}) == {}
    with pytest.raises(PackRefused, match="no step asks for the window 'first_week'"):
        load_workflows(tmp_path / "workflows.toml", clauses=(), windows={"first_week": first_week})


APPROVE_EFFECT = 'effect = "approve_projects"'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('scope = "school"', 'scope = "schools"', r"\[plan\]: scope must be one of school, district, not 'schools'"),
        ('per = "term"', 'per = "term"\napplies_to = { mode = [] }', "applies_to: mode names no value"),
        ('per = "term"', 'per = "month"', "per must be one of year, term, none, not 'month'"),
        ('carries = "projects"', 'carries = "people"', "carries must be one of projects, records, statements"),
        ('label = "计划申报"', 'labl = "计划申报"', "unknown key 'labl'; allowed are label,"),
        ("plan", "Plan", "the name 'Plan' must be small letters"),
        ('cite = ["MADE-1"]\nfinal', "cite = []\nfinal", r"\[plan\]: cite is empty"),
        ('cite = ["MADE-1"]\nfinal', 'cite = ["MADE-9"]\nfinal', "cite 'MADE-9' is no clause of source.toml"),
        ('cite = ["MADE-2"]', 'cite = ["MADE-8"]', "step declare asks aims: cite 'MADE-8' is no clause"),
        ('draft = ["起草", "draft"]', 'draft = ["起草"]', "draft must have two labels"),
        ('final = ["approved", "dropped"]', 'final = ["approved"]', r"no step leaves are \['approved', 'dropped'\]"),
        ('to = "dropped"', 'to = "approved"', "no step leads to the state 'dropped'"),
        ('from = ["declared"]', 'from = ["declare"]', "'declare' is not among the states"),
        ('from = ["declared"]', "from = []", "step approve: from is empty"),
        ('by = ["district-officer"]', 'by = ["mayor"]', "step approve: by names 'mayor', which is no role"),
        ('by = ["district-officer"]', "by = []", "step approve: by is empty"),
        ('by = ["district-officer"]', 'by = "district-officer"', "by must be a list of texts"),
        ('name = "withdraw"', 'name = "declare"', "two steps are called 'declare'"),
        ('name = "withdraw"', 'name = "none"', "and not 'none'"),
        ('window = "first_week"', 'window = "last_week"', "gives no window 'last_week' .it gives first_week"),
        ('when = "开学后一周内"\n', "", "step declare: window, when and when_en go together"),
        ('not_by = ["declare"]', 'not_by = ["approve"]', "not_by names 'approve', which is no other step"),
        (APPROVE_EFFECT, 'effect = "pay"', "effect must be one of approve_projects"),
        (APPROVE_EFFECT, 'effect = "recognise"', "recognise needs a workflow that carries records, not projects"),
        (APPROVE_EFFECT, 'needs = ["quorum"]', "needs must be one of objections_settled, not 'quorum'"),
        (APPROVE_EFFECT, 'needs = ["objections_settled"]', "no step of the workflow opens a publicity"),
        ('form = "text"', 'form = "song"', "form must be one of text, number"),
        ('form = "text"', 'form = "text", required = "no"', "required must be true or false"),
        ('consequence = "未经审核不得实施"\n', "", "step approve: 'consequence' is missing"),
        ('consequence = "未经审核不得实施"', 'consequence = ""', "consequence must be a text that is not empty"),
    ],
)
def test_what_cannot_run_is_refused_with_its_place_and_what_to_do(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in PLAN
    with pytest.raises(PackRefused, match=said) as refused:
        load(tmp_path, PLAN.replace(old, new))
    assert "workflows.toml" in str(refused.value)


def test_a_workflow_says_which_projects_it_alone_may_approve(tmp_path: Path) -> None:
    loaded = load(tmp_path, PLAN.replace('per = "term"', 'per = "term"\napplies_to = { mode = ["school", "mixed"] }'))
    plan = loaded["plan"]
    assert plan.applies_to == (("mode", ("school", "mixed")),)
    assert plan.governs({"mode": "school", "level": "county"})
    assert not plan.governs({"mode": "central"})
    assert not plan.governs({})
    assert not load(tmp_path, PLAN)["plan"].governs({"mode": "school"})


def test_a_state_from_which_no_end_is_reached_is_refused(tmp_path: Path) -> None:
    again = PLAN[PLAN.index('  [[plan.steps]]\n  name = "approve"') :].partition("\n\n")[0]
    again = again.replace('"approve"', '"reopen"').replace('to = "approved"', 'to = "declared"')
    again = again.replace('from = ["declared"]', 'from = ["approved"]').replace('returns_to = "draft"\n', "")
    pocket = PLAN.replace('  returns_to = "draft"\n', "").replace('final = ["approved", ', "final = [") + "\n" + again
    with pytest.raises(PackRefused, match="from the state 'declared' no end is reached; add the step that leads on"):
        load(tmp_path, pocket)


def test_recognition_runs_only_by_a_period_that_the_pack_judges(tmp_path: Path) -> None:
    records = PLAN.replace('carries = "projects"', 'carries = "records"').replace("approve_projects", "recognise")
    with pytest.raises(PackRefused, match=r"recognise needs a period that the pack judges \(year\), not term"):
        load(tmp_path, records)
    step = load(tmp_path, records.replace('per = "term"', 'per = "year"'))["plan"].step("approve")
    assert step is not None
    assert step.effect == "recognise"


def test_a_table_of_projects_is_asked_for_only_where_projects_are_carried(tmp_path: Path) -> None:
    asking = PLAN.replace('form = "text"', 'form = "projects"')
    assert isinstance(load(tmp_path, asking)["plan"], Workflow)
    with pytest.raises(PackRefused, match="asks for projects, and the workflow carries statements"):
        load(tmp_path, asking.replace('"projects"\nscope', '"statements"\nscope').replace(APPROVE_EFFECT, ""))


# ---- in a pack -------------------------------------------------------------------------------------------------

LOADED = '''
def first_week(moment, law):
    """Return the first week."""
    return Span(opens=moment.period.start)


def year_of(day, law):
    """Return the calendar year."""
    return Period(kind="year", label=str(day.year), start=date(day.year, 1, 1), end=day)


'''


@pytest.fixture
def with_workflow(make_pack, made_code: str):
    code = made_code.replace("from decimal", "from datetime import date\nfrom decimal")
    code = code.replace("RulePack, choose", "Period, RulePack, Span, choose")
    code = code.replace("@hookimpl\n", LOADED + "@hookimpl\n")
    code = code.replace(
        "decisions=[credit]", 'decisions=[credit], windows={"first_week": first_week}, periods={"year": year_of}'
    )

    def make(text: str = PLAN, **changed: str):
        made = make_pack(code=code, **changed)
        (made.home / "workflows.toml").write_text(text, encoding="utf-8")
        return made

    return make


def test_a_pack_gives_its_workflows_windows_and_periods_by_name(with_workflow) -> None:
    pack = load_packs([with_workflow(PLAN.replace('"term"', '"year"')).entry]).packs["made"]
    assert pack.workflow("plan").per == "year"
    assert pack.carried_out() == [("plan", ("MADE-1", "MADE-2"))]
    year = pack.period("year", date(2024, 5, 1))
    span = pack.windows["first_week"](Moment(period=year, entered=year.start), pack.law(year.start))
    assert span == Span(opens=date(2024, 1, 1))
    with pytest.raises(DecisionUnknown, match="no workflow 'dance'; it has plan"):
        pack.workflow("dance")


def test_a_pack_whose_workflow_cannot_run_serves_nobody(with_workflow) -> None:
    rulebook = load_packs([with_workflow(PLAN.replace("MADE-2", "MADE-7")).entry])
    assert "step declare asks aims: cite 'MADE-7' is no clause" in rulebook.broken["made"]


def test_the_check_counts_a_clause_that_a_workflow_carries_out(with_workflow, made_source: str) -> None:
    third = '\n[clauses.MADE-3]\nheading = "第三条"\nquotation = "计划须经审核"\n'
    (told,) = check(with_workflow(source=made_source + third).folder)
    assert "no parameter or workflow cites it" in told.en
    citing = PLAN.replace('cite = ["MADE-1"]\n  not_by', 'cite = ["MADE-3"]\n  not_by')
    assert check(with_workflow(citing, source=made_source + third).folder) == []
    (both,) = check(with_workflow(citing, source=made_source + third + '\n[not_modelled]\nMADE-3 = "无"\n').folder)
    assert "carried out, and listed as not modelled" in both.en


def test_the_pages_show_a_workflow_as_a_table_and_link_its_clauses(with_workflow) -> None:
    page = pages(load_packs([with_workflow().entry]).packs.values())["made.md"]
    assert "[裁定](#decisions) · [流程](#workflows) · [条款](#clauses)" in page
    table = page.partition('<a id="workflow-plan"></a>')[2].partition("<a id=")[0]
    assert "以学校为单位，每学期一次；办理研修项目。状态：起草、已申报、已审核通过、已撤回。" in table
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    assert rows[0] == "| 步骤 | 谁办 | 何时 | 材料 | 后果 | 条款 |"
    assert rows[2] == (
        "| 申报（起草 → 已申报）；可写明理由退回至上一状态 | 学校领导 "
        "| 开学后一周内（过早：不予受理；逾期：受理并标记） | 目标 | 逾期标记 | [MADE-1](#MADE-1) |"
    )
    assert "；项目获准；可写明理由退回至“起草” | 教育行政部门（不得为办理“申报”的人） | — | — |" in rows[3]
    assert "不设退回" in rows[4]
    assert "- 流程 [`plan`](#workflow-plan)：计划申报" in page.partition("### MADE-2")[2]
