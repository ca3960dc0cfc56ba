"""Grants: what each person on a list gets once, and what becomes of it after it is given out."""
