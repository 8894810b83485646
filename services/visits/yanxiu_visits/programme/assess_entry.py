"""Whether an entry can be kept by itself, and which of the law's kinds it is of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from yanxiu_rulekit.visits import Achievement
from yanxiu_wire.programme import Achieved, BaseSchoolBatch, ContestHeld, EntryContent, ProgrammeEntry
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals as general
from yanxiu_visits.programme import refusals
from yanxiu_visits.visiting.assess_note import assess_text

MOST_EVIDENCE, MOST_TITLE, MOST_AWARD, MOST_ENTRANTS = 2000, 200, 100, 500


def assess_entry(content: EntryContent, evidence: str, reason: str | None = None) -> Refused | None:
    """Return why an entry's texts and list cannot be kept; a `reason` is one where an entry is corrected."""
    texts = [assess_text("evidence", evidence, most=MOST_EVIDENCE)]
    if reason is not None:
        texts.append(assess_text("reason", reason, most=MOST_EVIDENCE))
    if isinstance(content, Achieved):
        texts.append(assess_text("content.title", content.title, most=MOST_TITLE))
        texts.append(assess_text("content.subject", content.subject or "", most=MOST_TITLE, empty=True))
        return next((one for one in texts if one), None)
    texts.append(assess_text("content.name", content.name, most=MOST_TITLE))
    return next((one for one in texts if one), None) or _entrants(content)


def _entrants(contest: ContestHeld) -> Refused | None:
    people = [one.teacher for one in contest.entrants]
    if not 1 <= len(people) <= MOST_ENTRANTS:
        return general.out_of_bounds("content.entrants", len(people), 1, MOST_ENTRANTS)
    for at, one in enumerate(contest.entrants):
        field = f"content.entrants[{at}]"
        if one.teacher in people[:at]:
            return refusals.entrants_malformed(
                f"{field}.teacher", one.teacher, "同一教师列出两次。", "A teacher stands twice in the list."
            )
        if one.born_on is None or one.born_on >= contest.held_on:
            return refusals.entrants_malformed(
                f"{field}.born_on", one.born_on, "须填写出生日期，且早于评比之日。", "Give a day of birth before it."
            )
        if one.award and not one.took_part:
            return refusals.entrants_malformed(
                f"{field}.award", one.award, "未参评的没有获奖。", "Who did not take part won nothing."
            )
        long = assess_text(f"{field}.award", one.award, most=MOST_AWARD, empty=True)
        if long is not None:
            return long
    return None


def assess_days(content: EntryContent, batch: BaseSchoolBatch, today: date) -> Refused | None:
    """Return why its day cannot be: to come, after the batch, or of a contest before it.

    What a school has may be older than its batch: a target asks whether it has it.
    """
    contest = isinstance(content, ContestHeld)
    field = "content.held_on" if contest else "content.reached_on"
    on = content.held_on if isinstance(content, ContestHeld) else content.reached_on
    if on > today:
        return general.day_in_future(on, today, field=field)
    if on > batch.ends_on or (contest and on < batch.starts_on):
        return refusals.outside_batch(field, on, batch.starts_on, batch.ends_on)
    return None


def assess_kind(content: Achieved, known: Sequence[Achievement]) -> Refused | None:
    """Return why the law does not count it: of no kind that it names, of a level too low, or not said whose it is."""
    kinds = {one.kind.replace("_", "-"): one for one in known}
    kind = kinds.get(content.kind)
    if kind is None:
        return general.not_one_of("content.kind", content.kind, list(kinds))
    if kind.levels and content.level not in kind.levels:
        return refusals.level_not_counted(content.level, kind.levels, kind.clauses)
    for part in ("subject", "teacher"):
        said = getattr(content, part)
        if kind.of == part and not (said or "").strip():
            return general.text_malformed(f"content.{part}", said, MOST_TITLE)
        if kind.of != part and said is not None:
            return general.not_one_of(f"content.{part}", said, ())
    return None


def same_as(content: EntryContent, entries: Iterable[ProgrammeEntry]) -> ProgrammeEntry | None:
    """Return the entry that says the same of the school: its contest of that day, or that very achievement."""
    for one in entries:
        other = one.content
        if isinstance(content, ContestHeld) and isinstance(other, ContestHeld):
            if (content.name.strip(), content.held_on) == (other.name.strip(), other.held_on):
                return one
        elif isinstance(content, Achieved) and isinstance(other, Achieved) and _name(content) == _name(other):
            return one
    return None


def _name(content: Achieved) -> tuple[str | None, ...]:
    return content.kind, content.title.strip(), content.level, content.subject, content.teacher
