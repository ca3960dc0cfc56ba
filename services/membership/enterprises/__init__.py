"""Enterprises in the areas of federations: their names in public registers, and how many work there."""
