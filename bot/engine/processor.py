"""Rasa's dialogue loop, except that a failed action fails the turn instead of being logged as done."""

from __future__ import annotations

import gc
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa import __version__ as rasa_version
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ModelNotFound
from rasa.model import get_latest_model
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME, UTTER_PREFIX
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name
from threadpoolctl import threadpool_limits

from actions.bootstrap import application
from actions.core.case import CASE_SLOT, Case
from bot.engine.action_client import ActionCaller
from bot.engine.effects import EffectfulAction
from bot.engine.events import events_from
from bot.engine.graph_runner import SequentialGraphRunner
from bot.engine.turn_state import current_turn, stage
from bot.language.components.classifier import ANSWERED, CASE


class TooManyActions(RasaException):
    """The dialogue went round in a circle without waiting for the customer."""


class CalledAction(EffectfulAction):
    """A custom action that is run by an ActionCaller.

    The domain is not sent along: no action of ours reads it, and it is larger than everything else in the call.
    """

    def __init__(self, name: str, caller: ActionCaller) -> None:
        super().__init__(name, None)
        self._caller = caller

    async def run(
        self, output_channel: OutputChannel, nlg: NaturalLanguageGenerator, tracker: DialogueStateTracker, domain: Domain
    ) -> list[Event]:
        """Runs the action; see ActionCaller.call for its errors."""
        call = {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": tracker.current_state(EventVerbosity.ALL),
            "domain": {},
            "version": rasa_version,
        }
        with stage("acting"):
            answer = await self._caller.call(call)
        said = await self._utter_responses(answer.get("responses") or [], output_channel, nlg, tracker)
        return [*said, *events_from(answer.get("events") or [])]


class TurnProcessor(MessageProcessor):
    """Rasa's message processor with honest failures.

    Args:
        caller: runs custom actions.
        kwargs: see MessageProcessor.
    """

    def __init__(self, caller: ActionCaller, **kwargs: Any) -> None:
        super().__init__(on_circuit_break=_went_in_circles, **kwargs)
        self._caller = caller

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        """Unpacks a model; follows MessageProcessor._load_model of Rasa 3.6.21, with another runner."""
        archive = Path(model_path) if Path(model_path).is_file() else get_latest_model(model_path)
        if not archive:
            raise ModelNotFound(f"No model found at path '{model_path}'.")
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            try:
                metadata, runner = load_predict_graph_runner(Path(folder), Path(archive), LocalModelStorage, SequentialGraphRunner)
            except tarfile.ReadError:
                raise ModelNotFound(f"Model {model_path} can not be loaded.") from None
        return Path(archive).name, metadata, runner

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """As in Rasa, with custom actions run by the caller."""
        with stage("deciding"):
            action, prediction = super().predict_next_with_tracker_if_should(tracker)
        return self._called(action), prediction

    async def parse_message(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        """As in Rasa."""
        with stage("understanding"):
            parsed: dict[str, Any] = await super().parse_message(*arguments, **options)
        return parsed

    def _get_action(self, action_name: str) -> Action | None:
        action = super()._get_action(action_name)
        return None if action is None else self._called(action)

    def _called(self, action: Action) -> Action:
        return CalledAction(action.name(), self._caller) if isinstance(action, RemoteAction) else action

    async def _handle_message_with_tracker(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        # A follow-up is understood by the phase and the cause it is about.
        message.metadata = {**(message.metadata or {}), CASE: self._case_state(tracker)}
        await super()._handle_message_with_tracker(message, tracker)
        turn, latest = current_turn(tracker.sender_id), tracker.latest_message
        if turn is not None and latest is not None:
            turn.intent = latest.intent.get("name")
            turn.confidence = latest.intent.get("confidence")
            turn.guess = _guess(turn.intent, latest.parse_data.get("intent_ranking"))

    @staticmethod
    def _case_state(tracker: DialogueStateTracker) -> dict[str, str | None]:
        case = Case.from_json(tracker.get_slot(CASE_SLOT))
        causes = application().knowledge.current.causes
        spoken_of = causes.get(case.cause or next(iter(case.causes), "") or "")
        return {"phase": case.phase, "nature": spoken_of.nature if spoken_of is not None else None, ANSWERED: case.answered}

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Runs an action and takes over its events; follows MessageProcessor._run_action of Rasa 3.6.21.

        Raises:
            Exception: whatever the action raises. Nothing of the turn has been saved then.
        """
        try:
            # A copy, because the prediction's own events are dropped if the action refuses to run.
            attempt = tracker.copy()
            attempt.update_with_events(prediction.events, self.domain)
            events = await action.run(output_channel, nlg, attempt, self.domain)
        except ActionExecutionRejection:
            tracker.update(ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence))
            return bool(self.should_predict_another_action(action.name()))
        self._log_action_on_tracker(tracker, action, events, prediction)
        if action.name() != ACTION_LISTEN_NAME and not action.name().startswith(UTTER_PREFIX):
            self._log_slots(tracker)
        await self.execute_side_effects(events, tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))


class TurnAgent(Agent):
    """Rasa's agent with our processor, and with a tracker store whose errors are not replaced by forgetting.

    Args:
        caller: runs custom actions.
        tracker_store: see Agent.
    """

    def __init__(self, caller: ActionCaller, tracker_store: TrackerStore) -> None:
        super().__init__(tracker_store=tracker_store)
        self.caller = caller

    def load_model(self, model_path: Any, fingerprint: str | None = None) -> None:
        """Loads a model; follows Agent.load_model of Rasa 3.6.21.

        Raises:
            ModelNotFound: there is none.
        """
        self.processor = TurnProcessor(
            caller=self.caller,
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=None,
            generator=self.nlg,
            http_interpreter=None,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses
        # The matrices of one message are small: threads that share them wait for each other, and the longer the busier the machine is.
        threadpool_limits(limits=1, user_api="blas")
        # What Rasa, its libraries and the model hold stays for good; looking through it for garbage would make some turns wait.
        gc.collect()
        gc.freeze()

    async def handle_message(self, message: UserMessage) -> Any:
        """Answers a message; whoever calls holds the conversation's lock, so Rasa's own lock store is not asked.

        Raises:
            Exception: the turn failed, and nothing of it was saved.
        """
        if self.processor is None:
            raise RasaException("no model is loaded")
        return await self.processor.handle_message(message)

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain | None) -> TrackerStore:
        if store is None:
            raise ValueError("a tracker store is needed")
        # Rasa wraps stores so that their errors go unnoticed and turns are lost; see rasa.core.tracker_store.FailSafeTrackerStore.
        return store


def _went_in_circles(*_: Any) -> None:
    raise TooManyActions("the limit of actions per message was reached")


def _guess(intent: str | None, ranking: Sequence[Mapping[str, Any]] | None) -> str | None:
    """The intent behind the fallback; None if it was not needed, or hides nothing."""
    if intent != DEFAULT_NLU_FALLBACK_INTENT_NAME:
        return None
    return next((each["name"] for each in ranking or () if each["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME), None)
