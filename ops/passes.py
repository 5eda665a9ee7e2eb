"""The passes of the worker: the one list of what it does, and how often."""

from __future__ import annotations

from actions.state import badges
from ops.advice.advice_pass import advise
from ops.audit_head import tell_head
from ops.badges.keeping import BadgeKeeper
from ops.compliance.clocks import run_clocks
from ops.compliance.insider import InsiderWatch
from ops.compliance.knowledge_watch import note_refused_knowledge
from ops.compliance.reporting import make_reports
from ops.experiments.looking import look_at_experiments
from ops.incidents.cases import LinkedCases
from ops.incidents.outside import note_outside
from ops.incidents.review_drafts import draft_reviews
from ops.insight.monday import make_weekly
from ops.observing.retention import forget_old
from ops.observing.rollup import roll_up
from ops.observing.silence import end_abandoned
from ops.outgoing.delivery import tell_operators
from ops.policies.reminders import remind
from ops.policies.trials import do_asked
from ops.policies.verifying import verify_due
from ops.rollouts.renewing import renew_rollouts
from ops.watch.alert_plots import draw_alerts
from ops.watch.census_pass import run_census
from ops.watch.drafts import declared_incidents, draft_incident
from ops.watch.live import LiveWatch
from ops.worker import Pass

PASSES: tuple[Pass, ...] = (
    Pass("roll-up", 5.0, roll_up),
    Pass("silence", 60.0, end_abandoned),
    Pass("retention", 3600.0, forget_old),
    Pass("watch", 2.5, LiveWatch(draft_incident, declared_incidents).keep_up),
    Pass("census", 300.0, run_census),
    Pass("incidents outside", 5.0, note_outside),
    Pass("linked cases", 5.0, LinkedCases().look),
    Pass("reviews", 30.0, draft_reviews),
    Pass("policy trials", 2.0, do_asked),
    Pass("policy forecasts", 300.0, verify_due),
    Pass("policy reminders", 300.0, remind),
    Pass("policy regions", 3600.0, renew_rollouts),
    Pass("tell operators", 5.0, tell_operators),
    Pass("audit-head", 86400.0, tell_head),
    Pass("plots", 30.0, draw_alerts),
    Pass("answer clocks", 60.0, run_clocks),
    Pass("accesses", 300.0, InsiderWatch().look),
    Pass("knowledge", 600.0, note_refused_knowledge),
    Pass("compliance report", 3600.0, make_reports),
    Pass(badges.PASS, 1.0, BadgeKeeper().keep),
    Pass("insight", 600.0, make_weekly),
    Pass("experiments", 15.0, look_at_experiments),
    Pass("advice", 30.0, advise),
)
