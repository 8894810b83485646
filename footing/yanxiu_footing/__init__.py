"""What the services that judge by a district's law stand on: clock, the law of a day, the copy of the registry."""
