"""Small problems, drawn: possible and impossible ones, small enough to look at every plan."""

from __future__ import annotations

from hypothesis import strategies as st
from yanxiu_visits.planning.solver.problem import Pairing, Person, Problem, School, Weights

from tests.services.visits.planning.laws import by_batch, by_terms

SUBJECTS = ("chinese", "maths")
TAUGHT = {"primary": {"primary"}, "junior": {"junior"}, "nine-year": {"primary", "junior"}}
FITS = st.sampled_from(("off", "weighted", "hard"))
WEIGHTS = st.builds(Weights, **{name: st.integers(0, 9) for name in Weights.__struct_fields__})


@st.composite
def term_problems(draw: st.DrawFn) -> Problem:
    terms = ("t1", "t2", "t3")[: draw(st.integers(2, 3))]
    schools = tuple(_school(draw, f"s{at}", terms) for at in range(draw(st.integers(2, 4))))
    people = tuple(_person(draw, f"p{at}", terms, schools) for at in range(draw(st.integers(1, 2))))
    return Problem(
        placing=by_terms(window=len(terms), no_return=draw(st.integers(0, 3)) == 0),
        terms=terms,
        people=people,
        schools=schools,
        travel=_travel(draw, people, schools),
        weights=draw(WEIGHTS),
        subject_fit=draw(FITS),
        stage_fit=draw(FITS),
        far_from=draw(st.sampled_from((None, 5))),
        allowance=draw(st.sampled_from((None, 8))),
        most_a_term=draw(st.sampled_from((None, None, 1))),
        fixed=_pairings(draw, people, schools, terms, 1),
        forbidden=_pairings(draw, people, schools, terms, 2),
    )


@st.composite
def batch_problems(draw: st.DrawFn) -> Problem:
    schools = tuple(_school(draw, f"s{at}", ()) for at in range(draw(st.integers(2, 3))))
    leads = [_person(draw, f"p{at}", (), schools) for at in range(draw(st.integers(1, 3)))]
    helpers = [
        Person(
            id=f"h{at}", kind="area_staff", most=draw(st.sampled_from((None, 1, 2))), conflicts=_some(draw, schools, 5)
        )
        for at in range(draw(st.integers(1, 2)))
    ]
    people = (*leads, *helpers)
    return Problem(
        placing=by_batch(helpers=draw(st.integers(0, 2)), repeats=draw(st.booleans())),
        terms=("batch",),
        people=people,
        schools=schools,
        travel=_travel(draw, people, schools),
        weights=draw(WEIGHTS),
        subject_fit=draw(FITS),
        stage_fit=draw(FITS),
        far_from=draw(st.sampled_from((None, 5))),
        base_schools=draw(st.sampled_from((None, 2))),
        everyone=draw(st.booleans()),
        fixed=_pairings(draw, leads, schools, ("batch",), 1),
        forbidden=_pairings(draw, people, schools, ("batch",), 1),
    )


def _school(draw: st.DrawFn, name: str, terms: tuple[str, ...]) -> School:
    stage = draw(st.sampled_from(tuple(TAUGHT)))
    return School(
        id=name,
        stage=stage,
        teaches=frozenset(TAUGHT[stage]),
        location=draw(st.sampled_from(("town", "rural"))),
        weak=draw(st.booleans()),
        needs=draw(st.sampled_from((frozenset(), frozenset(), *(frozenset({one}) for one in SUBJECTS)))),
        closed=frozenset({terms[0]}) if terms and draw(st.integers(0, 5)) == 0 else frozenset(),
    )


def _person(draw: st.DrawFn, name: str, terms: tuple[str, ...], schools: tuple[School, ...]) -> Person:
    return Person(
        id=name,
        subjects=frozenset({draw(st.sampled_from(SUBJECTS))}),
        stages=draw(st.sampled_from((frozenset(), frozenset({"primary"}), frozenset({"junior"})))),
        absent=frozenset({draw(st.sampled_from(terms))}) if terms and draw(st.integers(0, 4)) == 0 else frozenset(),
        conflicts=_some(draw, schools, 4),
        most=None if terms else draw(st.sampled_from((None, 1, 2))),
    )


def _some(draw: st.DrawFn, schools: tuple[School, ...], one_in: int) -> frozenset[str]:
    return frozenset(one.id for one in schools if draw(st.integers(1, one_in)) == 1)


def _travel(draw: st.DrawFn, people: tuple[Person, ...], schools: tuple[School, ...]) -> dict[str, dict[str, int]]:
    return {person.id: {school.id: draw(st.integers(0, 9)) for school in schools} for person in people}


def _pairings(
    draw: st.DrawFn,
    people: tuple[Person, ...] | list[Person],
    schools: tuple[School, ...],
    terms: tuple[str, ...],
    most: int,
) -> tuple[Pairing, ...]:
    pairings = st.builds(
        Pairing,
        person=st.sampled_from([one.id for one in people]),
        school=st.sampled_from([one.id for one in schools]),
        term=st.sampled_from((None, *terms)),
    )
    return tuple(draw(st.lists(pairings, max_size=most, unique_by=lambda one: (one.person, one.school))))
