"""The HTTP API that the chat widget uses, as an input channel of Rasa."""
