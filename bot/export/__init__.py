"""From life to test: a stored conversation, with the world it happened in, as a conversation test."""
