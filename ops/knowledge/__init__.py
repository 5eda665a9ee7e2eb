"""Changes of the knowledge, tried on the world as it is before anybody is told anything by them."""
