"""What the service reads and writes: statements, and nothing that decides."""
