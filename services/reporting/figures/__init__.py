"""Figures of the year: each is counted from facts when it is asked for, and opens into the list behind it."""
