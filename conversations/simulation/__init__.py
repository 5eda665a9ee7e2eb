"""Simulated customers: seeded personas in generated worlds, whose every turn must keep what the assistant promises."""
