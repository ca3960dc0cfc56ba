"""What happens in the year: generated from a seed, the same bytes for the same seed, every name fictitious."""
