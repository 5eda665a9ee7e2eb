"""Measurements anybody can repeat; nothing here is a test, because machines differ."""
