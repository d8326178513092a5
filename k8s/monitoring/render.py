#!/usr/bin/env python3
"""Makes what a cluster needs of the dashboards and rules in this folder.

    k8s/monitoring/render.py | kubectl apply -n monitoring -f -

prints a ConfigMap for each dashboard, which Grafana's sidecar finds by its label
grafana_dashboard, and a PrometheusRule for the operator. --directory=DIR writes
the dashboards' JSON there instead, for a Grafana that reads a folder; Prometheus
without the operator reads rules.yaml itself.
"""

import argparse
import json
import re
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent
RULES = FOLDER / "rules.yaml"
# Where the alerts' sections are, below the root of the repository.
RUNBOOK = "docs/operations.md"

_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_WIDTH, _HEIGHT, _PER_LINE = 8, 8, 3
# A metric in an expression, and the brace of its selector, if it has one. Labels
# that begin in the same way are none.
_METRIC = re.compile(
    r"\b(?!grpc_(?:service|method|code|type)\b)((?:grpc_|kith_|kith:)[\w:]+)(\{?)"
)


def metrics_in(expression: str) -> set[str]:
    """The metrics and recorded series that an expression names."""
    return {match[1] for match in _METRIC.finditer(expression)}


def load_dashboards() -> dict[str, dict]:
    """The dashboards by the names of their files, with their shared rows."""
    files = {path.stem: _read(path) for path in (FOLDER / "dashboards").glob("*.yaml")}
    shared = files.pop("shared")
    for dashboard in files.values():
        dashboard["rows"] = [
            shared[row] if isinstance(row, str) else row for row in dashboard["rows"]
        ]
    return dict(sorted(files.items()))


def load_rules() -> list[dict]:
    """The groups of rules."""
    return _read(RULES)["groups"]


def grafana(dashboard: dict) -> dict:
    """A dashboard as Grafana imports it."""
    return {
        "uid": dashboard["uid"],
        "title": dashboard["title"],
        "tags": ["kith"],
        "schemaVersion": 38,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": _variables(dashboard["variables"])},
        "panels": _panels(dashboard["rows"]),
    }


def objects(runbook: str) -> list[dict]:
    """The Kubernetes objects; `runbook` is where docs/operations.md is read."""
    config_maps = [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": f"kith-dashboard-{name}",
                "labels": {
                    "app.kubernetes.io/part-of": "kith",
                    "grafana_dashboard": "1",
                },
            },
            "data": {f"kith-{name}.json": _json(grafana(dashboard))},
        }
        for name, dashboard in load_dashboards().items()
    ]
    groups = load_rules()
    for rule in (rule for group in groups for rule in group["rules"]):
        if "alert" in rule:
            anchor = rule["alert"].lower()
            rule["annotations"]["runbook_url"] = f"{runbook}#{anchor}"
    rules = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "kith", "labels": {"app.kubernetes.io/part-of": "kith"}},
        "spec": {"groups": groups},
    }
    return [*config_maps, rules]


def _read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _json(dashboard: dict) -> str:
    return json.dumps(dashboard, indent=1) + "\n"


def _variables(own: dict) -> list[dict]:
    source = {
        "name": "datasource",
        "label": "Prometheus",
        "type": "datasource",
        "query": "prometheus",
    }
    # Matches what has no namespace as well.
    namespace = _query("namespace", "kith_build_info", "namespace") | {"allValue": ".*"}
    return [source, namespace, *(_variable(*each) for each in own.items())]


def _variable(name: str, how: dict) -> dict:
    if "value" in how:
        value = {"text": how["value"], "value": how["value"]}
        return {
            "name": name,
            "type": "constant",
            "hide": 2,
            "query": how["value"],
            "current": value,
            "options": [value | {"selected": True}],
        }
    return _query(name, how["query"], how["label"], how.get("regex", ""))


def _query(name: str, series: str, label: str, regex: str = "") -> dict:
    query = f"label_values({series}, {label})"
    return {
        "name": name,
        "type": "query",
        "datasource": _SOURCE,
        "query": {"query": query, "refId": name},
        "definition": query,
        "regex": f"/{regex}/" if regex else "",
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "current": {"text": ["All"], "value": ["$__all"]},
    }


def _panels(rows: list[dict]) -> list[dict]:
    """The panels of all rows, three a line, below the title of their row."""
    panels: list[dict] = []
    top = 0
    for row in rows:
        panels.append(_row(row["title"], top))
        top += 1
        for place, panel in enumerate(row["panels"]):
            line, column = divmod(place, _PER_LINE)
            panels.append(_panel(panel, column * _WIDTH, top + line * _HEIGHT))
        top += -(-len(row["panels"]) // _PER_LINE) * _HEIGHT
    return [{"id": number} | panel for number, panel in enumerate(panels, start=1)]


def _row(title: str, top: int) -> dict:
    place = {"x": 0, "y": top, "w": _PER_LINE * _WIDTH, "h": 1}
    return {"type": "row", "title": title, "collapsed": False, "gridPos": place}


def _panel(panel: dict, left: int, top: int) -> dict:
    limits = {"min": 0} | {key: panel[key] for key in ("min", "max") if key in panel}
    return {
        "type": "timeseries",
        "title": panel["title"],
        "description": panel.get("says", ""),
        "datasource": _SOURCE,
        "gridPos": {"x": left, "y": top, "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {
            "defaults": {"unit": panel["unit"], **limits},
            "overrides": [],
        },
        "options": {
            "legend": {"displayMode": "list", "placement": "bottom"},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "targets": [
            {
                "refId": chr(ord("A") + number),
                "datasource": _SOURCE,
                "expr": _in_namespace(expression),
                "legendFormat": legend,
            }
            for number, (legend, expression) in enumerate(panel["queries"].items())
        ],
    }


def _in_namespace(expression: str) -> str:
    """The expression for the metrics of the chosen namespaces alone."""

    def select(match: re.Match) -> str:
        end = "," if match[2] else "}"
        return f'{match[1]}{{namespace=~"$namespace"{end}'

    return _METRIC.sub(select, expression)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--directory", type=Path, help="write the dashboards here")
    parser.add_argument(
        "--runbook", default=RUNBOOK, help=f"URL at which people read {RUNBOOK}"
    )
    arguments = parser.parse_args()
    if arguments.directory is None:
        print(yaml.safe_dump_all(objects(arguments.runbook), sort_keys=False), end="")
        return
    arguments.directory.mkdir(parents=True, exist_ok=True)
    for name, dashboard in load_dashboards().items():
        path = arguments.directory / f"kith-{name}.json"
        path.write_text(_json(grafana(dashboard)), encoding="utf-8")


if __name__ == "__main__":
    main()
