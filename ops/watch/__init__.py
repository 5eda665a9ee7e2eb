"""Early warning: from single complaints to alerts."""
