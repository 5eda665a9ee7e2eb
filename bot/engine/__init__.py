"""What runs a turn: the parts of Rasa that are replaced, the turn's unit of work, and the model."""
