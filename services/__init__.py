"""The services: each owns its database and is made of capabilities with the same file names."""
