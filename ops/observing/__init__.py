"""What the worker does with observations: it counts them, ends episodes that were left, forgets what is old, and makes all of it anew."""
