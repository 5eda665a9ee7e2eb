"""Advice in due time: the next block before it happens."""
