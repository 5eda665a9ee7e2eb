"""Incidents from the first suspicion to the review: declared by people, told truthfully to those whom they hold for."""
