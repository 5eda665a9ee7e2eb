"""The settings as demo mode completes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from actions.own_secret import own_secret
from actions.settings import Settings

TOKEN_SECRET, WEBHOOK_SECRET = Path("var/demo-token-secret"), Path("var/demo-webhook-secret")


def read_settings(demo: bool, **given: Any) -> Settings:
    """The settings of the environment; in demo mode with this installation's own secrets where they name none.

    Args:
        demo: whether missing secrets are made.
        given: values that go before the environment.

    Raises:
        SettingsError: with everything that is wrong.
    """
    asked = Settings.asked()
    # Beside a public key a secret of ours would let in whoever can read it.
    if demo and not {"token_secret", "token_public_key"} & asked.keys():
        given["token_secret"] = own_secret(TOKEN_SECRET)
    if demo and "handoff_webhook" in asked and "handoff_webhook_secret" not in asked:
        given["handoff_webhook_secret"] = own_secret(WEBHOOK_SECRET)
    return Settings.read(**given)
