"""What the gateway can ask about dead letters: one typed line for each endpoint."""

from __future__ import annotations

from yanxiu_wire import dead_letters as wire

from yanxiu_gateway.asking import Ask, Asking


class LettersBackend(Asking):
    """Requests of the platform's operator about announcements that could not be applied."""

    list_dead_letters_of_credits: Ask[wire.ListDeadLetters, wire.DeadLetterPage] = Ask(
        wire.LIST_DEAD_LETTERS_OF_CREDITS
    )
    list_dead_letters_of_visits: Ask[wire.ListDeadLetters, wire.DeadLetterPage] = Ask(wire.LIST_DEAD_LETTERS_OF_VISITS)
    replay_dead_letters_of_credits: Ask[wire.ReplayDeadLetters, wire.DeadLettersSettled] = Ask(
        wire.REPLAY_DEAD_LETTERS_OF_CREDITS
    )
    replay_dead_letters_of_visits: Ask[wire.ReplayDeadLetters, wire.DeadLettersSettled] = Ask(
        wire.REPLAY_DEAD_LETTERS_OF_VISITS
    )
    drop_dead_letters_of_credits: Ask[wire.DropDeadLetters, wire.DeadLettersSettled] = Ask(
        wire.DROP_DEAD_LETTERS_OF_CREDITS
    )
    drop_dead_letters_of_visits: Ask[wire.DropDeadLetters, wire.DeadLettersSettled] = Ask(
        wire.DROP_DEAD_LETTERS_OF_VISITS
    )
