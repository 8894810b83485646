"""What researchers record of their work, on the forms of the district: the record is what its notes make of it."""
