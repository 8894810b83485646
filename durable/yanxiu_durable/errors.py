"""What can be wrong with a district's database.

DurableError
  DistrictUnknown   no database of that district, or no id of a district at all
  DatabaseUnsafe    the database would not keep what it has committed: `setting` is not what it must be
  TransactionBroken a statement failed and its caller went on as if it had not
"""

from __future__ import annotations


class DurableError(Exception):
    """Base of the errors of this package."""


class DistrictUnknown(DurableError):
    """There is no database of `district` here."""

    def __init__(self, district: str) -> None:
        super().__init__(f"no database of district {district!r}")
        self.district = district


class DatabaseUnsafe(DurableError):
    """The database refuses a setting without which a committed row could be lost."""

    def __init__(self, setting: str, found: object, wanted: object) -> None:
        super().__init__(f"the database's {setting} is {found!r}, it must be {wanted!r}")
        self.setting = setting


class TransactionBroken(DurableError):
    """A statement of the transaction failed: nothing of it can be committed any more."""

    def __init__(self) -> None:
        super().__init__("a statement of this transaction failed, so nothing of it was committed")
