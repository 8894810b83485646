"""What the area of the law answers: endpoints, use cases and who may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_wire import rules as wire

from yanxiu_credits import scope
from yanxiu_credits.rules.compare_rule_packs import compare_rule_packs
from yanxiu_credits.rules.get_clause import get_clause, get_clauses
from yanxiu_credits.rules.get_rule_packs import get_rule_packs
from yanxiu_credits.rules.list_examples import list_examples
from yanxiu_credits.rules.list_rule_packs import list_rule_packs
from yanxiu_credits.rules.try_decision import try_decision
from yanxiu_credits.rules.try_training import try_training

# The law is public to whoever is signed in.
ANYBODY = scope.EVERYONE | scope.WATCHERS
OFFERED: Table = {
    wire.LIST_RULE_PACKS: (list_rule_packs, ANYBODY, PLAIN),
    wire.GET_RULE_PACKS: (get_rule_packs, ANYBODY, PLAIN),
    wire.GET_CLAUSE: (get_clause, ANYBODY, PLAIN),
    wire.GET_CLAUSES: (get_clauses, ANYBODY, PLAIN),
    wire.LIST_EXAMPLES: (list_examples, ANYBODY, PLAIN),
    wire.COMPARE_RULE_PACKS: (compare_rule_packs, ANYBODY, PLAIN),
    wire.TRY_DECISION: (try_decision, ANYBODY, PLAIN),
    wire.TRY_TRAINING: (try_training, scope.READERS, personal(own=True)),
}
# Asked by the platform's operator too, who has no district: the answer needs none.
OF_NO_DISTRICT = frozenset(OFFERED) - {wire.TRY_TRAINING}
