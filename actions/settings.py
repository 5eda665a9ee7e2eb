"""Every setting of both servers and the command line, read from the environment once per process."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseSettings, Field, SecretStr, ValidationError, root_validator, validator
from pydantic.fields import ModelField
from pydantic.utils import ROOT_KEY

from actions import deployment_values as deployment
from actions import setting_values as values
from actions.core.handoff import TicketFormat
from actions.setting_values import PublicKey

PREFIX = "BAITIAO_"
TEST_VARIABLES = (f"{PREFIX}CHROMIUM",)
"""Variables that only the tests and ``scripts/doctor`` read."""


class SettingsError(ValueError):
    """Settings cannot be used; ``problems`` holds a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Settings(BaseSettings):
    """The settings; each is read from the variable of its name in capitals after ``BAITIAO_``. An empty variable is one that is not set.

    A setting is one field: its default, the ``reader`` of its text, and its meaning.
    """

    database_url: str = Field(
        "sqlite:///var/baitiao.db",
        repr=False,
        reader=values.database_address,
        description="state and conversations; or `postgresql://user:password@host/name`",
    )
    redis_url: str | None = Field(
        None,
        repr=False,
        reader=values.redis_address,
        description="`redis://host:6379/0`: locks and rate limits shared by several web servers; without it they are per process",
    )
    token_secret: SecretStr | None = Field(
        None, reader=values.secret, description="checks customers' and agents' tokens (HS256), 32 characters or more"
    )
    token_public_key: PublicKey | None = Field(
        None, reader=values.public_key, description="the same with RS256 or ES256: PEM text, or the path of a PEM file"
    )
    token_secret_previous: SecretStr | None = Field(
        None, reader=values.secret, description="a second secret that still holds while [keys are changed](operating.md#changing-keys)"
    )
    token_public_key_previous: PublicKey | None = Field(
        None, reader=values.public_key, description="a second public key that still holds while keys are changed"
    )
    now: datetime | None = Field(
        None,
        reader=values.instant,
        description="freezes the clock of the facts, such as `2026-11-22T10:00:00+08:00`; goes before a world's `now`. Never in production",
    )
    host: str = Field(
        "127.0.0.1",
        reader=deployment.host,
        description="the address that a server listens on, such as `0.0.0.0` in a container; the action server of `up` stays on 127.0.0.1",
    )
    port: int = Field(5005, reader=values.port, description="web server")
    actions_host: str = Field(
        "127.0.0.1", reader=deployment.host, description="where the web server finds the action server, and the name by which that answers"
    )
    actions_port: int = Field(5055, reader=values.port, description="action server")
    drain_seconds: float = Field(
        0.0,
        reader=deployment.patience,
        description="seconds between SIGTERM and the end of a web server, in which `/health/ready` says no and everything else is answered",
    )
    model_sha256: str | None = Field(
        None,
        reader=deployment.checksum,
        description="SHA-256 of the only model that is loaded, 64 hexadecimal digits; without it the one that training wrote beside the model",
    )
    workers: int = Field(
        1, reader=deployment.workers, description="web servers of `up` behind one port; more than one need a PostgreSQL database"
    )
    actions_secret: SecretStr | None = Field(
        None,
        reader=values.header_secret,
        description="what the web server is known by to the action server, 32 characters or more. `up` makes one at each start; "
        "else an own one in `var/actions-secret`",
    )
    facts_source: Callable[..., Any] | None = Field(
        None,
        reader=values.factory,
        description="[your own account and order services](architecture.md#your-own-account-and-order-services), as `package.module:name`; without it the world in the database",
    )
    message_rate: str = Field("120/minute", reader=values.rate, description="how fast one customer may write")
    widget_origins: tuple[str, ...] = Field(
        (),
        reader=values.origins,
        description="origins, separated by blanks, whose pages may load the chat and call its API, such as `https://shop.example`; "
        "ours always may. The demo shop opens by their names, too, else by this machine's addresses and `localhost` only",
    )
    frame_ancestors: tuple[str, ...] = Field(
        ("self",), reader=values.frame_ancestors, description="origins whose pages may show ours in a frame; also `self`, `none`"
    )
    recovery_interval: float = Field(5.0, reader=values.seconds, description="seconds between two looks for causes that are over")
    notice_rate: float = Field(20.0, reader=values.per_second, description="customers told a second of an incident's end, by all servers")
    handoff_webhook: str | None = Field(
        None, repr=False, reader=values.web_address, description="where handoffs are [delivered](handoff.md#delivery-to-other-systems)"
    )
    handoff_webhook_secret: SecretStr | None = Field(
        None,
        reader=values.secret,
        description="what deliveries are signed with, 32 characters or more; needed with a webhook. "
        "In demo mode an own one in `var/demo-webhook-secret`",
    )
    handoff_format: TicketFormat = Field("handoff", reader=values.handoff_format, description="or `chatwoot`, `zendesk`")
    handoff_patience: float = Field(300.0, reader=values.seconds, description="seconds until a customer is told that nobody has come")
    public_address: str | None = Field(
        None,
        reader=deployment.public_address,
        description="the origin by which browsers reach this server, such as `https://help.example`; without it what the proxies say",
    )
    oidc_issuer: str | None = Field(
        None,
        reader=deployment.issuer,
        description="the OpenID provider that [signs agents in](operating.md#signing-agents-in), as its id tokens name it; without it the desk takes tokens",
    )
    oidc_client_id: str | None = Field(None, reader=deployment.words, description="what the provider knows this deployment by")
    oidc_client_secret: SecretStr | None = Field(
        None, reader=values.given_secret, description="what this deployment proves it with; none for a public client"
    )
    oidc_cookie_secret: SecretStr | None = Field(
        None,
        reader=values.secret,
        description="what sessions of the desk are signed with, 32 characters or more, the same on every web server; needed with a provider. "
        "In demo mode an own one in `var/demo-cookie-secret`",
    )
    oidc_scopes: str = Field("openid profile", reader=deployment.scopes, description="what is asked of the provider")
    oidc_user_claim: tuple[str, ...] = Field(
        ("sub",), reader=deployment.claim_path, description="the claim that names an agent, in the audit and on cases; unique and lasting"
    )
    oidc_name_claim: tuple[str, ...] = Field(("name",), reader=deployment.claim_path, description="the claim that agents are greeted by")
    oidc_shown_as_claim: tuple[str, ...] | None = Field(
        None,
        reader=deployment.claim_path,
        description="the claim with the name that customers see while an agent has their case; without it they see 人工客服",
    )
    oidc_role_claim: tuple[str, ...] = Field(
        ("groups",),
        reader=deployment.claim_path,
        description="the claim with an agent's groups or roles; `realm_access.roles` goes down a path",
    )
    oidc_agent_value: str = Field("agent", reader=deployment.words, description="who has this among them may work at the desk")
    oidc_lead_value: str = Field("lead", reader=deployment.words, description="who has this may see its numbers as well")
    oidc_console_values: dict[str, str] = Field(
        {},
        reader=deployment.pairs,
        description="which value there stands for which [role](operating.md#roles) of the console, as `operator=duty, auditor=compliance`; "
        "without it the provider signs nobody in to the console",
    )
    oidc_session_seconds: float | None = Field(
        None, reader=values.seconds, description="how long agents stay signed in; without it until the provider's id token expires"
    )
    push_webhook: str | None = Field(
        None,
        repr=False,
        reader=values.web_address,
        description="the shop's push service, [called](widget-api.md#calling-customers-who-are-away) when a customer who is away has something to read",
    )
    push_webhook_secret: SecretStr | None = Field(
        None, reader=values.secret, description="what such calls are signed with, 32 characters or more; needed with the push service"
    )
    ops_webhook: str | None = Field(
        None, repr=False, reader=values.web_address, description="where operators are [told](watching.md#told-outside) of alerts, incidents"
    )
    ops_webhook_secret: SecretStr | None = Field(
        None,
        reader=values.given_secret,
        description="what that is signed with: needed by `ops` (32 characters or more); what a robot of `dingtalk` or `feishu` was given, if it checks signatures",
    )
    ops_webhook_format: deployment.OperatorsFormat = Field(
        "ops", reader=deployment.operators_format, description="or `alertmanager`, `dingtalk`, `wecom`, `feishu`"
    )
    retention_days: int = Field(180, reader=values.days, description="days after closing until `handoff purge` deletes")
    ops: bool = Field(True, reader=values.switch, description="`off` leaves out the [worker](operating.md#the-worker), and nothing else")
    observation_days: int = Field(180, reader=values.days, description="days until the worker forgets what was observed of conversations")
    trial_days: int = Field(400, reader=values.days, description="days until the worker forgets what rehearsals of policies found")
    tally_days: int = Field(400, reader=values.days, description="days until the worker forgets how many customers that were, by minute")

    class Config:
        """Read by pydantic."""

        extra = "forbid"
        allow_mutation = False
        validate_all = False
        arbitrary_types_allowed = True

        @classmethod
        def customise_sources(cls, init_settings: Any, **_: Any) -> tuple[Any, ...]:
            """What is given goes before the environment, of which an empty variable is one that is not set."""
            return init_settings, lambda _settings: Settings.asked()

    @classmethod
    def read(cls, **given: Any) -> Settings:
        """The settings of this process.

        Args:
            given: values, or their texts, that go before the environment.

        Raises:
            SettingsError: with everything that is wrong.
        """
        try:
            return cls(**given)
        except ValidationError as error:
            raise SettingsError([_sentence(each) for each in error.errors()]) from None

    @classmethod
    def read_without_secrets(cls) -> Settings:
        """The settings of a command that signs nothing and checks no tokens: secrets and keys are left alone, so that none can stop it.

        Raises:
            SettingsError: with everything else that is wrong.
        """
        return cls.read(**dict.fromkeys(name for name, field in cls.__fields__.items() if field.type_ in (SecretStr, PublicKey)))

    @property
    def actions_address(self) -> str:
        """Where the web server finds the action server."""
        host = f"[{self.actions_host}]" if ":" in self.actions_host else self.actions_host
        return f"http://{host}:{self.actions_port}"

    @classmethod
    def variable(cls, name: str) -> str:
        """The environment's name of a setting."""
        return PREFIX + name.upper()

    @classmethod
    def asked(cls) -> dict[str, str]:
        """The settings that the environment names, with their texts."""
        texts = {name: os.environ.get(cls.variable(name), "") for name in cls.__fields__}
        return {name: text for name, text in texts.items() if text.strip()}

    @classmethod
    def unknown(cls) -> tuple[str, ...]:
        """Variables that look like settings and are none, mostly misspelt ones."""
        known = {*TEST_VARIABLES, *map(cls.variable, cls.__fields__)}
        return tuple(sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known))

    @validator("*", pre=True)
    def _read_text(cls, value: Any, field: ModelField) -> Any:
        if not isinstance(value, str):
            return value
        # A field without a reader fails here: pydantic would turn its text into something by rules of its own.
        # A blank at an end of a secret may be meant.
        return field.field_info.extra["reader"](value if field.type_ is SecretStr else value.strip())

    @root_validator(skip_on_failure=False)
    def _ports_differ(cls, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("port") is not None and given.get("port") == given.get("actions_port"):
            raise ValueError(
                f"{cls.variable('actions_port')} must be another port than {cls.variable('port')}, not {given['port']} as well"
            )
        return given

    @root_validator(skip_on_failure=False)
    def _sign_in_is_complete(cls, given: dict[str, Any]) -> dict[str, Any]:
        # Secrets are asked for where they are needed: commands leave them unread.
        issuer, client = given.get("oidc_issuer"), given.get("oidc_client_id")
        if (issuer is None) != (client is None) and {"oidc_issuer", "oidc_client_id"} <= given.keys():
            set_one, missing = ("oidc_issuer", "oidc_client_id") if client is None else ("oidc_client_id", "oidc_issuer")
            raise ValueError(f"{cls.variable(set_one)} needs {cls.variable(missing)} beside it")
        if issuer is not None and given.get("oidc_agent_value") == given.get("oidc_lead_value"):
            raise ValueError(f"{cls.variable('oidc_lead_value')} must be another value than {cls.variable('oidc_agent_value')}")
        return given


def _sentence(error: Any) -> str:
    (name, *_), reason = error["loc"], error["msg"]
    return str(reason) if name == ROOT_KEY else f"{Settings.variable(name)} {reason}"


def child_environment(**more: str) -> dict[str, str]:
    """The environment for a process that this one starts: its own, and more."""
    return {**os.environ, **more}


def quiet_libraries(**more: str) -> None:
    """Tells libraries that read the environment when they are imported to keep to themselves, unless whoever started this wants otherwise."""
    for name, value in {"TF_CPP_MIN_LOG_LEVEL": "3", **more}.items():
        os.environ.setdefault(name, value)
