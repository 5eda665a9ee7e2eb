"""The action server's actions: each reads the tracker, lets the assistant answer, and dispatches. No rules of their own."""
