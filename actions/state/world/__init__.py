"""The world: the customers' state, from files to facts."""
