"""The credits service: projects, records, the ledger and standings."""
