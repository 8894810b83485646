"""A service made of its means, in the main process and in a district's cell alike."""

from __future__ import annotations

from datetime import timedelta

from yanxiu_durable.databases import Databases
from yanxiu_footing.arrivals import Arrivals
from yanxiu_footing.audit.trail import Trail
from yanxiu_footing.clock import Clock
from yanxiu_wire.rpc import Bus

from yanxiu_credits.attendance.check_in_tokens import CheckInTokens, open_key
from yanxiu_credits.books.keys import Signer
from yanxiu_credits.laws import Laws
from yanxiu_credits.service import Entered, Service
from yanxiu_credits.settings import Settings
from yanxiu_credits.transfer.trusted_keys import Trusted, trusted_keys


def open_keys(settings: Settings) -> tuple[CheckInTokens, Signer, Trusted]:
    """Open the keys that the settings name; raises what the process cannot start with."""
    tokens = CheckInTokens(
        open_key(settings.keys),
        life=timedelta(seconds=settings.check_in_seconds),
        tolerance=timedelta(seconds=settings.clock_tolerance_seconds),
    )
    signer = Signer.open(settings.keys)
    return tokens, signer, trusted_keys(signer.keys, settings.trusted_ledgers)


def service_of(
    settings: Settings,
    keys: tuple[CheckInTokens, Signer, Trusted],
    bus: Bus,
    databases: Databases,
    laws: Laws,
    *,
    clock: Clock | None = None,
    arrivals: Arrivals | None = None,
    entered: Entered | None = None,
) -> Service:
    """Return the service of these means."""
    tokens, signer, trusted = keys
    clock = clock or Clock()
    return Service(
        bus=bus,
        databases=databases,
        laws=laws,
        clock=clock,
        trail=Trail(databases, clock.now),
        arrivals=arrivals or Arrivals(),
        tokens=tokens,
        signer=signer,
        trusted=trusted,
        transcript_life=timedelta(days=settings.transcript_days),
        sealed=settings.data / "sealed",
        entered=entered or Entered(),
    )
