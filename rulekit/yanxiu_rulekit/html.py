"""The few pieces of HTML that the rule pages are made of: everything escaped, one style sheet inside, no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

STYLE = """
:root { --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --paper: #fff; --tint: #f5f7fa; --mark: #9b1c1c;
  --good: #1d6b45; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 62rem; padding: 2.5rem 1.5rem 4rem; color: var(--ink); background: var(--paper);
  font: 16px/1.75 "Source Han Serif SC", "Noto Serif CJK SC", "Songti SC", SimSun, serif; }
h1, h2, h3, th, nav, .badge, .figures, dt, .cite, code, caption { font-family: "Source Han Sans SC", "Noto Sans CJK SC",
  "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.4; margin: 0 0 .25rem; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 3rem 0 1rem; padding-bottom: .35rem; border-bottom: 2px solid var(--ink); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: .4rem 0; }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .2em; }
.lead { color: var(--soft); font-size: .95rem; margin: 0 0 1.5rem; }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; padding: 0; margin: 1.25rem 0; list-style: none; }
.figures li { flex: 1 1 7rem; border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .9rem; }
.figures b { display: block; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.figures span { color: var(--soft); font-size: .85rem; }
nav { display: flex; flex-wrap: wrap; gap: .4rem 1.1rem; font-size: .9rem; margin: 1.5rem 0; }
blockquote { margin: .5rem 0; padding: .5rem 1rem; border-left: 3px solid var(--ink); background: var(--tint); }
table { width: 100%; border-collapse: collapse; margin: .75rem 0 1.25rem; font-size: .9rem; line-height: 1.6; }
caption { text-align: left; font-size: .85rem; color: var(--soft); padding-bottom: .25rem; }
th, td { border: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: var(--tint); font-weight: 600; }
th[scope=row] { background: none; font-weight: 500; min-width: 9rem; max-width: 22rem; }
.wide { overflow-x: auto; }
code { font-size: .85em; color: var(--soft); overflow-wrap: anywhere; }
.badge { display: inline-block; font-size: .75rem; line-height: 1.5; padding: 0 .5em; border-radius: 1em;
  border: 1px solid currentColor; vertical-align: .15em; margin-left: .6em; white-space: nowrap; }
.good { color: var(--good); } .none { color: var(--mark); }
.cite { font-size: .8rem; color: var(--soft); }
.cite a, .day { white-space: nowrap; }
.card { border: 1px solid var(--line); border-radius: .4rem; padding: .9rem 1.1rem; margin: .9rem 0; }
.card > :first-child { margin-top: 0; } .card > :last-child, .card > .wide:last-child table { margin-bottom: 0; }
.differs td { background: #fdf3e1; }
footer { margin-top: 4rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--soft);
  font-size: .8rem; }
@media (max-width: 40rem) { body { padding: 1.25rem 1rem 3rem; font-size: 15px; } }
@media print {
  @page { size: A4; margin: 18mm 16mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav { display: none; }
  h2 { break-after: avoid; } h3 { break-after: avoid; }
  .card, tr, blockquote, .figures { break-inside: avoid; }
  thead { display: table-header-group; }
  a { text-decoration: none; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""


def text(value: str) -> str:
    """Return a text in which HTML sees nothing of its own."""
    return escape(value, quote=True)


def tag(name: str, inner: str, **attributes: str) -> str:
    """Return an element around HTML that is safe already; `class_` is the attribute class."""
    said = "".join(f' {key.rstrip("_")}="{text(value)}"' for key, value in attributes.items() if value)
    return f"<{name}{said}>{inner}</{name}>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, marked: Iterable[bool] = ()) -> str:
    """Return a table; head and cells are safe HTML already, a row begins with its heading. An empty head is none.

    `marked` says for each row whether it stands out.
    """
    body = []
    stands_out = iter(marked)
    for first, *others in rows:
        cells = tag("th", first, scope="row") + "".join(tag("td", one) for one in others)
        body.append(tag("tr", cells, class_="differs" if next(stands_out, False) else ""))
    headings = tag("thead", tag("tr", "".join(tag("th", one, scope="col") for one in head))) if any(head) else ""
    return tag("div", tag("table", headings + tag("tbody", "".join(body))), class_="wide")


def page(title: str, *parts: str, mark: str) -> str:
    """Return a whole document: self-contained, in Chinese, without a script."""
    head = (
        '<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title><style>{STYLE}</style>"
    )
    body = "\n".join(part for part in parts if part)
    return f'<!doctype html>\n{mark}\n<html lang="zh-Hans"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'
