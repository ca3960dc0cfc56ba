"""Registrations: who has a place at an activity, and who waits for one."""
