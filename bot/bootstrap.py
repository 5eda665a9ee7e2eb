"""Composes what belongs to the web server: ``actions.bootstrap`` goes on here with the classes of ``bot``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from actions.bootstrap import Application, application
from actions.knowledge.store import KnowledgeStore
from actions.settings import Settings, SettingsError
from bot.channel.locks import make_locks
from bot.channel.service import ChannelService, RateLimiter
from bot.channel.signals import make_signals
from bot.channel.store import ChannelStore
from bot.channel.tokens import CONSOLE_ROLES, ROLE_AGENT, ROLE_LEAD, TokenVerifier
from bot.channel.unasked import UnaskedChecks
from bot.channel.widget.input import WidgetInput
from bot.console.advice import AdviceBoard
from bot.console.alerts import AlertPlaces
from bot.console.audit_look import AuditLook
from bot.console.badges import BadgeBoard
from bot.console.compliance import CompliancePlaces
from bot.console.conversation import ConversationLook
from bot.console.experiments import ExperimentPlaces
from bot.console.incident_afterwards import AfterwardsPlaces
from bot.console.incident_views import Premises
from bot.console.incidents import IncidentPlaces
from bot.console.insight import InsightPlaces
from bot.console.obligations import ObligationPlaces
from bot.console.places import Place
from bot.console.policies import PolicyPlaces
from bot.console.policy_views import PolicyPremises
from bot.console.technical_alerts import technical_alerts_place
from bot.console.today import Section, today_place
from bot.console.today_audit import audit_section
from bot.console.today_cases import cases_section
from bot.console.today_world import WorldToday
from bot.console.work import ConsoleWork
from bot.demo.shop import Shop
from bot.desk.lead import LeadPages
from bot.desk.lead_panels import Panels
from bot.desk.lead_work import LeadWork
from bot.desk.work import DeskWork
from bot.engine.training import newest_model
from bot.staff.identity import IdentityRules
from bot.staff.oidc import Provider, ProviderSettings
from bot.staff.rooms import Room
from bot.staff.seal import Seal
from bot.staff.ways import SignIn

FAILED_SIGN_INS = "10/minute"
"""How often signing in may fail from one address until it is told to wait."""


class WidgetChannel(WidgetInput):
    """The channel as Rasa makes it, which knows it by the name in credentials.yml and can hand it nothing else."""

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WidgetInput:
        """The channel of this process's application.

        Raises:
            ValueError: credentials.yml holds settings, of which the channel has none there.
        """
        if credentials:
            raise ValueError(f"credentials.yml: no channel takes {', '.join(credentials)}; `baitiao settings` shows what can be set")
        return widget_channel(application())


def widget_channel(here: Application) -> WidgetInput:
    """The chat widget's channel.

    Raises:
        TokenSettingsError: the settings name no key to check tokens with.
    """
    settings, signals = here.settings, make_signals(here.database)
    here.database.served = served_versions(here.knowledge)
    store = ChannelStore(here.database, here.facts)
    shared = store if here.database.is_shared and not settings.redis_url else None
    service = ChannelService(
        store,
        TokenVerifier.from_settings(settings),
        RateLimiter(settings.message_rate, settings.redis_url, shared),
        make_locks(settings.redis_url, here.database, signals),
        signals=signals,
    )
    locks, feed = service.locks, service.feed
    checks = UnaskedChecks(here.database, here.knowledge, here.facts, here.assistant_on, here.world_now, locks, feed)
    badges = store.badges(here.knowledge, settings.now)
    return WidgetInput(
        service, here.knowledge, checks=checks, others=(here.experiments_watched,), badges=badges, experiments=here.experiments
    )


def served_versions(knowledge: KnowledgeStore) -> Callable[[], Sequence[str]]:
    """What answers customers in this process: its knowledge, which may be exchanged meanwhile, and the model that it began with."""
    model = newest_model()
    named = () if model is None else (f"model/{model.name.removesuffix('.tar.gz')}",)
    return lambda: (f"knowledge/{knowledge.version}", *named) if knowledge.version else named


def desk_work(here: Application) -> DeskWork:
    """The support desk's work."""
    return DeskWork(here.database, here.knowledge, here.facts, here.assistant_on)


def console_work(here: Application) -> ConsoleWork:
    """The console's frame."""
    return ConsoleWork(here.database, here.knowledge)


def console_places(here: Application) -> tuple[Place, ...]:
    """What there is in the console; a new place is a line here, and a title in ``bot/console/places.yml``."""
    return (
        today_place(today_sections(here)),
        *AlertPlaces(here.database, here.knowledge).places(),
        technical_alerts_place(here.database),
        *InsightPlaces(here.database, here.knowledge).places(),
        *ExperimentPlaces(here.database, here.knowledge).places(),
        *ConversationLook(here.database).places,
        *incident_places(here).places,
        *incident_afterwards(here).places,
        *policy_places(here).places,
        BadgeBoard(here.database, here.world_now).place,
        *AdviceBoard(here.database, here.knowledge, here.world_now).places,
        *ObligationPlaces(here.database).places,
        *compliance_places(here).places,
        *AuditLook(here.database, here.knowledge).places,
    )


def today_sections(here: Application) -> tuple[Section, ...]:
    """What the console's first page tells of, in its order."""
    return (
        *AlertPlaces(here.database, here.knowledge).sections(),
        *WorldToday(here.database, here.world_now).sections,
        incident_places(here).drafts,
        incident_afterwards(here).section,
        policy_places(here).overdue,
        cases_section(here.database, here.knowledge),
        *compliance_places(here).sections,
        ObligationPlaces(here.database).section,
        ExperimentPlaces(here.database, here.knowledge).section(),
        InsightPlaces(here.database, here.knowledge).section(),
        audit_section(here.database),
    )


def incident_places(here: Application) -> IncidentPlaces:
    """The console's places for incidents."""
    return IncidentPlaces(incident_premises(here))


def incident_afterwards(here: Application) -> AfterwardsPlaces:
    """The console's places for what follows them."""
    return AfterwardsPlaces(incident_premises(here))


def incident_premises(here: Application) -> Premises:
    """What both read from and write to."""
    return Premises(here.database, here.knowledge, here.facts, here.world_now)


def compliance_places(here: Application) -> CompliancePlaces:
    """The console's places for compliance."""
    return CompliancePlaces(here.database, here.knowledge, here.settings)


def policy_places(here: Application) -> PolicyPlaces:
    """The console's places for policies."""
    return PolicyPlaces(PolicyPremises(here.database, here.knowledge, here.world_now))


def staff_attempts(here: Application) -> RateLimiter:
    """How often signing in to the desk or the console may fail."""
    return RateLimiter(FAILED_SIGN_INS, here.settings.redis_url)


def desk_rooms(here: Application) -> tuple[Room, ...]:
    """The desk's pages beside its own."""
    panels = Panels()
    return (LeadPages(LeadWork(here.database, here.knowledge, panels), panels),)


def staff_sign_in(here: Application, demo: bool) -> SignIn | None:
    """How the deployment's provider signs staff in; None: there is none.

    Args:
        demo: whether tokens open the desk and the console, too.

    Raises:
        SettingsError: roles of the console are named that there are not, or by values of the desk.
    """
    settings, secret = here.settings, here.settings.oidc_cookie_secret
    if settings.oidc_issuer is None or settings.oidc_client_id is None or secret is None:
        return None
    provider = ProviderSettings(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None,
        settings.oidc_scopes,
        IdentityRules(
            settings.oidc_user_claim,
            settings.oidc_name_claim,
            settings.oidc_role_claim,
            _roles_by_value(settings),
            settings.oidc_shown_as_claim,
        ),
    )
    seal = Seal(secret.get_secret_value())
    return SignIn(Provider(provider), seal, settings.oidc_session_seconds, settings.public_address, beside_tokens=demo)


def _roles_by_value(settings: Settings) -> dict[str, str]:
    desk = {settings.oidc_agent_value: ROLE_AGENT, settings.oidc_lead_value: ROLE_LEAD}
    console, variable = settings.oidc_console_values, Settings.variable("oidc_console_values")
    unknown = sorted(set(console) - set(CONSOLE_ROLES))
    if unknown:
        raise SettingsError([f"{variable} knows the roles {', '.join(CONSOLE_ROLES)}, not {', '.join(unknown)}"])
    taken = sorted(set(console.values()) & set(desk))
    if taken:
        raise SettingsError([f"{variable} must name other values than those of the desk, not {', '.join(taken)}"])
    return {**desk, **{value: role for role, value in console.items()}}


def demo_shop(here: Application) -> Shop:
    """The demo shop."""
    return Shop(here.database, here.knowledge, here.facts, here.world_now)
