"""Posts in unions: who holds which one, from its resolution to its end."""
