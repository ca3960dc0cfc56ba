"""Recommendations of workers to Party organisations, and how many development targets these had."""
