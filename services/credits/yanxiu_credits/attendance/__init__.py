"""Attendance: sessions announced ahead, check-in by token, what the school settles, and the records made of it."""
