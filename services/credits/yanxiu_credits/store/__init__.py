"""Reading and writing the service's tables; every function works on a connection that it is given."""
