"""The checks find what is planted."""

import checks
import render

GROUPS = [
    {
        "rules": [
            {"record": "kith:a:ratio", "expr": "rate(kith_a_total[5m]) / kith_b"},
            {"alert": "KithA", "expr": "kith:a:ratio > 1 and kith_c_bucket > 0"},
        ]
    }
]


def test_metrics_are_found_in_expressions_and_labels_are_not():
    expression = (
        'sum by (grpc_method) (rate(grpc_server_handled_total{grpc_code="OK",'
        'grpc_service=~"kith.gateway.v1.GatewayService"}[5m])) / kith:a:ratio'
    )
    assert render.metrics_in(expression) == {
        "grpc_server_handled_total",
        "kith:a:ratio",
    }


def test_each_selector_is_bound_to_the_namespace():
    dashboard = {
        "uid": "a",
        "title": "A",
        "variables": {"job": {"query": "kith_ready", "label": "job"}},
        "rows": [
            {
                "title": "Row",
                "panels": [
                    {
                        "title": "Panel",
                        "unit": "s",
                        "queries": {
                            "a": 'kith_a{job="b"} / sum(kith_b) by (grpc_code)'
                        },
                    }
                ],
            }
        ],
    }
    (query,) = checks.queries(render.grafana(dashboard))
    assert query.expression == (
        'kith_a{namespace=~"$namespace",job="b"} / '
        'sum(kith_b{namespace=~"$namespace"}) by (grpc_code)'
    )


def test_what_rules_and_panels_use_is_found():
    assert checks.used(["max(kith_d)"], GROUPS) == {
        "kith_a_total",
        "kith_b",
        "kith_c",
        "kith_d",
    }


def test_a_series_that_nobody_records_is_found():
    assert checks.unknown_series(["kith:a:ratio"], GROUPS) == set()
    assert checks.unknown_series(["kith:a:rate"], GROUPS) == {"kith:a:rate"}


def test_metrics_of_a_scrape_and_of_sources_are_found():
    scrape = "# HELP kith_a A.\n# TYPE kith_a gauge\nkith_a 1\n"
    assert checks.exported(scrape) == {"kith_a"}
    source = 'ops::Counter(\n    "kith_a_total",\n "A."); Gauge("kith_b", "B.");'
    assert checks.made(source) == {"kith_a_total", "kith_b"}


def test_pages_are_read():
    page = "## KithA\n\n`kith_a`, `kith_b{c,d}` and kith-x\n### The rest, and more\n"
    assert checks.documented(page) == {"kith_a", "kith_b"}
    assert checks.sections(page) == {"kitha", "the-rest-and-more"}


def test_an_alert_that_is_never_silent_is_found():
    tests = [
        {
            "tests": [
                {
                    "alert_rule_test": [
                        {"alertname": "KithA"},
                        {"alertname": "KithA", "exp_alerts": [{}]},
                        {"alertname": "KithB", "exp_alerts": [{}]},
                    ]
                }
            ]
        }
    ]
    assert checks.tested(tests) == {"KithA": {True, False}, "KithB": {True}}
