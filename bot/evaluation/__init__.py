"""How well texts are understood, measured on labelled files."""
