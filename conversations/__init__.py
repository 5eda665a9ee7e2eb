"""The engine of conversation tests: plays conversations written as data against the real agent, actions and database.

The project's own conversations, which this plays, stand in ``tests/conversations``.
"""
