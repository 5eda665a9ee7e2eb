"""A small healthy world, and the patches that put each cause into it."""
