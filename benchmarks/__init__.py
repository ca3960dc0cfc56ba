"""Measured claims, each beside the peer it is measured against."""
