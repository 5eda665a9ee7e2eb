"""Experiments on wording and flow, never on eligibility, the display of costs, or access to a person."""
