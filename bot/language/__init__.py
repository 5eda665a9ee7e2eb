"""How a customer's text is understood: normaliser, spaCy pipeline, features, classifier, and their Rasa graph components."""
