"""What can be wrong with a district's database.

DurableError
  DistrictUnknown   no database of that district, or no id of a district at all
  DatabaseBusy      another process kept writing for so long that this one gave up before it had begun
  DatabaseUnsafe    the database would not keep what it has committed: `setting` is not what it must be
  TransactionBroken a statement failed and its caller went on as if it had not
"""

from __future__ import annotations

from pathlib import Path


class DurableError(Exception):
    """Base of the errors of this package."""


class DistrictUnknown(DurableError):
    """There is no database of `district` here."""

    def __init__(self, district: str) -> None:
        super().__init__(f"no database of district {district!r}")
        self.district = district


class DatabaseBusy(DurableError):
    """The file `path` could not be migrated within `seconds`: another process writes it all the time."""

    def __init__(self, path: Path, seconds: float) -> None:
        zh = (
            f"数据库文件{path}在{seconds:.0f}秒内一直被另一进程写入，无法升级；请等该进程完成或先停止它，再启动本进程。"
        )
        en = (
            f"another process kept writing {path} for {seconds:.0f} seconds, so it could not be migrated; "
            "wait until that process is done, or stop it, and start this one again"
        )
        super().__init__(f"{zh} {en}")
        self.path = path
        self.seconds = seconds


class DatabaseUnsafe(DurableError):
    """The database refuses a setting without which a committed row could be lost."""

    def __init__(self, setting: str, found: object, wanted: object) -> None:
        super().__init__(f"the database's {setting} is {found!r}, it must be {wanted!r}")
        self.setting = setting


class TransactionBroken(DurableError):
    """A statement of the transaction failed: nothing of it can be committed any more."""

    def __init__(self) -> None:
        super().__init__("a statement of this transaction failed, so nothing of it was committed")
