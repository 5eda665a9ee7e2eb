"""What the assistant says and does in one turn; knows neither Rasa nor SQL, only the ports it is given."""
