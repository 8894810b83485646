"""Defects of a formula that reaches beyond its facts: imports, files, clocks, inexact numbers."""

from __future__ import annotations

from collections.abc import Mapping

RECORD = "yanxiu_hengshan/record.py"
SUM = "        hours / rate,\n"

# As in `defects.DEFECTS`: file, what stands there, what is put in its place, code, the text of the line told, words.
REACHING: Mapping[str, tuple[str, str, str, str, str, str]] = {
    "a library is imported": (
        RECORD,
        "from decimal import Decimal\n",
        "from decimal import Decimal\n\nimport msgspec\n",
        "FOREIGN_IMPORT",
        "import msgspec",
        "导入了 msgspec",
    ),
    "the platform is imported inside a function": (
        RECORD,
        "    hours = facts.record.hours\n",
        "    import yanxiu_wire.rpc\n\n    hours = facts.record.hours\n",
        "FOREIGN_IMPORT",
        "import yanxiu_wire.rpc",
        "规则包只导入 yanxiu_rulekit 和标准库",
    ),
    "the network is imported": (
        RECORD,
        "from decimal import Decimal\n",
        "from decimal import Decimal\nfrom urllib.request import urlopen\n",
        "OUTSIDE_REACH",
        "from urllib.request",
        "公式只看事实和法规",
    ),
    "a module is imported by name": (
        RECORD,
        "    rate = law.",
        '    __import__("hashlib")\n    rate = law.',
        "OUTSIDE_REACH",
        "__import__(",
        "用了 __import__",
    ),
    "a file is opened": (
        RECORD,
        "    rate = law.",
        '    open("/dev/null").close()\n    rate = law.',
        "OUTSIDE_REACH",
        "open(",
        "用了 open",
    ),
    "a way out is only handed on": (
        RECORD,
        "    rate = law.",
        "    list(map(exec, ()))\n    rate = law.",
        "OUTSIDE_REACH",
        "map(exec",
        "用了 exec",
    ),
    "Python's innards are reached": (
        RECORD,
        "    rate = law.",
        "    object.__subclasses__()\n    rate = law.",
        "OUTSIDE_REACH",
        "__subclasses__",
        "用了 __subclasses__",
    ),
    "the kit's own machinery is imported": (
        RECORD,
        "from decimal import Decimal\n",
        "from decimal import Decimal\n\nfrom yanxiu_rulekit.check import sys as machine\n",
        "OUTSIDE_REACH",
        "yanxiu_rulekit.check",
        "导入了 yanxiu_rulekit.check.sys",
    ),
    "a module of the kit is imported from it by the way": (
        RECORD,
        "from decimal import Decimal\n",
        "from decimal import Decimal\n\nfrom yanxiu_rulekit.numbers import localcontext\n",
        "OUTSIDE_REACH",
        "localcontext",
        "导入了 yanxiu_rulekit.numbers.localcontext",
    ),
    "a module's private twin is imported": (
        RECORD,
        "from decimal import Decimal\n",
        "from decimal import Decimal\nimport _io\n",
        "OUTSIDE_REACH",
        "import _io",
        "导入了 _io",
    ),
    "a module that opens files is imported": (
        RECORD,
        "from decimal import Decimal\n",
        "from decimal import Decimal\nimport codecs\n",
        "OUTSIDE_REACH",
        "import codecs",
        "导入了 codecs",
    ),
    "an attribute's name is put together": (
        RECORD,
        "    rate = law.",
        '    getattr(law, "__glo" + "bals__", None)\n    rate = law.',
        "OUTSIDE_REACH",
        "getattr(",
        "getattr 的名称是拼成的",
    ),
    "a clock is read under another name": (
        RECORD,
        "    rate = law.",
        "    from datetime import date\n\n    day = date.today\n    day()\n    rate = law.",
        "CLOCK_READ",
        "day = date.today",
        "读取了时钟（today）",
    ),
    "a clock is read": (
        RECORD,
        "    rate = law.",
        "    law.on.today()\n    rate = law.",
        "CLOCK_READ",
        "law.on.today()",
        "读取了时钟（today）",
    ),
    "a float is made": (
        RECORD,
        SUM,
        "        hours / Decimal(float(rate)),\n",
        "INEXACT",
        "float(rate)",
        "用了浮点数 float",
    ),
}
