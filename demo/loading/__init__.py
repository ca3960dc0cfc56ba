"""Tells the platform the year over its public HTTP API only, day by day, as those who work there would."""
