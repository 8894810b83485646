"""What is answered about erasures: endpoints, use cases and who may ask."""

from __future__ import annotations

from yanxiu_footing.audit.declared import personal
from yanxiu_footing.scope import roles
from yanxiu_wire import erasure

from yanxiu_registry.erasing.begin_erasure import begin_erasure
from yanxiu_registry.erasing.confirm_erasure import confirm_erasure
from yanxiu_registry.erasing.count_mentions import count_mentions
from yanxiu_registry.erasing.get_erasure_words import get_erasure_words
from yanxiu_registry.erasing.list_erasures import list_erasures
from yanxiu_registry.erasing.propose_erasure import propose_erasure
from yanxiu_registry.erasing.withdraw_erasure import withdraw_erasure
from yanxiu_registry.offering import Offered
from yanxiu_registry.scope import OFFICERS

OFFERED: Offered = {
    erasure.PROPOSE_ERASURE: (propose_erasure, OFFICERS),
    erasure.WITHDRAW_ERASURE: (withdraw_erasure, OFFICERS),
    erasure.BEGIN_ERASURE: (begin_erasure, OFFICERS),
    erasure.GET_ERASURE_WORDS: (get_erasure_words, OFFICERS, personal(before=True)),
    erasure.COUNT_MENTIONS_OF_REGISTRY: (count_mentions, OFFICERS, personal()),
    erasure.CONFIRM_ERASURE: (confirm_erasure, OFFICERS),
    erasure.LIST_ERASURES: (list_erasures, OFFICERS | roles("auditor"), personal("items.teacher")),
}
