"""Who may do what: policies as files that an auditor can read, and what the services make of them."""
