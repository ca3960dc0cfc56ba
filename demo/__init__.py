"""The year of a fictitious federation: a generator that gives the same facts each time, and its loader over HTTP."""
