"""A new rule pack from the template: a whole small pack whose district's name is replaced by another.

The template is itself a pack that conforms, in `template/`: the words below are what is replaced in its texts, its file
names and its folders, and nothing else changes.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from yanxiu_rulekit.errors import RulekitError

TEMPLATE = Path(__file__).with_name("template")
DISTRICT, NAME_ZH = "yangban", "样板县"
LONGEST = 20  # characters of a district's name: the template's lines keep to their width with it
_NAME = re.compile(r"[a-z](-?[a-z0-9])*")
# What tools leave behind in the template where it is worked on.
_LEFT_BEHIND = shutil.ignore_patterns("__pycache__", ".*_cache", ".venv", "dist", "*.pyc")


class NotMade(RulekitError):
    """A pack that cannot be made under this name or in this folder: what is wrong and what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


def make_pack(folder: Path, *, district: str, name_zh: str) -> list[Path]:
    """Write a new pack of a district into an empty folder (made where it is missing); return its files, in order.

    `district` is the key of its law and the stem of its names: small letters, digits and single hyphens. Raises
    `NotMade`, having written nothing.
    """
    _refuse_name(district)
    _refuse_name_zh(name_zh)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotMade(f"{folder} 不是空目录；请另指一个目录（--to）。", f"{folder} is no empty folder; name another")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-pack-") as begun:
        made = Path(begun) / "pack"
        shutil.copytree(TEMPLATE, made, ignore=_LEFT_BEHIND)
        _rewrite(made, _words(district, name_zh))
        made.replace(folder)  # an empty folder gives way: there is the whole pack, or nothing
    return sorted(path for path in folder.rglob("*") if path.is_file())


def package_of(district: str) -> str:
    """Return the import package of a district's pack: `yanxiu_` and its name, hyphens as underscores."""
    return f"yanxiu_{district.replace('-', '_')}"


def _words(district: str, name_zh: str) -> dict[str, str]:
    """Return what is replaced by what; of two words that begin alike the longer comes first."""
    return {
        package_of(DISTRICT): package_of(district),
        DISTRICT.upper(): district.upper(),
        DISTRICT: district,
        NAME_ZH: name_zh,
    }


def _rewrite(made: Path, words: Mapping[str, str]) -> None:
    """Replace the words in every text and every name, in one pass over each."""
    found = re.compile("|".join(map(re.escape, words)))
    for path in sorted(made.rglob("*"), reverse=True):  # what a folder holds comes before the folder
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            path.write_text(found.sub(lambda one: words[one[0]], text), encoding="utf-8")
        path.rename(path.with_name(found.sub(lambda one: words[one[0]], path.name)))


def _refuse_name(district: str) -> None:
    if not _NAME.fullmatch(district) or len(district) > LONGEST:
        raise NotMade(
            f"区名 {district!r} 不合用：用小写字母开头，只含小写字母、数字和单个连字符，不超过{LONGEST}个字符。",
            f"the name {district!r} cannot be used: small letters, digits and single hyphens, a letter first, "
            f"at most {LONGEST} characters",
        )
    package = package_of(district)
    if find_spec(package) is not None:
        raise NotMade(
            f"名称 {package} 已被占用（已安装的规则包或平台的一部分）；请换一个区名。",
            f"the name {package} is taken, by an installed pack or a part of the platform; choose another",
        )


def _refuse_name_zh(name_zh: str) -> None:
    if not re.fullmatch(r"[\u4e00-\u9fff·]{2,15}", name_zh):
        raise NotMade(
            f"中文名称 {name_zh!r} 不合用：用2至15个汉字，如 普陀区。",
            f"the Chinese name {name_zh!r} cannot be used: 2 to 15 Chinese characters, such as 普陀区",
        )
