"""The audit for auditors: who did what, searched and paged, as a file, and whether it is as it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from actions.core.moments import SHANGHAI, YEARS
from actions.knowledge.store import KnowledgeStore
from actions.state import audit, audit_search
from actions.state.audit import AuditEntry
from actions.state.audit_search import AuditWanted
from actions.state.database import Database
from bot.channel.tokens import ROLE_AUDITOR
from bot.console.audit_words import AuditWords
from bot.console.places import ConsoleRefused, Download, Place, Shown, Visit
from bot.web.spreadsheets import csv_file

PAGE = 50
"""Entries on one page."""
MOST_EXPORTED = 50_000
_LONGEST = 100
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_COLUMNS = ("id", "at", "actor", "action", "about", "detail", "prev", "hash")
_FIELDS = ("actor", "action", "about", "from", "to")
_AUDITORS = frozenset({ROLE_AUDITOR})


class AuditLook:
    """The audit's places.

    Args:
        database: where the audit is.
        knowledge: words for what stands in it.
    """

    def __init__(self, database: Database, knowledge: KnowledgeStore) -> None:
        self._database = database
        self._knowledge = knowledge

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them."""
        return (
            Place("audit", "/audit", self._show, seen_by=_AUDITORS, listed=True),
            Place("audit_export", "/audit/export", self._export, seen_by=_AUDITORS),
            Place("audit_verify", "/audit/verify", act=self._verify, acted_by=_AUDITORS),
        )

    def _show(self, visit: Visit) -> Shown:
        return self._page(visit.asked)

    def _page(self, asked: Mapping[str, str], verified: Mapping[str, Any] | None = None) -> Shown:
        wanted, before = _wanted(asked), asked.get("before", "")
        if before and not _NUMBER.fullmatch(before):
            raise ConsoleRefused("audit_filter")
        with self._database.session() as session:
            found = audit_search.find(session, wanted, PAGE + 1, int(before) if before else None)
            head = audit.head(session)
            said = AuditWords(session, self._knowledge.current)
            told = {entry.id: said.told(entry.detail) for entry in found[:PAGE] if entry.detail}
        last = found[PAGE - 1].id if len(found) > PAGE else None
        data = {"entries": [_data(entry) for entry in found[:PAGE]], "next": last, "head": head}
        filled = {name: asked.get(name, "") for name in _FIELDS}
        query = urlencode({name: text for name, text in filled.items() if text})
        words = {"filter": filled, "query": query, "paged": bool(before), "verified": verified, "told": told}
        return Shown({**data, **({} if verified is None else {"verified": verified})}, "audit.html", words)

    def _export(self, visit: Visit) -> Download:
        with self._database.session() as session:
            found = audit_search.find(session, _wanted(visit.asked), MOST_EXPORTED)
        rows = ({**_data(entry), "detail": json.dumps(entry.detail, ensure_ascii=False), "prev": entry.prev} for entry in found)
        table = [_COLUMNS, *([row[name] for name in _COLUMNS] for row in rows)]
        return Download(csv_file(table), "text/csv; charset=utf-8", "audit.csv")

    def _verify(self, visit: Visit) -> Shown:
        noted = str(visit.given.get("head", "")).strip().lower()
        if noted and not _HASH.fullmatch(noted):
            raise ConsoleRefused("audit_head")
        with self._database.session() as session:
            found = audit.verify(session, noted or None)
            broken = None if found.broken is None else {"entry": found.broken.entry, "why": found.broken.why}
            verified = {"holds": broken is None, "count": found.count, "head": found.head, "broken": broken}
            audit.record(session, visit.who.name, "console.audit_verify", detail={**verified, "noted": noted or None})
        return self._page({}, verified)


def _wanted(asked: Mapping[str, str]) -> AuditWanted:
    texts = {name: asked.get(name, "").strip() for name in _FIELDS}
    if any(len(text) > _LONGEST for text in texts.values()):
        raise ConsoleRefused("audit_filter")
    try:
        since, until = _day(texts["from"]), _day(texts["to"])
    except ValueError:
        raise ConsoleRefused("audit_filter") from None
    last = None if until is None else until + timedelta(days=1)
    return AuditWanted(texts["actor"], texts["action"], texts["about"], since, last)


def _day(text: str) -> datetime | None:
    if not text:
        return None
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return datetime.combine(day, time(), SHANGHAI)


def _data(entry: AuditEntry) -> dict[str, Any]:
    at = entry.at.isoformat(timespec="seconds")
    about = entry.handoff_id
    return {
        "id": entry.id,
        "at": at,
        "actor": entry.actor,
        "action": entry.action,
        "about": about,
        "detail": entry.detail,
        "hash": entry.hash,
    }
