"""Who may do what on NATS, and what proves who one is."""
