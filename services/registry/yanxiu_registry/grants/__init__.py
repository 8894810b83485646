"""Grants: who holds which role in the district, given and revoked by whom, by which decision."""
