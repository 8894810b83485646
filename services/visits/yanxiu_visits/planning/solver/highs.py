"""Run HiGHS on a model: one thread, a fixed seed, progress and best so far while it runs, a limit of time, a cancel."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Literal, NamedTuple

import highspy
import numpy as np

from yanxiu_visits.planning.solver.model import Model

SEED = 20_240_407
# The objective is whole: whoever is less than one below the best is not better. HiGHS counts in floats, to 1e-6.
LESS_THAN_ONE = 0.999
TOLERANCE = 1e-6
HALF = 0.5
OPTIONS = {"output_flag": False, "threads": 1, "random_seed": SEED, "mip_rel_gap": 0.0, "mip_abs_gap": LESS_THAN_ONE}

Watch = Callable[[int | None, int | None, frozenset[Hashable] | None], None]


class Solved(NamedTuple):
    """What the solver says: the state, which yes-or-no columns are 1, and a whole number that no solution is below."""

    state: Literal["solved", "infeasible", "stopped"]
    chosen: frozenset[Hashable] | None
    counts: Mapping[Hashable, int]
    bound: int | None


class Clock:
    """The time that is left for one answer, and whether somebody wants no answer any more."""

    def __init__(self, seconds: float, cancelled: Callable[[], bool] = lambda: False) -> None:
        self._started = time.monotonic()
        self._seconds = seconds
        self._cancelled = cancelled

    @property
    def left(self) -> float:
        """Seconds left; 0 when over or cancelled."""
        return 0.0 if self._cancelled() else max(0.0, self._seconds - (time.monotonic() - self._started))

    @property
    def spent_ms(self) -> int:
        """Milliseconds since the start."""
        return round((time.monotonic() - self._started) * 1000)

    def share(self, part: float) -> Clock:
        """Return a clock over a part of what is left, with the same cancel."""
        return Clock(self.left * part, self._cancelled)


def solve(
    model: Model,
    clock: Clock,
    *,
    start: frozenset[Hashable] | None = None,
    watch: Watch | None = None,
) -> Solved:
    """Solve; `start` names the yes columns of a first solution. `watch` hears best, bound and what was just found."""
    if clock.left <= 0:
        return Solved("stopped", None, {}, None)
    if _plainly_impossible(model):
        return Solved("infeasible", None, {}, None)
    if not model.index:
        return Solved("solved", frozenset(), {}, model.offset)
    keys = list(model.index)
    highs = _loaded(model)
    if start is not None:
        _begin_with(highs, model, start)
    highs.setOptionValue("time_limit", clock.left)
    _listen(highs, model, keys, clock, watch)
    highs.run()
    return _read(highs, model, keys)


def _plainly_impossible(model: Model) -> bool:
    """Return whether a row without columns wants something: the solver need not be asked."""
    empty = (at for at in range(len(model.low)) if model.start[at] == model.start[at + 1])
    return any(model.low[at] > 0 or model.high[at] < 0 for at in empty)


def _loaded(model: Model) -> highspy.Highs:
    arrays = model.arrays()
    lp = highspy.HighsLp()
    lp.num_col_ = len(model.cost)
    lp.num_row_ = len(model.low)
    lp.col_cost_ = arrays["cost"]
    lp.col_lower_ = np.zeros(len(model.cost))
    lp.col_upper_ = arrays["upper"]
    lp.row_lower_ = arrays["low"]
    lp.row_upper_ = arrays["high"]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = arrays["start"]
    lp.a_matrix_.index_ = arrays["at"]
    lp.a_matrix_.value_ = arrays["value"]
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in model.whole]
    highs = highspy.Highs()
    for name, value in OPTIONS.items():
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    return highs


def _begin_with(highs: highspy.Highs, model: Model, start: frozenset[Hashable]) -> None:
    """Give the yes-or-no columns of a first solution; the solver works out the rest."""
    given = [(at, 1.0 if key in start else 0.0) for key, at in model.index.items() if model.whole[at]]
    highs.setSolution(
        len(given),
        np.array([at for at, _ in given], dtype=np.int32),
        np.array([value for _, value in given], dtype=np.float64),
    )


def _listen(highs: highspy.Highs, model: Model, keys: list[Hashable], clock: Clock, watch: Watch | None) -> None:
    last: list[tuple[int | None, int | None]] = [(None, None)]

    def stop_or_tell(event: Any) -> None:
        if clock.left <= 0:
            event.interrupt()
        state = (_whole(event.data_out.mip_primal_bound, model), _bound(event.data_out.mip_dual_bound, model))
        if watch is not None and state != last[0]:
            last[0] = state
            watch(*state, None)

    def stop(event: Any) -> None:
        if clock.left <= 0:
            event.interrupt()

    def better(event: Any) -> None:
        out = event.data_out
        if watch is not None:
            watch(
                _whole(out.mip_primal_bound, model),
                _bound(out.mip_dual_bound, model),
                _chosen(np.array(out.mip_solution), model, keys),
            )

    highs.cbMipInterrupt += stop_or_tell
    highs.cbSimplexInterrupt += stop
    highs.cbMipImprovingSolution += better


def _read(highs: highspy.Highs, model: Model, keys: list[Hashable]) -> Solved:
    status = highs.getModelStatus()
    info = highs.getInfo()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Solved("infeasible", None, {}, None)
    has_one = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(highs.getSolution().col_value) if has_one else None
    done = status == highspy.HighsModelStatus.kOptimal
    if values is None:
        return Solved("stopped", None, {}, _bound(info.mip_dual_bound, model))
    counts = {key: round(float(values[at])) for at, key in enumerate(keys) if model.whole[at] and values[at] > HALF}
    # A model of continuous columns alone has no dual bound of a search; its optimum is its bound.
    found = info.mip_dual_bound if any(model.whole) else info.objective_function_value
    return Solved("solved" if done else "stopped", frozenset(counts), counts, _bound(found, model))


def _chosen(values: np.ndarray, model: Model, keys: list[Hashable]) -> frozenset[Hashable]:
    return frozenset(key for at, key in enumerate(keys) if model.whole[at] and values[at] > HALF)


def _bound(found: float, model: Model) -> int | None:
    """Return the whole number that no solution is below: what the solver counts, and the model's constant, up."""
    return None if not math.isfinite(found) else math.ceil(found - TOLERANCE * max(1.0, abs(found))) + model.offset


def _whole(found: float, model: Model) -> int | None:
    return None if not math.isfinite(found) else round(found) + model.offset
