"""Imports: files of the real-name register, checked row by row and stored as a job."""
