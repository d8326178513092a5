"""Dashboards and rules, beside the suite under load and a real Prometheus."""

import base64
import json
import os
import re
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import ec

import checks
import render
from builders import wait_until
from kithdev import collector
from kithdev.credentials import ApiKey, Tenant
from kithdev.layout import Layout
from kithdev.paths import ROOT
from kithdev.processes import GATEWAY, OWNERS
from kithdev.suite import Suite
from load import Load
from prometheus import Prometheus, promtool

ALERTS = sorted((ROOT / "tests" / "monitoring" / "alerts").glob("*.yaml"))
PAGE = (ROOT / "docs" / "operations.md").read_text()
DASHBOARDS = [
    render.grafana(dashboard) for dashboard in render.load_dashboards().values()
]
RULES = render.load_rules()
QUERIES = [query for dashboard in DASHBOARDS for query in checks.queries(dashboard)]

# How long the load may take to give each panel data.
_SECONDS = 40
_CERTIFICATE, _KEY = "suite.crt", "suite.key"


@pytest.fixture(name="trace_target", scope="module")
def fixture_trace_target():
    """A collector that takes spans."""
    process, port = collector.start("discards")
    yield f"ipv4:127.0.0.1:{port}"
    process.kill()
    process.communicate()


@pytest.fixture(name="suite", scope="module")
def fixture_suite(tmp_path_factory, request, trace_target):
    """One with all that has metrics: TLS, traces, sessions, issuers, a key's limit."""
    directory = tmp_path_factory.mktemp("suite")
    suite = Suite(
        Layout(directory, Path(os.environ["KITH_BINARIES"])),
        [Tenant(1, "demo")],
        [
            ApiKey("demo", "demo"),
            ApiKey("slow", "demo", limits="calls_per_second: 1"),
            ApiKey("unused", "demo"),
        ],
        flags=_flags(directory, trace_target),
    )
    request.addfinalizer(suite.stop)
    suite.start()
    return suite


@pytest.fixture(name="prometheus", scope="module")
def fixture_prometheus(suite, tmp_path_factory, request):
    """Scrapes the suite, which is under load."""
    jobs = {name: service.address.ops for name, service in suite.services.items()}
    tokens = suite.token("demo"), suite.token("slow")
    certificate = suite.layout.directory / _CERTIFICATE
    # Changes from before a start: what is kept is looked at then, and once a minute,
    # and a reader that goes on from there is behind.
    before = Load(suite, *tokens, certificate)
    before.stop()
    for name in OWNERS:
        suite.restart(name)
    load = Load(suite, *tokens, certificate, before.positions)
    request.addfinalizer(load.stop)
    directory = tmp_path_factory.mktemp("prometheus") / "data"
    one = Prometheus(directory, jobs, render.RULES)
    request.addfinalizer(one.stop)
    return one


def test_the_rules_are_well_formed_and_fire_as_they_should():
    promtool("check", "rules", render.RULES)
    promtool("test", "rules", *ALERTS)


def test_each_alert_is_tested_has_a_section_and_says_how_urgent_it_is():
    tested = checks.tested(yaml.safe_load(path.read_text()) for path in ALERTS)
    for alert in checks.alerts(RULES):
        name = alert["alert"]
        assert tested.get(name) == {True, False}, f"{name} fires and is silent"
        assert name.lower() in checks.sections(PAGE), f"{name} has no section"
        assert alert["labels"]["severity"] in ("page", "ticket")
        assert alert["annotations"]["summary"]


def test_the_panels_of_keys_show_the_idle_ones_and_those_never_used(tmp_path):
    # At hour 49: twenty keys in use, one that was used two days ago, and one not yet.
    uses = {f"busy{number}": 49 for number in range(20)} | {"idle": 1, "never": 0}
    series = [
        {
            "series": f'kith_api_key_last_use_timestamp_seconds{{key="{key}"}}',
            "values": f"{3600 * hour}x49",
        }
        for key, hour in uses.items()
    ]
    panels = {query.panel: query.expression for query in QUERIES}
    expected = {
        f"({panels['Days since a key was used']}) > 1": ("idle", 2),
        panels["Keys never used"]: ("never", 1),
    }
    looks = [
        {
            "expr": _substitute(expression, {"namespace": ".*"}),
            "eval_time": "49h",
            "exp_samples": [{"labels": f'{{key="{key}"}}', "value": value}],
        }
        for expression, (key, value) in expected.items()
    ]
    test = {"interval": "1h", "input_series": series, "promql_expr_test": looks}
    path = tmp_path / "panels.yaml"
    path.write_text(yaml.safe_dump({"evaluation_interval": "1h", "tests": [test]}))
    promtool("test", "rules", path)


def test_each_panel_shows_data(prometheus):
    filled = {query: _fill(prometheus, query) for query in QUERIES}
    waiting = QUERIES
    deadline = time.monotonic() + _SECONDS
    while waiting and time.monotonic() < deadline:
        waiting = [
            query for query in waiting if not _has_data(prometheus, filled[query])
        ]
    assert not waiting, "\n".join(map(str, waiting))
    assert not prometheus.rule_faults()


def test_no_alert_fires_while_all_is_well(prometheus):
    # A machine that others use as well may be slow.
    assert prometheus.firing() <= {"KithLatencyBurn"}


def test_what_is_used_is_exported_and_what_is_exported_is_used(prometheus, suite):
    exported = checks.exported("".join(map(_scrape, suite.services.values())))
    expressions = [query.expression for query in QUERIES]
    used = checks.used(expressions, RULES) - {"up"}
    assert used - exported == set(), "nobody exports it"
    assert checks.unknown_series(expressions, RULES) == set(), "no rule records it"
    unused = exported - used - checks.documented(PAGE)
    assert unused == set(), "no panel, rule or page has it"
    sources = [path for path in ROOT.glob("*/**/*.cc") if _is_ours(path)]
    made = set().union(*(checks.made(path.read_text()) for path in sources))
    assert made - exported == set(), "made, and not exported"


def test_the_generator_makes_objects_for_a_cluster():
    done = subprocess.run(
        [render.__file__, "--runbook=https://example.com/operations.md"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    *config_maps, rules = yaml.safe_load_all(done.stdout)
    made = [json.loads(text) for each in config_maps for text in each["data"].values()]
    assert made == DASHBOARDS
    for dashboard in made:
        ids = [panel["id"] for panel in dashboard["panels"]]
        assert sorted(set(ids)) == ids
        _assert_apart(dashboard["panels"])
    assert rules["kind"] == "PrometheusRule"
    for alert in checks.alerts(rules["spec"]["groups"]):
        anchor = f"https://example.com/operations.md#{alert['alert'].lower()}"
        assert alert["annotations"].pop("runbook_url") == anchor
    assert rules["spec"]["groups"] == RULES


def _flags(directory: Path, trace_target: str) -> dict[str, list[str]]:
    """Flags by process. All listen with the same certificate, which signs itself."""
    certificate, key = directory / _CERTIFICATE, directory / _KEY
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "90"]
        + ["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=suite"]
        + ["-addext", "subjectAltName=IP:127.0.0.1"]
        + ["-out", certificate, "-keyout", key],
        check=True,
        capture_output=True,
        timeout=60,
    )
    sessions = directory / "session.keys"
    sessions.write_text("ab" * 32)
    issuers = directory / "issuers.textproto"
    issuers.write_text(
        'issuers { id: "corp" issuer: "https://a.example" audiences: "kith"\n'
        ' jwks_file: "corp.jwks" tenant_slug: "demo" scopes_claim: "scope"\n'
        ' allowed_scopes: "customers.read" assurance: ASSURANCE_REPORTED }'
    )
    (directory / "corp.jwks").write_text(json.dumps({"keys": [_public_key()]}))
    shared = [
        f"--tls_certificate_file={certificate}",
        f"--tls_key_file={key}",
        f"--issuers_file={issuers}",
        f"--trace_target={trace_target}",
        "--trace_ratio=1",
    ]
    gateway = [
        f"--backends_tls_ca_file={certificate}",
        f"--http_tls_certificate_file={certificate}",
        f"--http_tls_key_file={key}",
        f"--session_keys_file={sessions}",
        f"--connectors_file={ROOT / 'tools/kithdev/sample/connectors.textproto'}",
    ]
    return {**{name: shared for name in OWNERS}, GATEWAY: [*shared, *gateway]}


def _public_key() -> dict:
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    x, y = (
        base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")
        for number in (numbers.x, numbers.y)
    )
    return {"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "a", "x": x, "y": y}


def _fill(prometheus: Prometheus, query: checks.Query) -> str:
    """The expression with the variables of its dashboard, as Grafana fills them in."""
    (dashboard,) = (each for each in DASHBOARDS if each["title"] == query.dashboard)
    values = {"namespace": ".*", "__rate_interval": "10s"}
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "constant":
            values[variable["name"]] = variable["query"]
        elif variable["type"] == "query" and variable["name"] not in values:
            values[variable["name"]] = _all_of(prometheus, variable, values)
    return _substitute(query.expression, values)


def _all_of(prometheus: Prometheus, variable: dict, values: dict[str, str]) -> str:
    """What "All" stands for."""
    form = r"label_values\((.+), (\w+)\)"
    series, label = re.fullmatch(form, variable["definition"]).groups()
    wanted = re.compile(variable["regex"].strip("/"))
    chosen: list[str] = []

    def choose() -> bool:
        found = prometheus.values(_substitute(series, values), label)
        chosen[:] = filter(wanted.search, found)
        return bool(chosen)

    wait_until(choose, _SECONDS)
    return "|".join(chosen)


def _substitute(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\$(\w+)", lambda match: values[match[1]], text)


def _has_data(prometheus: Prometheus, expression: str) -> bool:
    return any(each["value"][1] != "NaN" for each in prometheus.query(expression))


def _scrape(service) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://{service.address.ops}/metrics", timeout=20) as reply:
        return reply.read().decode()


def _is_ours(path: Path) -> bool:
    first = path.relative_to(ROOT).parts[0]
    return first not in ("build", "tests", "tools") and not path.stem.endswith("_test")


def _assert_apart(panels: list[dict]) -> None:
    """No panel lies on another one."""
    taken: set[tuple[int, int]] = set()
    for place in (panel["gridPos"] for panel in panels):
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        taken |= cells
