"""The database: world rows, conversations, handoffs, and the queries that build facts."""
