"""What dashboards, rules and documentation say of metrics, beside what there is."""

import re
from typing import Iterable, NamedTuple

import render

# A histogram is three series.
_PART = re.compile(r"_(bucket|sum|count)$")
_MADE = re.compile(
    r'\b(?:ops::)?(?:Counter|Gauge|SecondsHistogram)\(\s*"((?:kith|grpc)_\w+)"'
)
_TYPE = re.compile(r"^# TYPE (\S+) (\S+)$", re.M)


class Query(NamedTuple):
    """One query of a panel, as Grafana has it."""

    dashboard: str
    panel: str
    expression: str


def queries(dashboard: dict) -> list[Query]:
    """Each query of a dashboard as Grafana imports it."""
    return [
        Query(dashboard["title"], panel["title"], target["expr"])
        for panel in dashboard["panels"]
        for target in panel.get("targets", ())
    ]


def recorded(groups: list[dict]) -> set[str]:
    """The series that rules record."""
    return {rule["record"] for rule in _rules(groups) if "record" in rule}


def alerts(groups: list[dict]) -> list[dict]:
    """The rules that alert."""
    return [rule for rule in _rules(groups) if "alert" in rule]


def used(expressions: Iterable[str], groups: list[dict]) -> set[str]:
    """The metrics that queries and rules name, but for those that rules record."""
    texts = [*expressions, *(rule["expr"] for rule in _rules(groups))]
    named = set().union(*map(render.metrics_in, texts))
    return {_PART.sub("", name) for name in named - recorded(groups)}


def unknown_series(expressions: Iterable[str], groups: list[dict]) -> set[str]:
    """The series in the manner of rules that no rule records."""
    named = set().union(*map(render.metrics_in, expressions))
    return {name for name in named if ":" in name} - recorded(groups)


def exported(scrape: str) -> set[str]:
    """The metrics of a scrape."""
    return {name for name, _ in _TYPE.findall(scrape)}


def made(source: str) -> set[str]:
    """The metrics that a C++ source makes, by names that are written out."""
    return set(_MADE.findall(source))


def documented(text: str) -> set[str]:
    """The metrics that a page names, each in full."""
    return set(re.findall(r"\b(?:kith|grpc)_\w+\b", text))


def sections(text: str) -> set[str]:
    """The anchors of a page's headings."""
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


def tested(tests: Iterable[dict]) -> dict[str, set[bool]]:
    """The alerts of promtool's unit tests: whether they fire there, and are silent."""
    found: dict[str, set[bool]] = {}
    for test in (test for file in tests for test in file["tests"]):
        for look in test["alert_rule_test"]:
            fires = bool(look.get("exp_alerts"))
            found.setdefault(look["alertname"], set()).add(fires)
    return found


def _rules(groups: list[dict]) -> list[dict]:
    return [rule for group in groups for rule in group["rules"]]
