"""The endpoints of findings: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import personal
from yanxiu_footing.scope import roles
from yanxiu_wire import findings as wire

from yanxiu_visits import scope
from yanxiu_visits.findings.answer_finding import recheck_finding, report_remedy, withdraw_finding
from yanxiu_visits.findings.change_finding import change_finding
from yanxiu_visits.findings.list_findings import get_findings, list_findings, list_findings_by_source
from yanxiu_visits.findings.record_finding import record_finding

FINDERS = scope.RECORDERS | roles("supervisor")

OFFERED: Table = {
    wire.RECORD_FINDING: (record_finding, FINDERS),
    wire.CHANGE_FINDING: (change_finding, FINDERS),
    wire.REPORT_REMEDY: (report_remedy, scope.ANSWERERS),
    wire.RECHECK_FINDING: (recheck_finding, FINDERS),
    wire.WITHDRAW_FINDING: (withdraw_finding, FINDERS),
    wire.GET_FINDINGS: (get_findings, scope.EVERYONE, personal("items.owner")),
    wire.LIST_FINDINGS: (list_findings, scope.EVERYONE, personal("items.owner")),
    wire.LIST_FINDINGS_BY_SOURCE: (list_findings_by_source, scope.EVERYONE, personal("pages.items.owner")),
}
