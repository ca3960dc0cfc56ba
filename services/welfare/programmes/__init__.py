"""Welfare programmes: what is given from which budget, who decided it and who looked at the account."""
