"""The resident identity number, by the name under which the registry's modules know it."""

from yanxiu_footing.national_id import check_character, fault, holds_id, mask, normal_form, sought, without_ids

__all__ = ["check_character", "fault", "holds_id", "mask", "normal_form", "sought", "without_ids"]
