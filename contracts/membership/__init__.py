"""What membership may be asked and what it tells: who belongs to which union, and how unions stand to each other."""
