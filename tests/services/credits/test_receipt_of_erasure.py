"""The receipt of an erasure is one, whichever command asks for it first, and no client's key stands in its place."""

from __future__ import annotations

from typing import Any

from yanxiu_wire.erasure import SIGN_ERASURE, ErasureReceipt, SignErasure


async def test_a_receipt_is_the_same_under_any_key_and_no_key_takes_its_place(house: Any) -> None:
    async def signed(key: str, erasure: str) -> Any:
        of = {"erasure": erasure, "teacher": "t1", "sha256": "ab" * 32}
        return await house.call(SIGN_ERASURE, SignErasure(caller=house.officer, key=key, **of))

    taken = await signed("receipt-erasure-2", "erasure-1")
    again = await signed("any-other-key", "erasure-1")
    assert again.token == taken.token
    assert again.replayed
    assert isinstance(await signed("receipt-erasure-2", "erasure-2"), ErasureReceipt)
