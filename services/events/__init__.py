"""Runs activities: from a draft to the list of those who came."""
