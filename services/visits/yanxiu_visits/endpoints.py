"""The endpoints of the visits service: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import personal
from yanxiu_footing.audit.offered import offered
from yanxiu_footing.letters.offered import letters_offered
from yanxiu_footing.persons.count_texts import counting
from yanxiu_footing.persons.get_person import ASKERS, telling
from yanxiu_wire import visits as wire
from yanxiu_wire.erasure import CHECK_ERASURE_OF_VISITS, CLEAR_PERSON_OF_VISITS, COUNT_MENTIONS_OF_VISITS
from yanxiu_wire.personal import GET_PERSON_OF_VISITS
from yanxiu_wire.visiting import LIST_NOTES

from yanxiu_visits import scope
from yanxiu_visits.all_tables import metadata
from yanxiu_visits.awards.offered import OFFERED as AWARDS
from yanxiu_visits.check_erasure import check_erasure
from yanxiu_visits.clear_person import clear_person
from yanxiu_visits.competing.offered import OFFERED as COMPETING
from yanxiu_visits.findings.offered import OFFERED as FINDINGS
from yanxiu_visits.list_notes import list_notes
from yanxiu_visits.minima.offered import OFFERED as MINIMA
from yanxiu_visits.personal import PERSONAL
from yanxiu_visits.personal_texts import TEXTS
from yanxiu_visits.planning.offered import OFFERED as PLANNING
from yanxiu_visits.programme.offered import OFFERED as PROGRAMME
from yanxiu_visits.rebuild_facts import rebuild_facts
from yanxiu_visits.recording.offered import OFFERED as RECORDING
from yanxiu_visits.reporting.offered import OFFERED as REPORTING
from yanxiu_visits.store.facts import COPY
from yanxiu_visits.supervising.offered import OFFERED as SUPERVISING
from yanxiu_visits.visiting.offered import OFFERED as VISITING

TABLE: Table = {
    wire.REBUILD_VISIT_FACTS: (rebuild_facts, scope.REBUILDERS),
    LIST_NOTES: (list_notes, scope.EVERYONE, personal()),
    CHECK_ERASURE_OF_VISITS: (check_erasure, scope.OFFICERS, personal()),
    COUNT_MENTIONS_OF_VISITS: (counting(metadata, TEXTS, PERSONAL), scope.OFFICERS, personal()),
    CLEAR_PERSON_OF_VISITS: (clear_person, scope.OFFICERS),
    GET_PERSON_OF_VISITS: (telling(PERSONAL), ASKERS, personal(before=True, own=True)),
    **PLANNING,
    **VISITING,
    **RECORDING,
    **FINDINGS,
    **REPORTING,
    **MINIMA,
    **PROGRAMME,
    **SUPERVISING,
    **AWARDS,
    **COMPETING,
    **offered(wire.SERVICE),
    **letters_offered(wire.SERVICE, COPY),
}
