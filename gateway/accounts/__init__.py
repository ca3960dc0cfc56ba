"""Accounts and the roles granted to them by hand: proposed by one administrator, approved by another."""
