"""A transcript as a page that people read and print: one file, Chinese first, with what the check found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta, timezone
from decimal import Decimal
from html import escape
from string import Template

from yanxiu_wire.transcript import Checked, Content, Finding, Line

_KINDS = {
    "registration": ("登记", "registration"),
    "registration-reversal": ("冲销登记", "reversal"),
    "recognition": ("认定", "recognition"),
    "recognition-reversal": ("冲销认定", "reversal"),
}
_CHINA = timezone(timedelta(hours=8))
_MICRO = Decimal(1_000_000)

_PAGE = Template("""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>学分证明 Transcript</title>
<style>
@page { size: A4; margin: 16mm 14mm; }
body { font: 15px/1.6 "Songti SC", "Noto Serif CJK SC", "SimSun", serif; color: #111; margin: 2em auto; max-width: 52em;
  padding: 0 1em; }
h1 { text-align: center; font-size: 26px; letter-spacing: .4em; margin: 0 0 .2em .4em; }
h2 { font-size: 17px; margin: 1.4em 0 .3em; }
.en { color: #555; font-size: 12px; }
h1 + .en { text-align: center; margin: 0 0 1.2em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15em 1em; margin: 1em 0; }
dt, dd { margin: 0; }
.verdict { text-align: center; font-weight: bold; border: 1px solid; padding: .3em; }
.yes { color: #175c2d; }
.no { color: #a00; font-weight: bold; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #999; padding: .3em .5em; text-align: left; vertical-align: top; font-weight: normal; }
th { background: #f2f2f2; line-height: 1.3; }
th .en, td .en { display: block; }
.amount { text-align: right; white-space: nowrap; }
.day { white-space: nowrap; }
.sums td { font-weight: bold; }
.sums tr:first-child td { border-top: 2px solid #555; }
.hash { font: 10px/1.3 monospace; word-break: break-all; color: #555; }
ul { list-style: none; padding: 0; margin: 0; }
@media print { body { font-size: 12px; margin: 0; max-width: none; padding: 0; } tr, li { break-inside: avoid; }
  * { print-color-adjust: exact; } }
</style>
</head>
<body>
<h1>学分证明</h1>
<p class="en">Transcript of training credits</p>
<p class="verdict $holds">$verdict</p>
<dl>
$person
<dt>区县 <span class="en">District</span></dt><dd>$district</dd>
<dt>时段 <span class="en">Period</span></dt><dd>$period</dd>
<dt>出具 <span class="en">Issued</span></dt><dd>$issued</dd>
</dl>
<table>
<thead><tr><th>序号<span class="en">No.</span></th><th>日期<span class="en">Day</span></th>
<th>种类<span class="en">Kind</span></th><th class="amount">学时<span class="en">Hours</span></th>
<th class="amount">学分<span class="en">Credits</span></th><th>依据<span class="en">Rests on</span></th></tr></thead>
<tbody>
$rows
</tbody>
<tbody class="sums">
$sums
</tbody>
</table>
<h2>核验 <span class="en">Check</span></h2>
<ul>
$findings
</ul>
<p class="hash">台账头 Signed head：$head</p>
<p>本页供阅读；凭证是证明文件本身，以 yanxiu transcript verify 及公钥核验。<br>
<span class="en">This page is for reading; the proof is the file itself,
checked by yanxiu transcript verify with the public keys.</span></p>
</body>
</html>
""")


def page_of(found: Checked, name: str | None) -> str:
    """Return the page of a checked transcript; a name stands beside it, marked as not signed."""
    content = found.content
    if content is None:
        raise ValueError("a transcript that could not be read has no page")
    return _PAGE.substitute(
        holds="yes" if found.genuine else "no",
        verdict="核验结果：属实 genuine" if found.genuine else "核验结果：不属实 not genuine",
        person=_person(content, name),
        district=escape(content.district),
        period=_period(content.since, content.until),
        issued=f"{content.issued_at.astimezone(_CHINA):%Y-%m-%d %H:%M:%S}（北京时间 UTC+08:00）",
        rows="\n".join(_row(line) for line in content.entries),
        sums=_sums(content),
        findings="\n".join(_finding(one) for one in found.findings),
        head=escape(content.head),
    )


def _person(content: Content, name: str | None) -> str:
    note = '<span class="en">（不在签名之内 not signed）</span>'
    named = f'<dt>姓名 <span class="en">Name</span></dt><dd>{escape(name)}{note}</dd>\n' if name else ""
    return f'{named}<dt>教师编号 <span class="en">Teacher</span></dt><dd>{escape(content.teacher)}</dd>'


def _period(since: date | None, until: date | None) -> str:
    if since is None and until is None:
        return "全部 all"
    first = f"自 {since.isoformat()} 起 from" if since is not None else ""
    last = f"至 {until.isoformat()} 止 until" if until is not None else ""
    return f"{first} {last}".strip()


def _sums(content: Content) -> str:
    """Two lines under the table: what was registered, and what was recognised, in the units of the entries."""
    sums = content.sums
    units = {
        "hours": "、".join(sorted({line.entry.hours_unit for line in content.entries})),
        "credits": "、".join(sorted({line.entry.credits_unit for line in content.entries})),
    }
    registered = _sum("登记合计", "Registered", sums.registered_micro_hours, sums.registered_micro_credits, units)
    recognised = _sum("认定合计", "Recognised", sums.recognised_micro_hours, sums.recognised_micro_credits, units)
    return f"{registered}<td>{sums.records} 条记录</td></tr>\n{recognised}<td></td></tr>"


def _sum(zh: str, en: str, hours: int, amount: int, units: Mapping[str, str]) -> str:
    return (
        f'<tr><td colspan="3">{zh} <span class="en">{en}</span></td>'
        f'<td class="amount">{_amount(hours)} {escape(units["hours"])}</td>'
        f'<td class="amount">{_amount(amount)} {escape(units["credits"])}</td>'
    )


def _finding(one: Finding) -> str:
    mark, kind = ("✓", "yes") if one.holds else ("✗", "no")
    return f'<li class="{kind}">{mark} {escape(one.zh)} <span class="en">{escape(one.en)}</span></li>'


def _row(line: Line) -> str:
    entry = line.entry
    zh, en = _KINDS.get(entry.kind, (entry.kind, ""))
    return (
        f'<tr><td>{entry.seq}</td><td class="day">{entry.on.isoformat()}</td>'
        f'<td>{escape(zh)}<span class="en">{escape(en)}</span></td>'
        f'<td class="amount">{_amount(entry.micro_hours)} {escape(entry.hours_unit)}</td>'
        f'<td class="amount">{_amount(entry.micro_credits)} {escape(entry.credits_unit)}</td>'
        f'<td>{escape(_rests_on(line))}<div class="hash">{escape(line.hash)}</div></td></tr>'
    )


def _rests_on(line: Line) -> str:
    """The clauses of a registration; of a recognition the period that was recognised, which `activity` names."""
    if line.clauses or not line.entry.kind.startswith("recognition"):
        return "、".join(line.clauses)
    return line.entry.activity.partition(":")[2]


def _amount(micro: int) -> str:
    """Millionths as people write them."""
    text = f"{Decimal(micro) / _MICRO:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
