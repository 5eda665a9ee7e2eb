"""Measures what is trained: candidates side by side, thresholds, robustness, entities."""
