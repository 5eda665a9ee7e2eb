"""Policies with a rehearsal: what a dated rule would do to every customer before it holds."""
