"""Turns what happened into figures and sentences that prove themselves."""
