"""The monthly report as a document, and the worker that makes it: of the month that goes on once a day, of the one before once it is over."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.core.observations import milliseconds
from actions.state.columns import real_now
from actions.state.compliance_reports import KeptReport, keep_report, kept_months
from actions.yaml_source import Source
from ops.compliance.obligations import read_obligations
from ops.compliance.report import Month, report_of
from ops.worker import Surroundings

TEMPLATES = Path(__file__).with_name("templates")
_TEXTS = Path(__file__).with_name("texts.yml")
_DAY = 86_400_000


@lru_cache(maxsize=1)
def compliance_texts() -> Mapping[str, Any]:
    """What people read about compliance."""
    data: Mapping[str, Any] = Source.read(_TEXTS, shown_as=_TEXTS.name).data
    return data


def as_document(data: Mapping[str, Any]) -> str:
    """A report as one document that needs no other."""
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return templates.get_template("report.html").render(data=data, said=compliance_texts())


def make_reports(here: Surroundings) -> int:
    """Makes what is due; how many that were."""
    this = Month.of(real_now().date())
    with here.database.session() as session:
        kept = kept_months(session)
    due = [this.before] if not kept.get(this.before.name, (0, False))[1] else []
    if milliseconds(real_now()) - kept.get(this.name, (0, False))[0] >= _DAY:
        due.append(this)
    for month in due:
        with here.database.session() as session:
            data = report_of(session, here.knowledge.current, read_obligations(), month)
            made = KeptReport(month.name, as_document(data), data, milliseconds(real_now()), bool(data["whole"]))
        with here.database.session() as session:
            keep_report(session, made)
    return len(due)
