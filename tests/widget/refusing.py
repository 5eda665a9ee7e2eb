"""How the channel refuses: a problem document with a status."""

from __future__ import annotations

import requests

PROBLEM = "application/problem+json"


def refused(response: requests.Response, status: int) -> None:
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == PROBLEM
    problem = response.json()
    assert problem["status"] == status and problem["type"] and problem["title"] and problem["detail"]
