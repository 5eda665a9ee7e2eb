"""Handing a case to a person: what is handed over, and where it is stored."""
