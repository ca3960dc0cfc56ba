"""Activities: from a draft to a closed list of who came, which is what reports count."""
