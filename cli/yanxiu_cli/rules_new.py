"""`yanxiu rules new`: a rule pack for one more district, from the template of the kit."""

from __future__ import annotations

from pathlib import Path

from yanxiu_rulekit.newpack import NotMade, make_pack, package_of

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed


def new(district: str, *, name: str, to: Path | None = None) -> int:
    """新建一个区的规则包：样例齐全，核对与测试即刻通过。Make a rule pack for a district; it conforms at once.

    Parameters
    ----------
    district
        区的代号，小写字母，如 putuo；用作规则包、条款编号和区划的键。The district's key, in small letters.
    name
        区的中文名称，如 普陀区。The district's Chinese name.
    to
        写到哪个空目录，默认为 yanxiu-<区>。The empty folder to write to; `yanxiu-<district>` unless given.
    """
    folder = to if to is not None else Path(f"yanxiu-{district}")
    try:
        files = make_pack(folder, district=district, name_zh=name)
    except NotMade as error:
        raise Failed(error.zh, error.en, code=2) from None
    for file in files:
        say(str(file))
    say(f"\n已写出 {len(files)} 个文件。接下来：")
    say(f"{len(files)} files written. What comes next:")
    say(f"    yanxiu rules check {folder}")
    say(f"    python -m pytest {folder}")
    say(f"    {folder / package_of(district) / 'source.toml'}: 换成本地文件的条款 / quote your regulation there")
    return 0
