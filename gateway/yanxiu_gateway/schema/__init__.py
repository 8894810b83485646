"""The GraphQL schema: one file for each noun, one for each verb."""
