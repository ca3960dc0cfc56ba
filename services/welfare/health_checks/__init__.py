"""Health checks: days at a provider, who has a place and who came; never a medical result (PIPL art 28)."""
