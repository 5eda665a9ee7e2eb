"""Incidents from the draft to the review."""
