"""What can be wrong with a district's database.

DurableError
  DistrictUnknown   no database of that district, or no id of a district at all
  DatabaseUnsafe    the database would not keep what it has committed: `setting` is not what it must be
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
