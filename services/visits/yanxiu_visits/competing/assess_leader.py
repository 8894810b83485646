"""Whether the register says that another post than the law's leads a school. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanxiu_wire.leading_group import LeadingGroup

# One person may hold two posts: 书记、校长 is a 校长, a 副校长 is none.
_BETWEEN = re.compile(r"[、，,/；;\s]|兼")


def other_post(groups: Sequence[LeadingGroup], leader: str, wanted: str) -> str | None:
    """Return what the register has in place of the wanted post for who is to lead, None where it says nothing against.

    Against it stands that somebody else is on file with that post, or he himself with another; who heads the school's
    group is its head, whatever the post is called there (园长).
    """
    members = [one for group in groups for one in group.members if one.teacher is not None]
    own = [one for one in members if one.teacher == leader]
    if any(one.part == "head" or wanted in _posts(one.post) for one in own):
        return None
    if own:
        return own[0].post
    return "" if any(wanted in _posts(one.post) for one in members) else None


def _posts(said: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(said)]
