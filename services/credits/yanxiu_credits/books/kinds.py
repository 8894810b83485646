"""The kinds of ledger entry, and which of them make which sum."""

from __future__ import annotations

from typing import Literal

Why = Literal["correction", "fraud", "objection", "law", "return"]

# A record's hours and credits enter: what registering a training writes.
REGISTRATION = "registration"
REGISTRATION_REVERSAL = "registration-reversal"
# The official recognition (认定) of one teacher's period: what is recognised of it.
RECOGNITION = "recognition"
RECOGNITION_REVERSAL = "recognition-reversal"

REVERSAL_OF = {REGISTRATION: REGISTRATION_REVERSAL, RECOGNITION: RECOGNITION_REVERSAL}
REGISTERED = (REGISTRATION, REGISTRATION_REVERSAL)
RECOGNISED = (RECOGNITION, RECOGNITION_REVERSAL)

# The kind of a record that another district's transcript brought: decided there by the law's word on transfers, or by
# an official, and never judged as a training of this district.
TRANSFERRED = "transferred-record"
