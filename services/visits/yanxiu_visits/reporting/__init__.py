"""A researcher's term as it was recorded: figures with the records they count, drafts of them, what is missing."""
