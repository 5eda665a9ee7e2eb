"""Waiting for causes that time removes: subscriptions, and the one notice when the cause is gone."""
