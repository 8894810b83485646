"""What the gateway can ask about all that is held on one person: one typed line for each endpoint."""

from __future__ import annotations

from yanxiu_wire import erasure
from yanxiu_wire import personal as wire

from yanxiu_gateway.asking import Ask, Asking


class PersonBackend(Asking):
    """Requests for what each service holds on a person."""

    get_person_of_registry: Ask[wire.GetPerson, wire.PersonPart] = Ask(wire.GET_PERSON_OF_REGISTRY)
    get_person_of_credits: Ask[wire.GetPerson, wire.PersonPart] = Ask(wire.GET_PERSON_OF_CREDITS)
    get_person_of_visits: Ask[wire.GetPerson, wire.PersonPart] = Ask(wire.GET_PERSON_OF_VISITS)
    sign_person_export: Ask[wire.SignPersonExport, wire.PersonExportSigned] = Ask(wire.SIGN_PERSON_EXPORT)
    propose_erasure: Ask[erasure.ProposeErasure, erasure.Erasure] = Ask(erasure.PROPOSE_ERASURE)
    withdraw_erasure: Ask[erasure.WithdrawErasure, erasure.Erasure] = Ask(erasure.WITHDRAW_ERASURE)
    begin_erasure: Ask[erasure.BeginErasure, erasure.Erasure] = Ask(erasure.BEGIN_ERASURE)
    get_erasure_words: Ask[erasure.GetErasureWords, erasure.ErasureWords] = Ask(erasure.GET_ERASURE_WORDS)
    clear_person_of_credits: Ask[erasure.ClearPerson, erasure.PersonCleared] = Ask(erasure.CLEAR_PERSON_OF_CREDITS)
    clear_person_of_visits: Ask[erasure.ClearPerson, erasure.PersonCleared] = Ask(erasure.CLEAR_PERSON_OF_VISITS)
    count_mentions_of_registry: Ask[erasure.CountMentions, erasure.MentionsCounted] = Ask(
        erasure.COUNT_MENTIONS_OF_REGISTRY
    )
    count_mentions_of_credits: Ask[erasure.CountMentions, erasure.MentionsCounted] = Ask(
        erasure.COUNT_MENTIONS_OF_CREDITS
    )
    count_mentions_of_visits: Ask[erasure.CountMentions, erasure.MentionsCounted] = Ask(
        erasure.COUNT_MENTIONS_OF_VISITS
    )
    confirm_erasure: Ask[erasure.ConfirmErasure, erasure.Erasure] = Ask(erasure.CONFIRM_ERASURE)
    list_erasures: Ask[erasure.ListErasures, erasure.Erasures] = Ask(erasure.LIST_ERASURES)
    check_erasure_of_credits: Ask[erasure.CheckErasure, erasure.ErasureChecked] = Ask(erasure.CHECK_ERASURE_OF_CREDITS)
    check_erasure_of_visits: Ask[erasure.CheckErasure, erasure.ErasureChecked] = Ask(erasure.CHECK_ERASURE_OF_VISITS)
    sign_erasure: Ask[erasure.SignErasure, erasure.ErasureReceipt] = Ask(erasure.SIGN_ERASURE)
