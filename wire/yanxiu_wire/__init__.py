"""What travels between the gateway and the services: messages, endpoints, events and the way they are called."""
