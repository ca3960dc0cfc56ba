"""Signing in and out: a short access token, and a refresh token that works once."""
