"""Studios of famous teachers (名师工作室), and the schools at which they are stationed."""
