"""The endpoints of awards: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_footing.scope import roles
from yanxiu_wire import award_endings as wire_endings
from yanxiu_wire import awards as wire

from yanxiu_visits import scope
from yanxiu_visits.awards.appoint_reviewer import appoint_reviewer, declare_conflict
from yanxiu_visits.awards.close_year import close_award_year
from yanxiu_visits.awards.confirm_award import confirm_award
from yanxiu_visits.awards.list_objections import list_award_objections
from yanxiu_visits.awards.list_reviewers import list_reviewers
from yanxiu_visits.awards.nominate import nominate
from yanxiu_visits.awards.object_to_award import raise_award_objection, settle_award_objection
from yanxiu_visits.awards.publish_awards import publish_awards
from yanxiu_visits.awards.rank_awards import rank_awards
from yanxiu_visits.awards.read_awards import get_award_years, get_nominations, list_nominations
from yanxiu_visits.awards.review import list_review_items, score_nomination
from yanxiu_visits.awards.revoke_award import revoke_award
from yanxiu_visits.awards.run_year import open_award_year, set_award_rules, start_scoring
from yanxiu_visits.awards.withdraw_nomination import withdraw_nomination

# Officers see who was nominated, so they give no marks.
REVIEWERS = roles("researcher", "supervisor", "teacher")

OFFERED: Table = {
    wire.OPEN_AWARD_YEAR: (open_award_year, scope.OFFICERS),
    wire.SET_AWARD_RULES: (set_award_rules, scope.OFFICERS),
    wire.START_SCORING: (start_scoring, scope.OFFICERS),
    wire.RANK_AWARDS: (rank_awards, scope.OFFICERS),
    wire.CLOSE_AWARD_YEAR: (close_award_year, scope.OFFICERS),
    wire.GET_AWARD_YEARS: (get_award_years, scope.EVERYONE, PLAIN),
    wire.NOMINATE: (nominate, scope.OFFICERS | scope.SCHOOL_ROLES),
    wire.PUBLISH_AWARDS: (publish_awards, scope.OFFICERS),
    wire.CONFIRM_AWARD: (confirm_award, scope.OFFICERS),
    wire.GET_NOMINATIONS: (get_nominations, scope.EVERYONE, personal("items.people")),
    wire.LIST_NOMINATIONS: (list_nominations, scope.EVERYONE, personal("items.people")),
    wire.APPOINT_REVIEWER: (appoint_reviewer, scope.OFFICERS),
    wire.DECLARE_CONFLICT: (declare_conflict, scope.OFFICERS | REVIEWERS),
    wire.LIST_REVIEWERS: (list_reviewers, scope.OFFICERS | REVIEWERS | roles("auditor"), personal("items.id")),
    wire.LIST_REVIEW_ITEMS: (list_review_items, REVIEWERS, personal()),
    wire.SCORE_NOMINATION: (score_nomination, REVIEWERS),
    wire.RAISE_AWARD_OBJECTION: (raise_award_objection, scope.EVERYONE - roles("auditor")),
    wire.SETTLE_AWARD_OBJECTION: (settle_award_objection, scope.OFFICERS),
    wire_endings.LIST_AWARD_OBJECTIONS: (list_award_objections, scope.EVERYONE, personal()),
    wire_endings.WITHDRAW_NOMINATION: (withdraw_nomination, scope.OFFICERS | scope.SCHOOL_ROLES),
    wire_endings.REVOKE_AWARD: (revoke_award, scope.OFFICERS),
}
