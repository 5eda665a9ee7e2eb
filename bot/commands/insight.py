"""What ``baitiao insight`` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from actions.bootstrap import Application
from actions.state import audit
from actions.state.columns import real_now
from bot.commands import OPERATOR, Refusal, day_of, writing
from ops.insight.cases import UnknownPlace, cases_of
from ops.insight.periods import Period, PeriodRefused
from ops.insight.reading import regions
from ops.worker import Surroundings

_LINES = 10


def period_between(first: str, end: str, region: str | None) -> Period:
    """The period that the options name.

    Raises:
        Refusal: they name no days.
    """
    return Period(day_of(first, "--from"), day_of(end, "--to"), region)


def reported(here: Application, period: Period) -> dict[str, Any]:
    """The report of a period.

    Raises:
        Refusal: there can be none.
    """
    # What puts sentences together takes a second to import, which no other command shall pay.
    from ops.insight.report import Ground, make_report

    try:
        with here.database.session() as session:
            return make_report(Ground(session, here.knowledge.current, real_now()), period)
    except PeriodRefused as error:
        raise Refusal(str(error)) from None
    finally:
        here.database.close()


def write_html(data: Mapping[str, Any], file: Path) -> None:
    """Writes the report as one document.

    Raises:
        Refusal: the file cannot be written.
    """
    from ops.insight.drawing import plots_of
    from ops.insight.rendering import as_html

    with writing(file):
        file.write_text(as_html(data, plots_of(data)), encoding="utf-8")


def write_tables(data: Mapping[str, Any], folder: Path) -> None:
    """Writes the report's tables.

    Raises:
        Refusal: they cannot be written.
    """
    from ops.insight.rendering import as_tables

    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in as_tables(data).items():
            # With a mark, by which spreadsheets know how Chinese letters are written.
            (folder / name).write_text(text, encoding="utf-8-sig", newline="")


def lines(data: Mapping[str, Any]) -> Iterator[str]:
    """The beginning of a report for a terminal."""
    period = data["period"]
    yield f"{period['from']} to {period['to']}: {data['episodes'] if data['episodes'] is not None else 'under 5'} episodes"
    if data["few"]:
        yield f"fewer than {data['least']} episodes: too few to say anything"
        return
    for item in data["work"][:_LINES]:
        yield f"{item['rank']}. {item['title']} · {item['per_week']} customers a week ({item['low']} to {item['high']}) · {item['file']}, {item['spot']}"
    yield "--out report.html shows everything, --json and --csv DIR are for programs"


def kept(here: Application, week: str) -> int:
    """Makes a week's report for the console; of how many episodes it tells.

    Raises:
        Refusal: there can be none.
    """
    from ops.insight.monday import make_week

    try:
        return int(make_week(Surroundings.of(here), week, real_now()).data["episodes"] or 0)
    except PeriodRefused as error:
        raise Refusal(str(error)) from None
    finally:
        here.database.close()


def named_cases(here: Application, period: Period, place: str) -> list[str]:
    """Customers who were lost at a place, noted in the audit.

    Raises:
        Refusal: there is no such place, nobody was lost there, or of such days there can be no report.
    """
    try:
        with here.database.session() as session:
            period.check(real_now(), regions(session))
            found = cases_of(session, here.knowledge.current, period, place)
            audit.record(session, OPERATOR, "insight.cases", detail={"place": place, "shown": len(found)})
    except PeriodRefused as error:
        raise Refusal(str(error)) from None
    except UnknownPlace:
        raise Refusal(f"reports name no place {place}; the work list has names such as step/overdue/2") from None
    finally:
        here.database.close()
    if not found:
        raise Refusal(f"nobody was lost at {place} in these days whose conversation is still there")
    return found
