"""The lines of many teachers as a rule works with them: filtered, capped, and summed into measures."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from yanxiu_rulekit.columns.lines import Ints, LineColumns
from yanxiu_rulekit.columns.number import MICRO, Bools, Column, ColumnOverflow, Mask, Whole, top
from yanxiu_rulekit.columns.shapes import NO_AMOUNT, Shapes
from yanxiu_rulekit.facts import Teacher
from yanxiu_rulekit.law import Law
from yanxiu_rulekit.measure import Measure, Portion

# Whole numbers up to here are exact in the floating numbers in which numpy adds and multiplies fastest.
EXACT_FLOAT = 2**53

# As many decimal places as millionths have.
MICRO_PLACES = 6

# Measures under the law by which their lines are asked.
Question = tuple[Sequence[Measure], Law]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Lines one below the other: the teacher's index, the day, the shape, and each amount in millionths.

    `starts` says where each teacher's lines begin, where they stand together and in the order of their days; `most` is
    as many lines as any teacher has, or more.
    """

    teacher: Ints
    day: Ints
    shape: Ints
    amounts: Mapping[str, Ints]
    most: int
    starts: Ints | None = None

    def kept(self, which: Bools) -> Rows:
        """Return some of the rows."""
        return Rows(
            self.teacher[which],
            self.day[which],
            self.shape[which],
            {name: amount[which] for name, amount in self.amounts.items()},
            self.most,
        )

    def summed(self, amount: Ints, teachers: int) -> Ints:
        """Return an amount of these rows added up by teacher, exactly."""
        if not fits(amount, self.most):
            raise ColumnOverflow("a teacher's sum")
        if self.starts is None:
            return np.bincount(self.teacher, weights=amount, minlength=teachers)[:teachers].astype(np.int64)
        found = np.zeros(teachers, dtype=np.int64)
        begins = self.starts[:-1]
        some = begins < self.starts[1:]
        if some.any():
            found[some] = np.add.reduceat(amount, begins[some], dtype=np.int64)
        return found


class Sheet:
    """The lines of some teachers in a stretch of days.

    `irregular` marks the teachers who are judged one at a time; whoever meets a line that columns cannot hold exactly
    marks its teacher there, and a sheet made from this one shares it. `amounts` are those that its rows carry.
    """

    def __init__(
        self,
        columns: LineColumns,
        shapes: Shapes,
        irregular: Bools,
        amounts: Sequence[str],
        rows: Rows | None = None,
    ) -> None:
        self.columns = columns
        self.shapes = shapes
        self.irregular = irregular
        self.amounts = tuple(amounts)
        self._rows = rows

    @property
    def rows(self) -> Rows:
        """The lines one below the other; laid out when they are first asked for."""
        if self._rows is None:
            self._rows = _laid_out(self.columns, self.shapes, self.amounts)
            for name, known in self.shapes.amounts.items():
                if name in self.amounts and (known == NO_AMOUNT).any():
                    self.irregular[self._rows.teacher[self._rows.amounts[name] == NO_AMOUNT]] = True
        return self._rows

    def having(self, rows: Rows) -> Sheet:
        """Return a sheet of the same teachers with other rows."""
        return Sheet(self.columns, self.shapes, self.irregular, self.amounts, rows)

    @property
    def teachers(self) -> int:
        """How many teachers there are."""
        return len(self.columns.teachers)

    def needing(self, *questions: Question) -> Sheet:
        """Return the same lines with no other amounts than hours, credits and those that some measures ask for.

        What nobody adds up is neither laid out nor cut, and a line without it is like any other.
        """
        asked = {one.amount_by(law) for measures, law in questions for one in measures} | {"hours", "credits"}
        amounts = [name for name in self.amounts if name in asked]
        return Sheet(self.columns, self.shapes, self.irregular, amounts)

    def between(self, start: date, end: date) -> Sheet:
        """Return the lines of a stretch of days, both included."""
        return Sheet(self.columns.between(start, end), self.shapes, self.irregular, self.amounts)

    def nothing(self) -> Sheet:
        """Return the same teachers without any line."""
        columns = replace(self.columns, parts=())
        return Sheet(columns, self.shapes, self.irregular, self.amounts)

    def always(self, *, truth: bool) -> Mask:
        """Return one truth for every teacher."""
        return Mask(np.full(self.teachers, truth))

    def keeping(self, counts: Callable[[Any, Law], bool], law: Law) -> Sheet:
        """Return the lines for which `counts(line, law)` holds; asked once for each shape."""
        kept = self.shapes.truths((counts, law.on), lambda line: counts(line, law))
        return self if kept.all() else self.having(self.rows.kept(kept[self.rows.shape]))

    def mark(self, irregular: Callable[[Any, Law], bool], law: Law) -> None:
        """Mark the teachers who have a line for which that holds."""
        found = self.shapes.truths((irregular, law.on), lambda line: irregular(line, law))
        if found.any():
            self.irregular[self.rows.teacher[found[self.rows.shape]]] = True

    def mark_teachers(self, irregular: Callable[[Teacher], bool]) -> None:
        """Mark the teachers whose facts are such; asked once for equal facts."""
        self.irregular[self.known(irregular).values] = True

    def any_line(self) -> Mask:
        """Return which teachers have a line here."""
        counts = [np.diff(part.starts) > 0 for part in self.columns.parts]
        return Mask(np.logical_or.reduce([np.zeros(self.teachers, dtype=np.bool_), *counts]))

    def known(self, question: Callable[[Teacher], bool]) -> Mask:
        """Return for each teacher what a question about the teacher's facts answers; asked once for equal facts."""
        answers = np.array([bool(question(one)) for one in self.columns.facts], dtype=np.bool_)
        which = self.columns.fact_of
        return Mask(np.full(self.teachers, answers[0]) if which is None else answers[which])

    def measured(self, measures: Sequence[Measure], law: Law) -> dict[str, Column]:
        """Return each measure for each teacher."""
        return self.sums(((measures, law),)).figures(0)

    def sums(self, questions: Sequence[Question], group: Callable[[Any], Hashable] | None = None) -> Sums:
        """Add up what several lists of measures ask, in one pass; `group(line)` tells apart what a gate may close."""
        return Sums(self, questions, group)


def fits(amount: Ints, most: int) -> bool:
    """Return whether a sum of so many of the amounts is a whole number that a float holds exactly."""
    if amount.dtype == np.int32 and most < EXACT_FLOAT >> 31:
        return True
    return top(amount) * most < EXACT_FLOAT


def _laid_out(columns: LineColumns, shapes: Shapes, amounts: Sequence[str]) -> Rows:
    teacher: list[Ints] = []
    day: list[Ints] = []
    shape: list[Ints] = []
    found: dict[str, list[Ints]] = {name: [] for name in amounts}
    for part in columns.parts:
        teacher.append(np.repeat(np.arange(len(columns.teachers), dtype=np.int64), np.diff(part.starts)))
        day.append(part.day)
        shape.append(shapes.of_code[part.code])
        for name in amounts:
            whole = {"hours": part.micro_hours, "credits": part.micro_credits}.get(name)
            found[name].append(shapes.amounts[name][part.code] if whole is None else whole)
    amount = {name: _one(whole) for name, whole in found.items()}
    most = sum(int(np.diff(part.starts).max(initial=0)) for part in columns.parts)
    starts = columns.parts[0].starts if len(columns.parts) == 1 else None
    return Rows(_one(teacher), _one(day), _one(shape), amount, most, starts)


def _one(arrays: list[Any]) -> Any:
    if len(arrays) == 1:
        return arrays[0]
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)


class Sums:
    """Amounts added up by teacher and by what the measures make of a line, from which every figure follows."""

    def __init__(self, sheet: Sheet, questions: Sequence[Question], group: Callable[[Any], Hashable] | None) -> None:
        self._sheet = sheet
        self._questions = [(tuple(measures), law) for measures, law in questions]
        self._amounts = [[one.amount_by(law) for one in measures] for measures, law in self._questions]
        self._lists = [self._outcomes(measures, law) for measures, law in self._questions]
        shapes = sheet.shapes
        self._groups = shapes.answers(("group", group), group) if group else [None] * len(shapes)
        asked = (group, *((measures, law.on) for measures, law in self._questions))
        self._classes, of_shape = shapes.remembered(("classes", *asked), self._classified)
        self._counted: list[list[tuple[int, ...]]] = shapes.remembered(("counted", *asked), self._counting)
        self._cells = self._added(of_shape)
        self._portions = [self._portioned(place) for place in range(len(self._questions))]

    def _classified(self) -> tuple[list[Any], Ints]:
        """Return the classes of lines of which all measures and the gate make the same, and that of each shape."""
        classes: dict[Hashable, int] = {}
        of_shape = [
            classes.setdefault((group, *(tuple(map(_told, one[shape])) for one in self._lists)), len(classes))
            for shape, group in enumerate(self._groups)
        ]
        return list(classes), np.array(of_shape, dtype=np.int64)

    def _counting(self) -> list[list[tuple[int, ...]]]:
        """Return for each measure of each list the classes whose lines count whole."""
        return [
            [
                tuple(number for number, one in enumerate(self._classes) if one[1 + which][place] is True)
                for place in range(len(measures))
            ]
            for which, (measures, _law) in enumerate(self._questions)
        ]

    def _outcomes(self, measures: tuple[Measure, ...], law: Law) -> list[tuple[bool | Portion, ...]]:
        return self._sheet.shapes.answers(
            (measures, law.on), lambda line: tuple(one.counts(line, law) for one in measures)
        )

    def _added(self, of_shape: Whole) -> dict[str, Whole]:
        rows, teachers = self._sheet.rows, self._sheet.teachers
        # A class after the other, at no power of two from it: such places would push one another out of the cache.
        stride = teachers | 8
        place = (of_shape * stride)[rows.shape] if len(of_shape) else rows.teacher.copy()
        place += rows.teacher
        names = list(dict.fromkeys(one for named in self._amounts for one in named))
        cells = added_up(place, [rows.amounts[name] for name in names], len(self._classes) * stride, rows.most)
        shape = len(self._classes), stride
        return {name: own.reshape(shape)[:, :teachers] for name, own in zip(names, cells, strict=True)}

    def figures(self, which: int, keep: Mapping[Any, Mask] | None = None) -> dict[str, Column]:
        """Return the measures of one list for each teacher, in its order.

        `keep` says for each group which teachers' lines of it count, and none of a group that it does not name; without
        it all do.
        """
        measures, _law = self._questions[which]
        closed = np.zeros(self._sheet.teachers, dtype=np.bool_)
        gates = None if keep is None else [keep[one[0]].values if one[0] in keep else closed for one in self._classes]
        cells = self._cells if gates is None else self._gated(which, gates)
        made: dict[Hashable, Whole] = {}
        totals = np.zeros((len(measures), self._sheet.teachers), dtype=np.int64)
        for place, name in enumerate(self._amounts[which]):
            own = self._counted[which][place]
            if (name, own) not in made:
                made[name, own] = _total([cells[name][number] for number in own], self._sheet.teachers)
            totals[place] = made[name, own]
        for place, by_group in self._portions[which].items():
            for group, added in by_group.items():
                if keep is None:
                    totals[place] += added
                elif group in keep:
                    totals[place] += added * keep[group].values
        return {one.name: Column(totals[place], MICRO) for place, one in enumerate(measures)}

    def _gated(self, which: int, gates: list[Bools]) -> dict[str, Whole]:
        gate = np.array(gates, dtype=np.bool_).reshape(len(gates), self._sheet.teachers)
        return {name: self._cells[name] * gate for name in dict.fromkeys(self._amounts[which])}

    def _portioned(self, which: int) -> dict[int, dict[Hashable, Whole]]:
        """Add up what is divided among measures, line by line: place of the measure -> group -> sums by teacher."""
        listed, (measures, law) = self._lists[which], self._questions[which]
        found: dict[int, dict[Hashable, Whole]] = {}
        divided = self._sheet.shapes.remembered(("divided", measures, law.on), lambda: _divided(listed))
        if not divided.any():
            return found
        rows = self._sheet.rows.kept(divided[self._sheet.rows.shape])
        for place, name in enumerate(self._amounts[which]):
            said = [one[place] for one in listed]
            portions = {shape: one for shape, one in enumerate(said) if isinstance(one, Portion)}
            parts = self._parts(rows, name, portions)
            for group in dict.fromkeys(self._groups[shape] for shape in portions):
                here = np.array([one == group for one in self._groups], dtype=np.bool_)[rows.shape]
                added = np.bincount(rows.teacher[here], weights=parts[here], minlength=self._sheet.teachers)
                found.setdefault(place, {})[group] = added.astype(np.int64)
        return found

    def _parts(self, rows: Rows, name: str, portions: Mapping[int, Portion]) -> Whole:
        """Return each row's portion in millionths; a teacher with a portion that is kept finer is irregular."""
        ends = np.zeros((3, len(self._sheet.shapes)), dtype=np.int64)
        ends[2] = 1
        for shape, portion in portions.items():
            whole, before = portion.whole.as_integer_ratio(), portion.before.as_integer_ratio()
            upto = portion.upto.as_integer_ratio()
            den = whole[0] * before[1] * upto[1]
            ends[:, shape] = (
                (before[0] * whole[1] * upto[1], upto[0] * whole[1] * before[1], den)
                if portion.places >= MICRO_PLACES and den < EXACT_FLOAT
                else (0, 1, EXACT_FLOAT)
            )
        low, high, den = (one[rows.shape] for one in ends)
        amount = rows.amounts[name]
        if len(amount) and top(amount) * max(top(low), top(high)) >= 2**63:
            raise ColumnOverflow("a portion")
        low, high = amount.astype(np.int64) * low, amount.astype(np.int64) * high
        finer = max((one.places for one in portions.values()), default=0) > MICRO_PLACES
        fine = ((low % den != 0) | (high % den != 0)) & (finer | (den == EXACT_FLOAT))
        self._sheet.irregular[rows.teacher[fine]] = True
        return high // den - low // den


def added_up(place: Ints, amounts: Sequence[Ints], size: int, most: int) -> list[Whole]:
    """Add each of the amounts up by place, exactly, where at most `most` of one come to a place.

    Two that fit side by side into 64 bits are added up as one number. Raises `ColumnOverflow` beyond 53 bits each.
    """
    if not all(fits(one, most) for one in amounts):
        raise ColumnOverflow("a teacher's sum")
    found: list[Whole] = []
    for low in range(0, len(amounts), 2):
        pair = amounts[low : low + 2]
        bits = [(top(one) * most).bit_length() for one in pair]
        if len(pair) == 2 and sum(bits) < 63 and all(not len(one) or one.min() >= 0 for one in pair):
            both = _summed_at(place, (pair[0].astype(np.int64) << bits[1]) | pair[1], size)
            found += [both >> bits[1], both & ((1 << bits[1]) - 1)]
        else:
            found += [_summed_at(place, one.astype(np.int64), size) for one in pair]
    return found


def _summed_at(place: Ints, amount: Whole, size: int) -> Whole:
    found = np.zeros(size, dtype=np.int64)
    np.add.at(found, place, amount)
    return found


def _total(rows: list[Whole], teachers: int) -> Whole:
    whole = np.zeros(teachers, dtype=np.int64)
    for row in rows:
        whole += row
    return whole


def _divided(listed: Sequence[tuple[bool | Portion, ...]]) -> Bools:
    return np.array([any(isinstance(one, Portion) for one in outcome) for outcome in listed], dtype=np.bool_)


def _told(outcome: bool | Portion) -> Any:
    return "divided" if isinstance(outcome, Portion) else bool(outcome)
