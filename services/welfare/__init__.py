"""Gives members their benefits, and accounts for every fen."""
