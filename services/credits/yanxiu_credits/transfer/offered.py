"""The endpoints of transfers: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import personal
from yanxiu_wire import transfer as wire

from yanxiu_credits import scope
from yanxiu_credits.transfer.decide_transfer_item import decide_transfer_item
from yanxiu_credits.transfer.get_transfers import get_transfers
from yanxiu_credits.transfer.list_transfers import list_transfers
from yanxiu_credits.transfer.receive_transfer import receive_transfer

OFFERED: Table = {
    wire.RECEIVE_TRANSFER: (receive_transfer, scope.OFFICERS),
    wire.DECIDE_TRANSFER_ITEM: (decide_transfer_item, scope.OFFICERS),
    wire.GET_TRANSFERS: (get_transfers, scope.READERS, personal("items.teacher", own=True)),
    wire.LIST_TRANSFERS: (list_transfers, scope.READERS, personal("items.teacher", own=True)),
}
