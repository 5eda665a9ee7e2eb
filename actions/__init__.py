"""The action server and everything it is made of."""
