"""Keeps duties apart: who took which step of a record is remembered, and may bar them from another."""
