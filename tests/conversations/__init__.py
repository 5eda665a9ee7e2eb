"""Conversations as data, played against the real agent, the real actions and a real database."""
