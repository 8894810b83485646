"""Batched reads of processes, tasks, delegations, public lists and notices, for one caller in one request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from strawberry.dataloader import DataLoader
from yanxiu_wire import jobs as wire_jobs
from yanxiu_wire import process as wire_process
from yanxiu_wire import workflow as wire_workflow
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused

from yanxiu_gateway.backend import Backend
from yanxiu_gateway.errors import granted

PROCESS_BATCH = 50
STATES_BATCH = 500
LINES_BATCH = 2_000


class WorkflowReads:
    """What the fields about workflows ask of the credits service; `count` bounds the rows of a request."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline, count: Callable[[int], None]) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline
        self._count = count
        self._processes: DataLoader[str, wire_process.Process | None] = DataLoader(
            load_fn=self._ask_processes, max_batch_size=PROCESS_BATCH
        )
        self._jobs: DataLoader[str, wire_jobs.Job | None] = DataLoader(
            load_fn=self._ask_jobs, max_batch_size=STATES_BATCH
        )
        self._lists: dict[Page, DataLoader[str, wire_workflow.PublicLinePage | Refused]] = {}
        self._states: DataLoader[str, str | None] = DataLoader(load_fn=self._ask_states, max_batch_size=STATES_BATCH)

    async def process(self, process: str) -> wire_process.Process | None:
        """A process in full."""
        return await self._processes.load(process)

    async def job(self, job: str) -> wire_jobs.Job | None:
        """A job over a district, None where it does not exist for this caller."""
        return await self._jobs.load(job)

    async def record_state(self, record: str) -> str | None:
        """Where a record stands between registration and recognition."""
        return await self._states.load(record)

    async def processes(self, page: Page, filters: dict[str, Any]) -> wire_workflow.ProcessPage:
        """A page of processes."""
        self._count(page.first)
        query = wire_workflow.ListProcesses(caller=self._caller, page=page, **filters)
        return granted(await self._backend.list_processes(query, deadline=self._deadline))

    async def tasks(self, page: Page) -> wire_workflow.Tasks:
        """A page of what the caller can do now."""
        self._count(page.first)
        query = wire_workflow.ListTasks(caller=self._caller, first=page.first, after=page.after)
        return granted(await self._backend.list_tasks(query, deadline=self._deadline))

    async def public_lines(self, process: str, page: Page) -> wire_workflow.PublicLinePage:
        """A page of a process's newest public list."""
        self._count(page.first)

        async def ask(processes: list[str]) -> Sequence[wire_workflow.PublicLinePage | Refused]:
            query = wire_workflow.GetPublicLists(caller=self._caller, processes=tuple(processes), page=page)
            return granted(await self._backend.get_public_lists(query, deadline=self._deadline)).pages

        size = max(1, LINES_BATCH // page.first)
        lists = self._lists.setdefault(page, DataLoader(load_fn=ask, max_batch_size=size))
        return granted(await lists.load(process))

    async def delegations(self, *, of_district: bool) -> tuple[wire_process.Delegation, ...]:
        """The caller's delegations, or the district's."""
        query = wire_workflow.ListDelegations(caller=self._caller, all=of_district)
        return granted(await self._backend.list_delegations(query, deadline=self._deadline)).items

    async def notices(self, teacher: str, page: Page) -> wire_workflow.NoticePage:
        """A page of what a teacher was told."""
        self._count(page.first)
        query = wire_workflow.ListNotices(caller=self._caller, teacher=teacher, page=page)
        return granted(await self._backend.list_notices(query, deadline=self._deadline))

    async def workflows(self, on: Any) -> tuple[wire_process.WorkflowView, ...]:
        """The workflows of the law of a day."""
        query = wire_workflow.ListWorkflows(caller=self._caller, on=on)
        return granted(await self._backend.list_workflows(query, deadline=self._deadline)).items

    async def verification(self) -> wire_workflow.SignaturesVerified:
        """Whether every signature fits."""
        query = wire_workflow.VerifySignatures(caller=self._caller)
        return granted(await self._backend.verify_signatures(query, deadline=self._deadline))

    async def _ask_processes(self, ids: list[str]) -> Any:
        query = wire_workflow.GetProcesses(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_processes(query, deadline=self._deadline)).items

    async def _ask_jobs(self, ids: list[str]) -> Sequence[wire_jobs.Job | None]:
        query = wire_jobs.GetJobs(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_jobs(query, deadline=self._deadline)).items

    async def _ask_states(self, ids: list[str]) -> Any:
        query = wire_workflow.GetRecordStates(caller=self._caller, ids=tuple(ids))
        return granted(await self._backend.get_record_states(query, deadline=self._deadline)).items
