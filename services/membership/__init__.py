"""Knows who belongs to which union and how unions stand to each other."""
