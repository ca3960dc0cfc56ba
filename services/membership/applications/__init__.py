"""Applications to join a union: who brought them in, and what the union decided."""
