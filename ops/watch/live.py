"""The watch over what is happening now: takes every minute of observations that is complete, and keeps what it finds.

It lives in the worker's memory and is made anew from four weeks of observations when the worker begins, a piece in every pass, so that none
takes long. Whatever another worker has taken meanwhile is caught up with in the same way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.orm import Session

from actions.knowledge.loading import DEFAULT_ROOT
from actions.state.alerts import AlertRow, now_millis
from actions.yaml_source import SourceError
from ops.watch.keeping import AlertKeeper, Drafting
from ops.watch.reading import complaints_between, first_observation, is_waiting
from ops.watch.replay import by_minute
from ops.watch.settings import FILE, WatchSettings, read_watch_settings
from ops.watch.watching import Broken, Watch, end_of, minute_of

if TYPE_CHECKING:
    from ops.worker import Surroundings

log = structlog.get_logger()

_HISTORY = 31 * 24 * 3_600_000
"""Milliseconds: 28 days of what is usual, after three in which nothing is."""
_GRACE = 5_000
"""Milliseconds after the end of a minute in which turns of it may still be written."""
_PATIENCE = 120_000
"""Milliseconds for which a minute waits for what the worker adds to its observations."""
_PLACED = 48 * 3_600_000
"""Milliseconds: of what is older it does not matter where it was."""
_PIECE = 6 * 60
"""Minutes whose observations are read at once."""
_REST = 0.2
"""Seconds between two looks in which it catches up, for others that run in this process."""
_FORGET_EVERY = 60
"""Minutes."""

Incidents = Callable[[Session], Sequence[Broken]]
"""Reads the incidents that people have declared."""


class LiveWatch:
    """The watch of one worker.

    Args:
        draft: what is done with an alarm that is new.
        incidents: the incidents that people have declared.
        clock: the present in epoch milliseconds.
        budget: seconds after which a pass leaves the rest to the next one.
    """

    def __init__(self, draft: Drafting, incidents: Incidents, clock: Callable[[], int] = now_millis, budget: float = 0.7) -> None:
        self._keeper = AlertKeeper(draft)
        self._incidents = incidents
        self._clock = clock
        self._budget = budget
        self._watch: Watch | None = None
        self._settings: WatchSettings | None = None
        self._read_at: float | None = None

    @property
    def behind(self) -> int:
        """Minutes that are over and not taken yet, as far as it has begun."""
        return 0 if self._watch is None else max(0, self._over() - self._watch.last)

    def keep_up(self, here: Surroundings) -> None:
        """Looks until it is not behind any more, in short transactions with a rest between them; where it can only wait, the next pass goes on."""
        self.look(here)
        before = self.behind + 1
        while 1 < self.behind < before:
            before = self.behind
            time.sleep(_REST)
            self.look(here)

    def look(self, here: Surroundings) -> tuple[AlertRow, ...]:
        """Takes the minutes that have become complete; returns the alerts that are new."""
        deadline = time.monotonic() + self._budget
        settings = self._current_settings()
        with here.database.session() as session:
            watch = self._watch or self._begun(session, settings)
            if watch is None:
                return ()
            self._watch = watch
            if watch.last >= self._over():
                return ()
            last = self._complete(session)
            broken = self._incidents(session)
            while watch.last < last:
                self._take(session, watch, min(last, watch.last + _PIECE), broken, settings)
                if time.monotonic() > deadline:
                    break
            # What is only half caught up with says nothing about the present.
            return self._keeper.keep(session, watch, settings) if watch.last == last else ()

    # What has been read is taken whole: where reading alone takes longer than a pass may, it would be read anew for every minute.
    def _take(self, session: Session, watch: Watch, last: int, broken: Sequence[Broken], settings: WatchSettings) -> None:
        first = watch.last + 1
        placed = _millis(last + 1) > self._clock() - _PLACED
        complaints = complaints_between(session, _millis(first), _millis(last + 1), settings, placed)
        for minute, some in by_minute(complaints, first, last):
            watch.take(minute, some, broken)
            if minute % _FORGET_EVERY == 0:
                watch.forget()

    def _begun(self, session: Session, settings: WatchSettings) -> Watch | None:
        first = first_observation(session, self._clock() - _HISTORY)
        return None if first is None else Watch(minute_of(first / 1000), settings)

    def _complete(self, session: Session) -> int:
        """The last minute of which everything is there."""
        last = self._over()
        if is_waiting(session, _millis(last + 1)):
            return min(last, minute_of((self._clock() - _PATIENCE) / 1000) - 1)
        return last

    def _over(self) -> int:
        """The last minute that is over."""
        return minute_of((self._clock() - _GRACE) / 1000) - 1

    def _current_settings(self) -> WatchSettings:
        """Those of ``watch.yml``; after a change the watch begins anew with them, and a file that cannot be used changes nothing."""
        path = DEFAULT_ROOT / FILE
        changed = path.stat().st_mtime if path.exists() else 0.0
        if self._settings is None or changed != self._read_at:
            try:
                settings = read_watch_settings()
            except SourceError as error:
                if self._settings is None:
                    raise
                log.error("watch.settings_refused", problems=[str(problem) for problem in error.problems])
                settings = self._settings
            if settings != self._settings:
                self._settings, self._watch = settings, None
            self._read_at = changed
        return self._settings


def _millis(minute: int) -> int:
    """The begin of a minute in epoch milliseconds."""
    return round(end_of(minute - 1) * 1000)
