"""Calling actions: over one lasting HTTP session, or in this process."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Protocol

import aiohttp
from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.exceptions import RasaException
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as RejectedByAction

from actions.callers import ACTIONS_SECRET, SECRET_HEADER

ACTION_TIMEOUT = 10.0
"""Seconds for one action, connecting included."""
# The action server closes idle connections after 5 s; a connection it is just closing must not be taken for a new call.
_IDLE_SECONDS = 4.0


class ActionFailed(RasaException):
    """An action did not run, did not finish in time, or answered with something that is no answer."""


class ActionCaller(Protocol):
    """Runs actions for the dialogue."""

    async def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Runs one action.

        Args:
            request: Rasa's action call: next_action, sender_id, tracker, version.

        Returns:
            `events` and `responses`, checked against Rasa's schema.

        Raises:
            ActionExecutionRejection: the action refuses to run now, and another may run instead.
            ActionFailed: anything else that is not an answer.
        """
        ...

    async def healthy(self) -> bool:
        """Whether actions can be called now."""
        ...

    async def close(self) -> None:
        """Lets go of connections."""
        ...


class HttpActions:
    """Calls an action server, keeping connections open from call to call.

    Args:
        url: without the `/webhook` at its end.
        secret: what the action server knows us by.
        timeout: seconds per call, a second attempt included.
    """

    def __init__(self, url: str, secret: str, timeout: float = ACTION_TIMEOUT) -> None:
        self._url = url.rstrip("/")
        self._secret = secret
        self._seconds = timeout
        self._session: aiohttp.ClientSession | None = None

    async def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """See ActionCaller."""
        name = request.get("next_action")
        body = json.dumps(request, ensure_ascii=False).encode()
        try:
            status, content = await asyncio.wait_for(self._post(body), self._seconds)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise ActionFailed(f"action '{name}': the action server does not answer ({type(error).__name__})") from error
        if status == 400:
            raise _rejection(content, str(name))
        if status == 401:
            raise ActionFailed(f"action '{name}': the action server has another {ACTIONS_SECRET}")
        if status != 200:
            raise ActionFailed(f"action '{name}': the action server answered {status}")
        try:
            return checked(json.loads(content), str(name))
        except ValueError as error:
            raise ActionFailed(f"action '{name}': the action server's answer is no JSON") from error

    async def _post(self, body: bytes) -> tuple[int, bytes]:
        try:
            return await self._post_once(body)
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
            # One of several action servers has just ended. Actions only read, so another may run it again.
            return await self._post_once(body)

    async def _post_once(self, body: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        async with self._open().post(f"{self._url}/webhook", data=body, headers=headers, allow_redirects=False) as response:
            return response.status, await response.read()

    async def healthy(self) -> bool:
        """Whether the action server answers its health address within two seconds, and believes us."""
        try:
            async with self._open().get(f"{self._url}/health", timeout=aiohttp.ClientTimeout(total=2)) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return False

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(keepalive_timeout=_IDLE_SECONDS)
            headers = {SECRET_HEADER: self._secret}
            self._session = aiohttp.ClientSession(
                connector=connector, headers=headers, timeout=aiohttp.ClientTimeout(total=None), trust_env=False
            )
        return self._session


class InProcessActions:
    """Runs actions in this process: for tests and tools that need no second server.

    Args:
        executor: with the actions registered.
    """

    def __init__(self, executor: ActionExecutor) -> None:
        self._executor = executor

    async def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """See ActionCaller."""
        name = str(request.get("next_action"))
        try:
            # Through JSON as over HTTP, so that an action can neither see nor change objects of the dialogue engine.
            answer = await self._executor.run(json.loads(json.dumps(request)))
        except RejectedByAction as error:
            raise ActionExecutionRejection(name, error.message) from error
        except Exception as error:
            raise ActionFailed(f"action '{name}' failed ({type(error).__name__})") from error
        return checked(json.loads(json.dumps(answer)), name)

    async def healthy(self) -> bool:
        """Always: there is no other process."""
        return True

    async def close(self) -> None:
        """Nothing to let go of."""


def checked(answer: Any, name: str) -> dict[str, Any]:
    """The answer, if it has the form that Rasa's own schema asks for.

    Rasa re-checks the schema itself at every call, which takes more time than all the rest of a turn; here it is compiled once.

    Raises:
        ActionFailed: it has not.
    """
    try:
        _VALIDATOR.validate(answer)
    except ValidationError as error:
        # The whole error would quote the answer.
        path = "/".join(map(str, error.absolute_path))
        raise ActionFailed(f"action '{name}': malformed answer at '{path}' ({error.validator})") from None
    if not isinstance(answer, dict):
        raise ActionFailed(f"action '{name}': malformed answer")
    return answer


def _compiled() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _rejection(content: bytes, name: str) -> Exception:
    try:
        answer = json.loads(content)
        rejection: Exception = ActionExecutionRejection(answer["action_name"], answer.get("error"))
        return rejection
    except (ValueError, KeyError, TypeError):
        return ActionFailed(f"action '{name}': the action server refused the call")


_VALIDATOR = _compiled()
