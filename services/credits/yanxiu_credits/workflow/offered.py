"""The endpoints of the workflows: for each the use case that answers and the roles that may ask.

Which role takes which step is the law's to say, step by step: here stand only those who take none at all.
"""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_wire import workflow as wire
from yanxiu_wire.caller import Role

from yanxiu_credits import scope
from yanxiu_credits.workflow.delegate_steps import delegate_steps
from yanxiu_credits.workflow.end_delegation import end_delegation
from yanxiu_credits.workflow.get_processes import get_processes
from yanxiu_credits.workflow.get_public_lists import get_public_lists
from yanxiu_credits.workflow.get_record_states import get_record_states
from yanxiu_credits.workflow.list_delegations import list_delegations
from yanxiu_credits.workflow.list_notices import list_notices
from yanxiu_credits.workflow.list_processes import list_processes
from yanxiu_credits.workflow.list_public_lines import list_public_lines
from yanxiu_credits.workflow.list_tasks import list_tasks
from yanxiu_credits.workflow.list_workflows import list_workflows
from yanxiu_credits.workflow.open_process import open_process
from yanxiu_credits.workflow.raise_objection import raise_objection
from yanxiu_credits.workflow.return_process import return_process
from yanxiu_credits.workflow.settle_objection import settle_objection
from yanxiu_credits.workflow.take_back_recognition import take_back_recognition
from yanxiu_credits.workflow.take_step import take_step
from yanxiu_credits.workflow.take_steps import take_steps
from yanxiu_credits.workflow.verify_signatures import verify_signatures

# An auditor reads and signs nothing; whom a step is for, the workflow says.
_READS_ONLY: frozenset[Role] = frozenset({"auditor"})
SIGNERS = scope.EVERYONE - _READS_ONLY
_TEACHERS: frozenset[Role] = frozenset({"teacher"})
OBJECTORS = scope.SCHOOL_ROLES | _TEACHERS

OFFERED: Table = {
    wire.OPEN_PROCESS: (open_process, SIGNERS),
    wire.TAKE_STEP: (take_step, SIGNERS),
    wire.TAKE_STEPS: (take_steps, SIGNERS),
    wire.RETURN_PROCESS: (return_process, SIGNERS),
    wire.TAKE_BACK_RECOGNITION: (take_back_recognition, SIGNERS),
    wire.DELEGATE_STEPS: (delegate_steps, SIGNERS),
    wire.END_DELEGATION: (end_delegation, SIGNERS),
    wire.RAISE_OBJECTION: (raise_objection, OBJECTORS),
    wire.SETTLE_OBJECTION: (settle_objection, SIGNERS),
    wire.GET_PROCESSES: (get_processes, scope.EVERYONE, personal()),
    wire.LIST_PROCESSES: (list_processes, scope.EVERYONE, personal()),
    wire.LIST_TASKS: (list_tasks, scope.EVERYONE, personal()),
    wire.LIST_PUBLIC_LINES: (list_public_lines, scope.READERS, personal("items.teacher")),
    wire.GET_PUBLIC_LISTS: (get_public_lists, scope.READERS, personal("pages.items.teacher")),
    wire.LIST_DELEGATIONS: (list_delegations, scope.EVERYONE, personal()),
    wire.LIST_NOTICES: (list_notices, scope.READERS, personal("items.teacher", own=True)),
    wire.GET_RECORD_STATES: (get_record_states, scope.READERS, personal(own=True)),
    wire.LIST_WORKFLOWS: (list_workflows, scope.EVERYONE, PLAIN),
    wire.VERIFY_SIGNATURES: (verify_signatures, scope.VERIFIERS, PLAIN),
}
