"""Batches and grants: frozen lists of people, each of whom gets one benefit once and acknowledges it."""
