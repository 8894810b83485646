"""The endpoints of the credits service: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_footing.audit.offered import offered
from yanxiu_footing.fence.fence import Here
from yanxiu_footing.lasting import Declared
from yanxiu_footing.letters.offered import letters_offered
from yanxiu_footing.persons.count_texts import counting
from yanxiu_footing.persons.get_person import ASKERS, telling
from yanxiu_wire import credits as wire
from yanxiu_wire import erasure as wire_erasure
from yanxiu_wire import jobs as wire_jobs
from yanxiu_wire import personal as wire_personal
from yanxiu_wire import policy as wire_policy
from yanxiu_wire.endpoint import Endpoint

from yanxiu_credits import scope
from yanxiu_credits.all_tables import metadata
from yanxiu_credits.attendance.offered import OFFERED as ATTENDANCE
from yanxiu_credits.books.offered import OFFERED as BOOKS
from yanxiu_credits.decide_project import decide_project
from yanxiu_credits.erasing.check_erasure import check_erasure
from yanxiu_credits.erasing.clear_person import clear_person
from yanxiu_credits.erasing.sign_erasure import sign_erasure
from yanxiu_credits.get_projects import get_projects
from yanxiu_credits.get_records import get_records
from yanxiu_credits.get_totals import few_totals, get_totals
from yanxiu_credits.jobs.cancel_job import cancel_job
from yanxiu_credits.jobs.get_jobs import get_jobs
from yanxiu_credits.jobs.list_jobs import list_jobs
from yanxiu_credits.jobs.start_job import start_job
from yanxiu_credits.list_entries import list_entries
from yanxiu_credits.list_projects import list_projects
from yanxiu_credits.list_records import few_records, list_records, plain_records
from yanxiu_credits.personal import PERSONAL
from yanxiu_credits.personal_texts import TEXTS
from yanxiu_credits.policy.adopt_policy import adopt_policy
from yanxiu_credits.policy.get_previews import get_previews, list_previews, summarise_preview, summarise_previews
from yanxiu_credits.policy.list_preview_lines import (
    get_preview_lines,
    get_previewed_records,
    list_preview_lines,
    list_previewed_records,
)
from yanxiu_credits.policy.preview_policy import preview_policy
from yanxiu_credits.propose_project import propose_project
from yanxiu_credits.rebuild_projection import rebuild_projection
from yanxiu_credits.register_training import register_training
from yanxiu_credits.rules.offered import OFFERED as RULES
from yanxiu_credits.sign_person_export import sign_person_export
from yanxiu_credits.standings.known import remember
from yanxiu_credits.standings.offered import OFFERED as STANDINGS
from yanxiu_credits.store.facts import COPY
from yanxiu_credits.transfer.offered import OFFERED as TRANSFERS
from yanxiu_credits.verify_ledger import verify_ledger
from yanxiu_credits.workflow.offered import OFFERED as WORKFLOWS

TABLE: Table = {
    wire.PROPOSE_PROJECT: (propose_project, scope.REGISTRARS),
    wire.DECIDE_PROJECT: (decide_project, scope.OFFICERS),
    wire.GET_PROJECTS: (get_projects, scope.EVERYONE, PLAIN),
    wire.LIST_PROJECTS: (list_projects, scope.EVERYONE, PLAIN),
    wire.REGISTER_TRAINING: (register_training, scope.REGISTRARS),
    wire.GET_RECORDS: (get_records, scope.READERS, personal("items.teacher", own=True)),
    wire.LIST_RECORDS: (list_records, scope.READERS, personal("pages.items.teacher", own=True)),
    wire.GET_TOTALS: (get_totals, scope.READERS, personal(own=True)),
    wire.LIST_ENTRIES: (list_entries, scope.READERS, personal("items.teacher", own=True)),
    wire.VERIFY_LEDGER: (verify_ledger, scope.VERIFIERS, PLAIN),
    wire.REBUILD_PROJECTION: (rebuild_projection, scope.REBUILDERS),
    wire_policy.PREVIEW_POLICY: (preview_policy, scope.OFFICERS),
    wire_policy.ADOPT_POLICY: (adopt_policy, scope.ADOPTERS),
    wire_policy.GET_PREVIEWS: (get_previews, scope.EVERYWHERE, PLAIN),
    wire_policy.LIST_PREVIEWS: (list_previews, scope.EVERYWHERE, PLAIN),
    wire_policy.LIST_PREVIEW_LINES: (list_preview_lines, scope.EVERYWHERE, personal("items.teacher")),
    wire_policy.LIST_PREVIEWED_RECORDS: (list_previewed_records, scope.EVERYWHERE, personal("items.teacher")),
    wire_policy.SUMMARISE_PREVIEW: (summarise_preview, scope.EVERYWHERE, PLAIN),
    wire_policy.GET_PREVIEW_LINES: (get_preview_lines, scope.EVERYWHERE, personal("pages.items.teacher")),
    wire_policy.GET_PREVIEWED_RECORDS: (get_previewed_records, scope.EVERYWHERE, personal("pages.items.teacher")),
    wire_policy.SUMMARISE_PREVIEWS: (summarise_previews, scope.EVERYWHERE, PLAIN),
    wire_jobs.GET_JOBS: (get_jobs, scope.WATCHERS, PLAIN),
    wire_jobs.LIST_JOBS: (list_jobs, scope.WATCHERS, PLAIN),
    wire_jobs.START_JOB: (start_job, scope.STARTERS),
    wire_jobs.CANCEL_JOB: (cancel_job, scope.STARTERS),
    wire_personal.GET_PERSON_OF_CREDITS: (telling(PERSONAL), ASKERS, personal(before=True, own=True)),
    wire_erasure.CHECK_ERASURE_OF_CREDITS: (check_erasure, scope.OFFICERS, personal()),
    wire_erasure.COUNT_MENTIONS_OF_CREDITS: (counting(metadata, TEXTS, PERSONAL), scope.OFFICERS, personal()),
    wire_erasure.CLEAR_PERSON_OF_CREDITS: (clear_person, scope.OFFICERS),
    wire_erasure.SIGN_ERASURE: (sign_erasure, scope.OFFICERS),
    wire_personal.SIGN_PERSON_EXPORT: (sign_person_export, ASKERS, personal(before=True, own=True)),
    **ATTENDANCE,
    **BOOKS,
    **RULES,
    **STANDINGS,
    **TRANSFERS,
    **WORKFLOWS,
    **offered(wire.SERVICE),
    **letters_offered(wire.SERVICE, COPY, remember),
}

# What the main process answers without the district's own: no law is asked, and the rows are few.
HERE: Mapping[Endpoint[Any, Any], Here] = {wire.GET_TOTALS: few_totals, wire.LIST_RECORDS: few_records}

# What depends on the question and its whole caller, the district's data and the day alone: no moment, and no law.
LASTING: Declared = {wire.GET_TOTALS: lambda query: query.as_known_at is None, wire.LIST_RECORDS: plain_records}
# Of these, what the main process answers: a district's own process says of its answers by itself that they last.
LASTING_HERE: Declared = {
    wire.GET_TOTALS: lambda query: few_totals(query) and query.as_known_at is None,
    wire.LIST_RECORDS: few_records,
}
