"""What Rasa loads: configuration, and the code that runs inside the Rasa server."""
