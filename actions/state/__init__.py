"""The database: conversations, handoffs and what else is remembered; the world in a room of its own."""
