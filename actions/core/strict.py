"""The base of what is read from files and written down: a model with no other fields than its own, which does not change."""

from __future__ import annotations

from pydantic import BaseModel, Extra


class Strict(BaseModel):
    """A model that refuses fields it does not know, and assignments."""

    class Config:
        extra = Extra.forbid
        frozen = True
