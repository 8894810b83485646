"""How hypothesis plays: the same examples in every run, and no shortening where each example is commands to a service.

`pytest --hypothesis-profile explore` draws other examples each time: for a search by hand, not for a gate.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

_BUSY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

settings.register_profile("explore", deadline=None, suppress_health_check=_BUSY)
settings.register_profile("steady", settings.get_profile("explore"), derandomize=True)
settings.load_profile("steady")


def with_service(examples: int) -> settings:
    """Settings for that many examples (25 at most) on a running service; what failed is told as it was drawn.

    To shorten a failing sequence of commands takes minutes: the test's time limit ended it in the middle of a command,
    and what was told then was not what had gone wrong.
    """
    return settings(
        max_examples=examples,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=[*_BUSY, HealthCheck.function_scoped_fixture],
    )
