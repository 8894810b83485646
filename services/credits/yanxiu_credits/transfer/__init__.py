"""Transfers: a teacher's transcript from another district, judged record by record under this district's law."""
