"""The GraphQL gateway."""
