"""A made-up law that orders three workflows: a term's plan, the recognition of a year, a report of the district."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from yanxiu_rulekit.law import Law
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.workflow import Moment, Span
from yanxiu_rulekit.workflows import load_workflows

TEXT = """
[plan]
label = "学期计划"
label_en = "a term's plan"
carries = "projects"
scope = "school"
per = "term"
cite = ["MADE-3"]
applies_to = { mode = ["school"] }
final = ["approved", "dropped"]

  [plan.states]
  drafting = ["拟订中", "drafting"]
  declared = ["已申报", "declared"]
  reviewed = ["已审查", "reviewed"]
  approved = ["已批准", "approved"]
  dropped = ["不予批准", "not approved"]

  [[plan.steps]]
  name = "declare"
  label = "申报"
  label_en = "declare"
  from = ["drafting"]
  to = "declared"
  by = ["school-training-officer", "school-leader"]
  cite = ["MADE-3"]
  window = "first_week"
  when = "开学一周内"
  when_en = "within a week of term"
  asks = [
    { name = "aim", label = "目标", label_en = "aim", form = "text" },
    { name = "plan", label = "计划", label_en = "plan", form = "document", cite = ["MADE-3"] },
    { name = "hours", label = "学时", label_en = "hours", form = "number", required = false },
    { name = "starts", label = "开始", label_en = "first day", form = "day", required = false },
    { name = "open", label = "是否公开", label_en = "open to others", form = "flag", required = false },
  ]
  returns_to = "none"
  consequence = "逾期标记"
  consequence_en = "late is marked"

  [[plan.steps]]
  name = "review"
  label = "审查"
  label_en = "review"
  from = ["declared"]
  to = "reviewed"
  by = ["institute-officer"]
  cite = ["MADE-1"]
  asks = [ { name = "coefficient", label = "系数", label_en = "coefficients", form = "projects", cite = ["MADE-1"] } ]
  consequence = "无"
  consequence_en = "none"

  [[plan.steps]]
  name = "approve"
  label = "批准"
  label_en = "approve"
  from = ["reviewed"]
  to = "approved"
  by = ["district-officer", "institute-officer"]
  cite = ["MADE-3"]
  not_by = ["review"]
  effect = "approve_projects"
  returns_to = "drafting"
  consequence = "无"
  consequence_en = "none"

  [[plan.steps]]
  name = "drop"
  label = "不予批准"
  label_en = "turn down"
  from = ["reviewed"]
  to = "dropped"
  by = ["district-officer"]
  cite = ["MADE-3"]
  effect = "return_projects"
  returns_to = "drafting"
  asks = [ { name = "why", label = "理由", label_en = "reason", form = "text" } ]
  consequence = "无"
  consequence_en = "none"

[recognition]
label = "年度认定"
label_en = "recognition of a year"
carries = "records"
scope = "school"
per = "year"
cite = ["MADE-4"]
final = ["told"]

  [recognition.states]
  registered = ["待审核", "to be reviewed"]
  reviewed = ["已审核", "reviewed"]
  in_publicity = ["公示中", "in publicity"]
  submitted = ["已上报", "submitted"]
  recognised = ["已认定", "recognised"]
  told = ["已反馈", "told"]

  [[recognition.steps]]
  name = "review"
  label = "审核"
  label_en = "review"
  from = ["registered"]
  to = "reviewed"
  by = ["school-training-officer", "school-leader"]
  cite = ["MADE-4"]
  window = "after_the_year"
  when = "年度结束后"
  when_en = "after the year"
  returns_to = "none"
  consequence = "无"
  consequence_en = "none"

  [[recognition.steps]]
  name = "publicise"
  label = "公示"
  label_en = "make public"
  from = ["reviewed"]
  to = "in_publicity"
  by = ["school-training-officer", "school-leader"]
  cite = ["MADE-4"]
  effect = "open_publicity"
  returns_to = "registered"
  consequence = "无"
  consequence_en = "none"

  [[recognition.steps]]
  name = "submit"
  label = "上报"
  label_en = "submit"
  from = ["in_publicity"]
  to = "submitted"
  by = ["school-leader"]
  cite = ["MADE-4"]
  window = "publicity_over"
  when = "公示满五日"
  when_en = "after five days of publicity"
  needs = ["objections_settled"]
  returns_to = "registered"
  consequence = "无"
  consequence_en = "none"

  [[recognition.steps]]
  name = "recognise"
  label = "认定"
  label_en = "recognise"
  from = ["submitted"]
  to = "recognised"
  by = ["institute-officer"]
  cite = ["MADE-4"]
  window = "season"
  when = "次年三月"
  when_en = "in March of the next year"
  late = "refuse"
  effect = "recognise"
  returns_to = "registered"
  consequence = "逾期不予认定"
  consequence_en = "late is not recognised"

  [[recognition.steps]]
  name = "feed_back"
  label = "反馈"
  label_en = "tell"
  from = ["recognised"]
  to = "told"
  by = ["school-training-officer", "school-leader"]
  cite = ["MADE-4"]
  effect = "feedback"
  returns_to = "none"
  consequence = "无"
  consequence_en = "none"

[report]
label = "年度报告"
label_en = "a report of the district"
carries = "statements"
scope = "district"
per = "none"
cite = ["MADE-2"]
final = ["filed"]

  [report.states]
  open = ["待报告", "to be reported"]
  filed = ["已归档", "filed"]

  [[report.steps]]
  name = "file"
  label = "归档"
  label_en = "file"
  from = ["open"]
  to = "filed"
  by = ["district-officer", "supervisor"]
  cite = ["MADE-2"]
  returns_to = "none"
  consequence = "无"
  consequence_en = "none"
"""


def first_week(moment: Moment, law: Law) -> Span:
    """Read a parameter, so that the explanation has something to show."""
    assert moment.period is not None
    assert law.full_mark == 100
    return Span(closes=moment.period.start + timedelta(days=7))


def after_the_year(moment: Moment, _law: Law) -> Span:
    assert moment.period is not None
    return Span(opens=moment.period.end + timedelta(days=1))


def publicity_over(moment: Moment, _law: Law) -> Span:
    return Span(opens=moment.entered + timedelta(days=6))


def season(moment: Moment, _law: Law) -> Span:
    assert moment.period is not None
    year = moment.period.end.year + 1
    return Span(opens=date(year, 3, 1), closes=date(year, 3, 31))


WINDOWS = {
    "first_week": first_week,
    "after_the_year": after_the_year,
    "publicity_over": publicity_over,
    "season": season,
}


def with_workflows(pack: RulePack, folder: Path) -> RulePack:
    """The same law, ordering these workflows too."""
    file = folder / "workflows.toml"
    file.write_text(TEXT, encoding="utf-8")
    workflows = load_workflows(file, clauses=pack.source.clauses, windows=WINDOWS, periods=("year",))
    return RulePack(
        name=pack.name,
        version=pack.version,
        source=pack.source,
        parameters=pack.parameters,
        decisions=pack.decisions.values(),
        credit=pack.credit,
        workflows=workflows,
        windows=WINDOWS,
    )
