"""Experiments that run: which arm a customer is told, and that they met it."""
