"""What a service holds on one person: declared table by table, told to whoever may have it."""
