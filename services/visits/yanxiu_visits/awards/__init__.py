"""Yearly awards: quotas of the law, nominations, blind reviews, ranking, publication, confirmation."""
