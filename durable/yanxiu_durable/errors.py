"""What can be wrong with a district's database.

DurableError
  DistrictUnknown   no database of that district, or no id of a district at all
  DatabaseBusy      another process kept writing for so long that this one gave up before it had begun
  DatabaseAway      the database's server does not answer while a process starts
  DatabaseUnsafe    the database would not keep what it has committed: `setting` is not what it must be
  DatabaseNotMigrated its tables are not those of this version, and this process has no role that may change them
  DatabaseExposed   rows of one district could be seen or written by another: `flaws` says where
  SessionSetting    a statement would set something for longer than its transaction
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


class DistrictNotEmpty(DurableError):
    """`district` has data already: nothing is put over it."""

    def __init__(self, district: str) -> None:
        super().__init__(f"district {district!r} has data already")
        self.district = district


class DatabaseBusy(DurableError):
    """A database (a file, or a service's) could not be migrated within `seconds`: others use it all the time."""

    def __init__(self, path: Path | str, seconds: float) -> None:
        zh = f"数据库{path}在{seconds:.0f}秒内一直被另一进程写入，无法升级；请等该进程完成或先停止它，再启动本进程。"
        en = (
            f"another process kept writing {path} for {seconds:.0f} seconds, so it could not be migrated; "
            "wait until that process is done, or stop it, and start this one again"
        )
        super().__init__(f"{zh} {en}")
        self.path = path
        self.seconds = seconds


class DatabaseAway(DurableError):
    """The server with the databases of `service` does not answer while the process starts: starting again may help."""

    def __init__(self, service: str, problem: str) -> None:
        zh = f"{service}的数据库连接不上（{problem}）；请看它是否在运行、YANXIU_DATABASE_URL 是否正确，再启动本进程。"
        en = (
            f"the database of {service} cannot be reached ({problem}); "
            "see that it runs and that YANXIU_DATABASE_URL is right, and start this process again"
        )
        super().__init__(f"{zh} {en}")
        self.service = service


class DatabaseUnsafe(DurableError):
    """The database refuses a setting without which a committed row could be lost, or a role sees too much."""

    def __init__(self, setting: str, found: object, wanted: object) -> None:
        zh = f"数据库的{setting}为{found!r}，必须为{wanted!r}。"
        super().__init__(f"{zh} the database's {setting} is {found!r}, it must be {wanted!r}")
        self.setting = setting


class DatabaseNotMigrated(DatabaseUnsafe):
    """The schema `service` stands at another revision than this version's; only the owner may change it."""

    def __init__(self, service: str, found: str | None, wanted: str | None) -> None:
        zh = (
            f"数据库模式{service}的版本为{found or '空'}，需要{wanted}：请先以 YANXIU_DATABASE_OWNER_URL 运行 "
            f"yanxiu migrate {service}。"
        )
        en = (
            f"the schema {service} is at migration {found or 'none'}, this version needs {wanted}: "
            f"run `yanxiu migrate {service}` with YANXIU_DATABASE_OWNER_URL first"
        )
        DurableError.__init__(self, f"{zh} {en}")
        self.setting = "migration"


class DatabaseExposed(DatabaseUnsafe):
    """Something in the schema `service` is not kept apart by district; `flaws` are sentences, one for each."""

    def __init__(self, service: str, flaws: tuple[str, ...]) -> None:
        listed = "; ".join(flaws)
        zh = (
            f"数据库模式{service}未按区县完全隔离（{len(flaws)}处），服务不启动；"
            "请以所有者角色修复后运行 yanxiu migrate。"
        )
        en = (
            f"the schema {service} does not keep districts apart, so the service does not start: {listed}. "
            "Mend it as the owner, then run `yanxiu migrate`"
        )
        DurableError.__init__(self, f"{zh} {en}")
        self.setting = "isolation"
        self.flaws = flaws


class SessionSetting(DurableError):
    """`statement` would set something for the whole session, which others use afterwards."""

    def __init__(self, statement: str) -> None:
        super().__init__(f"refused: {statement!r} outlives its transaction; use SET LOCAL or set_config(…, true)")


class TransactionBroken(DurableError):
    """A statement of the transaction failed: nothing of it can be committed any more."""

    def __init__(self) -> None:
        super().__init__("a statement of this transaction failed, so nothing of it was committed")
