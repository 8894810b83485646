"""What makes a service's data durable: a database per district, migrations, the idempotency inbox and the outbox."""
