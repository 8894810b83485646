"""A whole deployment on one machine: its folder, its nats-server, its processes and who watches them."""
