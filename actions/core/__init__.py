"""Pure domain code: no Rasa, no SQL, no clock, no files."""
