"""The policies hold for all overlays, and each finds the fault that it is for."""

import copy
import re
from functools import cache

import pytest

import flag_policies  # noqa: F401
import manifests
import pod_policies  # noqa: F401
import policy
import traffic_policies  # noqa: F401
import wiring_policies  # noqa: F401
from bundle import Bundle
from kithdev.paths import ROOT
from planting import (
    adds_argument,
    container,
    in_container,
    in_pod,
    pod,
    removes,
    rewrites,
    sets,
    spec,
    volume,
    without,
    workload,
)

_ANYWHERE = {"namespaceSelector": {}}


def _of_every_pod(bundle):
    for each in bundle.workloads():
        yield each.pod


def _rewrite_mount(name, mounted, **changes):
    def plant(bundle):
        for mount in container(bundle, name)["volumeMounts"]:
            if mount["name"] == mounted:
                mount.update(changes)

    return plant


def _rename_label(bundle):
    del workload(bundle, "gateway").labels["app.kubernetes.io/part-of"]
    for each in pod(bundle, "gateway")["topologySpreadConstraints"]:
        each["labelSelector"]["matchLabels"] = {"app.kubernetes.io/name": "gateway"}


def _drop_ports(kind):
    def plant(bundle):
        for each in bundle.of(kind):
            each["spec"]["rules"][0]["backendRefs"][0]["port"] = 1

    return plant


def _unlabel_namespace(bundle):
    del bundle.of("Namespace")[0]["metadata"]["labels"]


def _share_password(bundle):
    found = volume(bundle, "interactions-svc", "database")
    found["secret"]["secretName"] = "contacts-svc-database"
    del bundle.given["Secret", "interactions-svc-database"]


def _move_migration(bundle):
    sources = volume(bundle, "identity-svc-migrate", "flags")["projected"]["sources"]
    name = sources[0]["configMap"]["name"]
    other = copy.deepcopy(bundle.find("ConfigMap", name))
    other["metadata"]["name"] = "other"
    text = other["data"]["database.flags"]
    other["data"]["database.flags"] = text.replace("db.example.com", "old.example.com")
    bundle.objects.append(other)
    sources[0] = {"configMap": {"name": "other"}}


def _adds_rule(name, way, rule):
    def plant(bundle):
        spec(bundle, "NetworkPolicy", name).setdefault(way, []).append(rule)

    return plant


# A fault for each policy, in prod with traces and its migrations.
_PLANTED = {
    # pod_policies
    "image_has_a_fixed_tag": lambda b: [
        one["containers"][0].update(image=re.sub(":.*", ":latest", image))
        for one in _of_every_pod(b)
        for image in [one["containers"][0]["image"]]
    ],
    "requests_are_set": removes("gateway", "resources", "requests", "memory"),
    "memory_is_limited": removes("contacts-svc", "resources", "limits", "memory"),
    "memory_holds_what_calls_may_bring": in_container(
        "gateway", "resources", "limits", "memory", value="1Gi"
    ),
    "processor_is_not_limited": in_container(
        "gateway", "resources", "limits", "cpu", value="1"
    ),
    "runs_as_a_user": in_pod("gateway", "securityContext", "runAsUser", value=0),
    "seccomp_is_on": in_pod(
        "contacts-svc-migrate",
        "securityContext",
        "seccompProfile",
        value={"type": "Unconfined"},
    ),
    "privileges_are_dropped": removes(
        "identity-svc", "securityContext", "capabilities"
    ),
    "root_is_read_only": removes(
        "gateway", "securityContext", "readOnlyRootFilesystem"
    ),
    "token_is_not_mounted": in_pod(
        "gateway", "automountServiceAccountToken", value=True
    ),
    "host_is_not_shared": in_pod("gateway", "hostNetwork", value=True),
    "service_links_are_off": in_pod("gateway", "enableServiceLinks", value=True),
    "has_three_probes": removes("gateway", "livenessProbe"),
    "probes_ask_their_paths": in_container(
        "gateway", "livenessProbe", "httpGet", "path", value="/readyz"
    ),
    "probed_ports_exist": in_container(
        "gateway", "livenessProbe", value={"tcpSocket": {"port": "oops"}}
    ),
    "start_is_waited_for": in_container(
        "gateway", "startupProbe", "failureThreshold", value=3
    ),
    "grace_covers_the_drain": in_pod(
        "gateway", "terminationGracePeriodSeconds", value=30
    ),
    "endpoints_are_left_before_the_end": rewrites(
        "process-flags", "process.flags", "drain_delay=5s", "drain_delay=2s"
    ),
    "nothing_runs_before_the_stop": in_container(
        "gateway", "lifecycle", value={"preStop": {"sleep": {"seconds": 5}}}
    ),
    "rollout_keeps_all_replicas": sets(
        "Deployment", "gateway", "strategy", "rollingUpdate", "maxUnavailable", value=1
    ),
    "rollout_waits_for_callers": sets(
        "Deployment", "gateway", "minReadySeconds", value=1
    ),
    "replicas_are_spread": lambda b: pod(b, "gateway")[
        "topologySpreadConstraints"
    ].pop(),
    "a_lost_zone_freezes_nothing": lambda b: pod(b, "gateway")[
        "topologySpreadConstraints"
    ][0].update(minDomains=3),
    "job_ends_by_itself": sets(
        "Job", "contacts-svc-migrate", "activeDeadlineSeconds", value=3600
    ),
    "job_can_be_repeated": sets("Job", "contacts-svc-migrate", "backoffLimit", value=3),
    # wiring_policies
    "selectors_meet": sets(
        "Service", "gateway-edge", "selector", value={"app.kubernetes.io/name": "typo"}
    ),
    "target_ports_exist": lambda b: spec(b, "Service", "contacts-svc")["ports"][
        0
    ].update(targetPort="metrics"),
    "callers_balance": lambda b: spec(b, "Service", "gateway").pop("clusterIP"),
    "callers_get_ready_replicas": sets(
        "Service", "identity-svc", "publishNotReadyAddresses", value=True
    ),
    "budget_for_each": without("PodDisruptionBudget", "identity-svc"),
    "accounts_exist": without("ServiceAccount", "gateway"),
    "secrets_and_config_maps_exist": lambda b: volume(b, "gateway", "gateway")[
        "secret"
    ].update(
        items=[
            {"key": key, "path": key}
            for key in ("service.key", "session.keys", "link.keys", "one that it lacks")
        ]
    ),
    "nothing_is_made_in_vain": lambda b: b.given.update({("Secret", "old"): {"key"}}),
    "authorities_exist": lambda b: b.given[("ConfigMap", "kith-ca")].clear(),
    "secrets_are_files": in_container(
        "gateway",
        "env",
        value=[{"name": "X", "valueFrom": {"secretKeyRef": {"name": "x", "key": "x"}}}],
    ),
    "secret_files_are_closed": lambda b: volume(b, "gateway", "tls")["secret"].update(
        defaultMode=0o444
    ),
    "secrets_are_renewed": _rewrite_mount("gateway", "access", subPath="."),
    "mounts_and_volumes_agree": lambda b: pod(b, "gateway")["volumes"].append(
        {"name": "scratch", "emptyDir": {}}
    ),
    "made_files_are_read_only": _rewrite_mount("gateway", "tls", readOnly=False),
    "autoscaled_workloads_exist": sets("Deployment", "gateway", "replicas", value=1),
    "production_has_three_replicas": sets(
        "HorizontalPodAutoscaler", "gateway", "minReplicas", value=1
    ),
    "pods_are_scraped_ready_or_not": lambda b: spec(b, "PodMonitor", "kith")[
        "podMetricsEndpoints"
    ][0].update(port="metrics"),
    "routes_lead_to_ports": _drop_ports("GRPCRoute"),
    "all_are_in_one_restricted_namespace": _unlabel_namespace,
    "objects_are_labelled": _rename_label,
    "roles_are_of_objects_as_of_pods": lambda b: b.find("Deployment", "gateway")[
        "metadata"
    ]["labels"].pop("kith/role"),
    "migrations_are_of_the_same_image": in_container(
        "contacts-svc-migrate", "image", value="registry.example.com/kith/x:0.0.9"
    ),
    # flag_policies
    "flag_files_exist": adds_argument("gateway", "--flagfile=/etc/kith/flags/typo"),
    "files_of_flags_exist": rewrites(
        "gateway-flags", "gateway.flags", "/session.keys", "/sessions.keys"
    ),
    "flags_are_given_once": adds_argument("gateway", "--drain_delay=5s"),
    "ports_agree_with_flags": rewrites(
        "gateway-flags", "gateway.flags", "0.0.0.0:7702", "0.0.0.0:8080"
    ),
    "targets_are_headless_services": rewrites(
        "gateway-flags", "gateway.flags", "dns:///identity-svc:", "dns:///identity:"
    ),
    "plaintext_stays_inside": lambda b: [
        rewrites(
            "service-flags",
            "database.flags",
            "--db_tls_ca_file=/etc/kith/database-ca/ca.crt",
            "",
        )(b),
        rewrites(
            "service-flags",
            "service.flags",
            "--tls_certificate_file=/etc/kith/tls/tls.crt\n"
            "--tls_key_file=/etc/kith/tls/tls.key\n"
            "--tls_ca_file=/etc/kith/tls/ca.crt",
            "--allow_plaintext",
        )(b),
    ],
    "links_have_tls": rewrites(
        "service-flags",
        "service.flags",
        "--tls_ca_file=/etc/kith/tls/ca.crt",
        "",
    ),
    "strangers_learn_nothing": adds_argument("gateway", "--reflection"),
    "schemas_have_users_of_their_own": rewrites(
        "identity-svc-flags", "own.flags", "db_user=kith_identity", "db_user=root"
    ),
    "every_schema_is_migrated": lambda b: container(b, "identity-svc-migrate")[
        "args"
    ].remove("--migrate"),
    "passwords_are_not_shared": _share_password,
    "migration_finds_the_same_database": _move_migration,
    "sessions_fit_the_database": sets(
        "HorizontalPodAutoscaler", "contacts-svc", "maxReplicas", value=15
    ),
    # traffic_policies
    "only_edges_of_the_architecture_are_open": without(
        "NetworkPolicy", "gateway-to-services"
    ),
    "only_known_namespaces_come_in": _adds_rule(
        "scrape",
        "ingress",
        {"from": [_ANYWHERE], "ports": [{"protocol": "TCP", "port": 7700}]},
    ),
    "names_are_found": lambda b: spec(b, "NetworkPolicy", "dns")["egress"][0]["to"].pop(
        0
    ),
    "names_are_found_in_the_cache_of_a_node": lambda b: spec(b, "NetworkPolicy", "dns")[
        "egress"
    ][0]["to"].pop(),
    "nothing_else_goes_out": _adds_rule(
        "deny-all", "egress", {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}
    ),
    "spans_reach_their_collector": rewrites(
        "process-flags", "traces.flags", "collector.monitoring:", "collector.elsewhere:"
    ),
    "all_is_denied_at_first": without("NetworkPolicy", "deny-all"),
}


@cache
def _bundle(overlay):
    return manifests.bundle(overlay)


@pytest.fixture(params=manifests.OVERLAYS)
def overlay(request):
    return request.param


def test_the_manifests_have_no_fault(overlay):
    assert policy.faults(_bundle(overlay)) == {}


@pytest.mark.parametrize("name", policy.names())
def test_a_planted_fault_is_found_by_its_policy_alone(name):
    bundle = copy.deepcopy(_bundle("traced"))
    _PLANTED[name](bundle)
    assert set(policy.faults(bundle)) == {name}


def test_a_migration_is_made_of_what_the_overlay_is_made_of(overlay):
    def by_name(folder):
        return {
            (each["kind"], each["metadata"]["name"]): each
            for each in manifests.render(folder)
        }

    whole = by_name(manifests.OVERLAYS[overlay])
    first = by_name(f"{manifests.OVERLAYS[overlay]}/migrate")
    differ = [key for key in whole.keys() & first.keys() if whole[key] != first[key]]
    assert not differ
    assert {kind for kind, _ in first.keys() - whole.keys()} == {"Job"}


def test_a_migration_finds_its_database_before_all_else_is_there(overlay):
    first = Bundle(manifests.render(f"{manifests.OVERLAYS[overlay]}/migrate"), {})
    of_traffic = set(policy.names("traffic_policies"))
    assert of_traffic and not of_traffic & policy.faults(first).keys()


def test_production_waits_for_the_zone_with_the_fewest_replicas():
    for each in _bundle("prod").servers():
        zones = each.pod["topologySpreadConstraints"][0]
        assert zones["topologyKey"] == "topology.kubernetes.io/zone"
        assert zones["whenUnsatisfiable"] == "DoNotSchedule"


def test_the_page_of_production_lets_its_way_in_come_in():
    page = (manifests.K8S / "overlays" / "prod" / "README.md").read_text()
    for kind in ("HTTPRoute", "GRPCRoute"):
        for route in _bundle("prod").of(kind):
            (parent,) = route["spec"]["parentRefs"]
            label = f"label namespace {parent['namespace']} kith/calls=gateway"
            assert f"`kubectl {label}`" in page


def test_pods_agree_with_their_images(overlay):
    made = (manifests.K8S / "image" / "Containerfile").read_text()
    ran = [each for each in _bundle(overlay).workloads() if each.role != "database"]
    for each in ran:
        name = each.pod["containers"][0]["image"].rpartition("/")[2].partition(":")[0]
        user = each.pod["securityContext"]
        assert f" AS {name}\n" in made
        assert f'ENTRYPOINT ["/usr/bin/{name}"]' in made
        assert f"USER {user['runAsUser']}:{user['runAsGroup']}\n" in made
        viewer = _bundle(overlay).flag(each, "docs_directory")
        assert not viewer or f"/docs {viewer}\n" in made


def test_the_database_for_trying_has_the_settings_of_the_tests():
    def settings(text):
        lines = (re.sub(r"\s*=\s*", "=", each.strip()) for each in text.splitlines())
        return {line for line in lines if line and not line.startswith("#")}

    mine = (manifests.K8S / "components" / "mariadb" / "kith.cnf").read_text()
    tests = (ROOT / "tools" / "mariadb.cnf").read_text()
    assert settings(tests) - settings(mine) == {"skip_networking"}
    assert settings(mine) <= settings(tests)
