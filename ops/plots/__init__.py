"""Plots of the operators' pages, drawn by the worker and stored as files; the web server only hands them out."""
