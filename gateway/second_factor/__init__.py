"""The second factor of an account: enrolled and renewed by its owner, taken off by two administrators."""
