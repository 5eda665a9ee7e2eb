"""The demo shop: simulated customers to choose from, and a panel that plays what they, their shops and the platform would do."""
