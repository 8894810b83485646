"""Whether a person may be erased, and that who was erased stays nobody. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from yanxiu_footing.assess_statement import tells
from yanxiu_wire.caller import Caller
from yanxiu_wire.erasure import Erasure, ProposeErasure
from yanxiu_wire.grants import Grant
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.erasing import refusals
from yanxiu_registry.refusals import out_of_order
from yanxiu_registry.register import TeacherFile


def erased_number(teacher_id: str) -> str:
    """The staff number of one who was erased: the table wants one that no other has."""
    return f"erased-{teacher_id}"


def erased_faults(file: TeacherFile) -> list[RefusalItem]:
    """Why a file takes no change any more: its person was erased, and would be known again by what is entered."""
    return [refusals.teacher_erased(file.id)] if file.staff_number == erased_number(file.id) else []


def obstacles(
    file: TeacherFile, offices: Collection[tuple[str, str]], today: date, grants: Iterable[Grant] = ()
) -> list[RefusalItem]:
    """Return why this teacher is not erased today; `offices` he holds, in Chinese and English, `grants` name him."""
    at_work = [one for one in file.employments if one.until is None or one.until >= today]
    found = [refusals.employed_still(at_work[-1].until)] if at_work else []
    found += [refusals.serves_still(zh, en) for zh, en in offices]
    running = [one for one in grants if one.revoked is None and (one.until is None or one.until >= today)]
    return found + [refusals.holds_grant(one.id) for one in running]


def stream_keeps_names(nameless_since: datetime | None, stream_created: str | None) -> list[RefusalItem]:
    """Return whether the stream may have his name: announced by an older version, and not made anew since.

    `stream_created` is when the stream was made in which the announcements were last found, as the server says it.
    """
    if nameless_since is None:
        return []
    if stream_created is not None and datetime.fromisoformat(stream_created) > nameless_since:
        return []
    return [refusals.stream_has_names(nameless_since)]


def unfit_texts(command: ProposeErasure, file: TeacherFile) -> list[RefusalItem]:
    """Return which of the texts, that stand in the receipt for ever, tell a name that he has or had, or his number."""
    names = {span.value.name for span in file.facts}
    texts = {"reason": command.reason, "document": command.document}
    return [refusals.names_person(field) for field, text in texts.items() if tells(text, names, [file.staff_number])]


def unfit_withdrawal(one: Erasure, reason: str, file: TeacherFile | None) -> list[RefusalItem]:
    """Return why a proposal is not withdrawn, or not for this reason."""
    if one.confirmed_at is not None:
        return [refusals.erasure_exists(one.id)]
    if one.begun_at is not None:
        return [refusals.begun(one.id)]
    names = {span.value.name for span in file.facts} if file is not None else set[str]()
    numbers = [file.staff_number] if file is not None else []
    return [refusals.names_person("reason")] if tells(reason, names, numbers) else []


def kept_too_short(retained_until: date, file: TeacherFile) -> list[RefusalItem]:
    """Return whether his data were to be kept for a shorter time than he worked."""
    ends = [one.until for one in file.employments if one.until is not None]
    if not ends or retained_until >= max(ends):
        return []
    return [out_of_order("retained_until", retained_until, max(ends), "其在本区任职的最后一天", "the last day of work")]


def unfit_proposal(
    caller: Caller, teacher: str, retained_until: date, today: date, own: Collection[str] = ()
) -> list[RefusalItem]:
    """Return what is wrong with who proposes, and with the day until which the data are kept.

    `own` are the subjects that a grant ever named the teacher for: an officer's token does not say which teacher he is.
    """
    found = [refusals.himself()] if caller.teacher == teacher or caller.subject in own else []
    return found + ([refusals.retention_runs(retained_until)] if retained_until >= today else [])


def unfit_confirmation(
    caller: Caller, teacher: str, proposed_by: str, own: Collection[str] = (), same: Collection[str] = ()
) -> list[RefusalItem]:
    """Return what is wrong with who confirms; `own` as above, `same` are other subjects of the one who proposed."""
    found = [refusals.himself()] if caller.teacher == teacher or caller.subject in own else []
    return found + ([refusals.same_person()] if caller.subject in {proposed_by, *same} else [])
