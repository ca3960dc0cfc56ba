"""Transfers from union to union: the old one records, the new one answers, and without an answer nothing moves."""
