"""The code lists that several services must spell alike, each under the standard that defines it."""
