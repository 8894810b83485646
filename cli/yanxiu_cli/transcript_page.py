"""A transcript as a page that people read and print: one file, Chinese first, with what the check found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import escape
from string import Template

from yanxiu_wire.transcript import Checked, Content, Finding, Line

_KINDS = {
    "registration": "登记 registration",
    "registration-reversal": "冲销登记 reversal",
    "recognition": "认定 recognition",
    "recognition-reversal": "冲销认定 reversal",
}
_MICRO = Decimal(1_000_000)

_PAGE = Template("""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>学分证明 Transcript</title>
<style>
body { font: 14px/1.5 "Songti SC", "Noto Serif CJK SC", serif; margin: 2em auto; max-width: 60em; padding: 0 1em; }
h1 { text-align: center; letter-spacing: .3em; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #999; padding: .3em .5em; text-align: left; vertical-align: top; }
td.amount { text-align: right; white-space: nowrap; }
.hash { font: 10px/1.3 monospace; word-break: break-all; color: #555; }
.no { color: #a00; font-weight: bold; }
@media print { body { margin: 0; } tr { break-inside: avoid; } }
</style>
</head>
<body>
<h1>学分证明</h1>
<p>$person</p>
<p>区县 District：$district　时段 Period：$period　出具 Issued：$issued</p>
<table>
<thead><tr><th>序号<br>No.</th><th>日期<br>Day</th><th>种类<br>Kind</th><th>学时<br>Hours</th><th>学分<br>Credits</th>
<th>依据<br>Clauses</th></tr></thead>
<tbody>
$rows
</tbody>
</table>
<p>登记合计 Registered：$registered　认定合计 Recognised：$recognised　计入记录 Records：$records</p>
<h2>核验 Check</h2>
<ul>
$findings
</ul>
<p class="hash">台账头 Signed head：$head</p>
<p>本页供阅读；凭证是证明文件本身，以 yanxiu transcript verify 及公钥核验。
This page is for reading; the proof is the file itself, checked by yanxiu transcript verify with the public keys.</p>
</body>
</html>
""")


def page_of(found: Checked, name: str | None) -> str:
    """Return the page of a checked transcript; a name stands beside it, marked as not signed."""
    content = found.content
    if content is None:
        raise ValueError("a transcript that could not be read has no page")
    sums = content.sums
    return _PAGE.substitute(
        person=_person(content, name),
        district=escape(content.district),
        period=f"{_day(content.since)} – {_day(content.until)}",
        issued=escape(content.issued_at.isoformat(timespec="seconds")),
        rows="\n".join(_row(line) for line in content.entries),
        registered=f"{_amount(sums.registered_micro_hours)} 学时 / {_amount(sums.registered_micro_credits)} 学分",
        recognised=f"{_amount(sums.recognised_micro_hours)} 学时 / {_amount(sums.recognised_micro_credits)} 学分",
        records=sums.records,
        findings="\n".join(_finding(one) for one in found.findings),
        head=escape(content.head),
    )


def _person(content: Content, name: str | None) -> str:
    named = f"姓名 Name：{escape(name)}（不在签名之内 not signed）　" if name else ""
    return f"{named}教师编号 Teacher：{escape(content.teacher)}"


def _finding(one: Finding) -> str:
    mark, kind = ("✓", "yes") if one.holds else ("✗", "no")
    return f'<li class="{kind}">{mark} {escape(one.zh)} {escape(one.en)}</li>'


def _row(line: Line) -> str:
    entry = line.entry
    return (
        f"<tr><td>{entry.seq}</td><td>{entry.on.isoformat()}</td><td>{escape(_KINDS.get(entry.kind, entry.kind))}</td>"
        f'<td class="amount">{_amount(entry.micro_hours)} {escape(entry.hours_unit)}</td>'
        f'<td class="amount">{_amount(entry.micro_credits)} {escape(entry.credits_unit)}</td>'
        f'<td>{escape(", ".join(line.clauses))}<div class="hash">{escape(line.hash)}</div></td></tr>'
    )


def _amount(micro: int) -> str:
    """Millionths as people write them."""
    text = f"{Decimal(micro) / _MICRO:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else "…"
