"""Erasing a person: proposed with a document, confirmed by a second person, done in one transaction."""
