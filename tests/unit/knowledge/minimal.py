"""The least that a knowledge folder needs."""

from __future__ import annotations

NO_CAUSE = """\
id: no_cause_found
position: 990
title: 没有查到
level: system
kind: block
brief: [C47]
fixed_by: user
explanation: [没有查到。]
summary: 没有查到
cannot_fix: 转人工看看。
aspects: {why: [看过了。]}
"""
"""The end of the line of causes, as its file."""
