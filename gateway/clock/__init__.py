"""Moves the business clock of every service; refused in production."""
