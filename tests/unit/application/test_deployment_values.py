"""Settings of machines and processes: what can be used, and the sentence for what cannot."""

from __future__ import annotations

import pytest

from actions.settings import Settings, SettingsError

HOST = "must be a host's name or address such as 127.0.0.1, without a port, not {!r}"
PATIENCE = "must be a number of seconds from 0 to 600, not {!r}"
WORKERS = "must be a whole number from 1 to 64, not {!r}"
REFUSED = [
    *[("host", text, HOST) for text in ("127.0.0.1:80", "http://h", "a b", "a/b", "-h", "é", "[::1]", "a" * 64 + ".b", ":")],
    ("actions_host", "actions:5055", HOST),
    *[("drain_seconds", text, PATIENCE) for text in ("-1", "601", "1e1", "soon", "٥", "nan")],
    *[("workers", text, WORKERS) for text in ("0", "65", "-1", "2.5", "many", "２")],
    *[("model_sha256", text, "must be a SHA-256 of 64 hexadecimal digits, as sha256sum prints it") for text in ("abc", "g" * 64, "0" * 65)],
]


@pytest.mark.parametrize(("name", "text", "reason"), REFUSED, ids=[ascii(f"{name}={text}") for name, text, _ in REFUSED])
def test_what_cannot_be_used_is_refused_in_a_sentence(name: str, text: str, reason: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.read(**{name: text})
    assert str(refused.value) == f"{Settings.variable(name)} {reason.format(text)}"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("host", "0.0.0.0", "0.0.0.0"),
        ("host", "::", "::"),
        ("actions_host", "baitiao-actions.shop.svc.cluster.local", "baitiao-actions.shop.svc.cluster.local"),
        ("drain_seconds", "0", 0.0),
        ("drain_seconds", "7.5", 7.5),
        ("workers", "64", 64),
        ("model_sha256", "AB" * 32, "ab" * 32),
    ],
)
def test_what_can_be_used_is_taken(name: str, text: str, value: object) -> None:
    assert getattr(Settings.read(**{name: text}), name) == value


@pytest.mark.parametrize(("host", "address"), [("actions", "http://actions:5055"), ("::1", "http://[::1]:5055")])
def test_the_web_server_finds_the_action_server_by_its_host(host: str, address: str) -> None:
    assert Settings.read(actions_host=host).actions_address == address
