"""Rasa graph components; ``bot/config.yml`` names them in the order in which they run."""
