"""What is answered about research groups and leading groups: endpoints, use cases and who may ask."""

from __future__ import annotations

from yanxiu_footing.audit.declared import personal
from yanxiu_wire import leading_group, research_group

from yanxiu_registry.groups.archive_research_group import archive_research_group
from yanxiu_registry.groups.correct_leading_group import correct_leading_group
from yanxiu_registry.groups.correct_research_group import correct_research_group
from yanxiu_registry.groups.file_research_group import file_research_group
from yanxiu_registry.groups.form_research_group import form_research_group
from yanxiu_registry.groups.get_leading_groups import get_leading_groups
from yanxiu_registry.groups.get_research_groups import get_research_groups
from yanxiu_registry.groups.list_leading_groups import list_leading_groups
from yanxiu_registry.groups.list_research_groups import list_research_groups
from yanxiu_registry.groups.set_up_leading_group import set_up_leading_group
from yanxiu_registry.offering import Offered
from yanxiu_registry.scope import GROUP_WRITERS, OFFICERS, READERS

OFFERED: Offered = {
    research_group.FORM_RESEARCH_GROUP: (form_research_group, GROUP_WRITERS),
    research_group.CORRECT_RESEARCH_GROUP: (correct_research_group, GROUP_WRITERS),
    research_group.FILE_RESEARCH_GROUP: (file_research_group, GROUP_WRITERS),
    research_group.ARCHIVE_RESEARCH_GROUP: (archive_research_group, OFFICERS),
    research_group.GET_RESEARCH_GROUPS: (get_research_groups, READERS, personal("items.members")),
    research_group.LIST_RESEARCH_GROUPS: (list_research_groups, READERS, personal("items.members")),
    leading_group.SET_UP_LEADING_GROUP: (set_up_leading_group, GROUP_WRITERS),
    leading_group.CORRECT_LEADING_GROUP: (correct_leading_group, GROUP_WRITERS),
    leading_group.GET_LEADING_GROUPS: (get_leading_groups, READERS, personal()),
    leading_group.LIST_LEADING_GROUPS: (list_leading_groups, READERS, personal()),
}
