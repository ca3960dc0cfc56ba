"""Tiers of contests: a federation's own words for its kinds of contest, and the days on which each is in use."""
