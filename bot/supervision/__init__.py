"""Keeping what ``baitiao up`` started alive: nothing here imports more than Python's own library, so that it costs next to no memory."""
