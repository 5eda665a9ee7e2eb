"""Routes that ask nobody who they are, whichever part of the service is looked at."""

OPEN_ROUTES = ("GET /health/live", "GET /health/ready", "GET /metrics", "GET /widget/<name>", "GET /staff/<name>")
