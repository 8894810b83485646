"""The registry service: districts, schools, people, calendars."""
