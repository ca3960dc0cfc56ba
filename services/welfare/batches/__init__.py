"""Batches: lists of who is to get a benefit, frozen, approved by another person and given out."""
