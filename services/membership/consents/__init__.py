"""Consents: who agreed to what, by which text, and since when no longer."""
