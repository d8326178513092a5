"""Traffic: what the NetworkPolicies let through, asked of each pair of pods."""

from itertools import product
from typing import Iterator

from bundle import Bundle, Workload
from policy import policy

# Ports that calls go to, by the role of who takes them; the database has its own.
_GRPC, _OPS, _HTTP = 7700, 7701, 7702

# NodeLocal DNSCache.
_CACHE_OF_A_NODE = "169.254.20.10/32"

# What is beyond the namespace, by its port.
_WAYS_OUT = {3306: "database", 4000: "database", 4317: "collector"}

# docs/architecture.md: the gateway calls the services, a service its database.
_CALLS = {("gateway", "service", _GRPC)} | {
    (role, "database", 3306) for role in ("service", "one", "migration")
}

# Namespaces by their label, and whom their pods may call.
_FROM_OUTSIDE = {
    ("kith/calls", "gateway"): {
        (role, port) for role in ("gateway", "one") for port in (_GRPC, _HTTP)
    },
    ("kith/calls-services", "true"): {("service", _GRPC)},
    ("kubernetes.io/metadata.name", "monitoring"): {
        (role, _OPS) for role in ("gateway", "service", "one")
    },
    ("kubernetes.io/metadata.name", "elsewhere"): set(),
}


def matches(selector: dict, labels: dict[str, str]) -> bool:
    """Whether a selector finds what has these labels."""
    if not selector.get("matchLabels", {}).items() <= labels.items():
        return False
    for each in selector.get("matchExpressions", []):
        if each["operator"] != "In":
            raise ValueError(f"{each['operator']}: only In is known here")
        if labels.get(each["key"]) not in each["values"]:
            return False
    return True


def _rules(bundle: Bundle, labels: dict[str, str], way: str) -> Iterator[dict] | None:
    """The rules of pods for "ingress" or "egress"; None where all is let through."""
    mine = [
        each["spec"]
        for each in bundle.of("NetworkPolicy")
        if way.capitalize() in each["spec"]["policyTypes"]
        and matches(each["spec"]["podSelector"], labels)
    ]
    return [rule for spec in mine for rule in spec.get(way, [])] if mine else None


def _lets(rules, way: str, pod: dict, space: dict | None, port: int) -> bool:
    """Whether rules let pods with these labels through; `space` if elsewhere."""
    if rules is None:
        return True
    for rule in rules:
        ports = {each["port"] for each in rule.get("ports", [{"port": port}])}
        for peer in rule.get("from" if way == "ingress" else "to", [{}]):
            there = "namespaceSelector" in peer
            found = matches(peer.get("podSelector", {}), pod)
            if there:
                found = found and matches(peer["namespaceSelector"], space or {})
            if found and there == (space is not None) and "ipBlock" not in peer:
                if port in ports:
                    return True
    return False


def _calls(bundle: Bundle, source: Workload, target: Workload, port: int) -> bool:
    out = _rules(bundle, source.labels, "egress")
    into = _rules(bundle, target.labels, "ingress")
    return _lets(out, "egress", target.labels, None, port) and _lets(
        into, "ingress", source.labels, None, port
    )


@policy
def only_edges_of_the_architecture_are_open(bundle):
    pairs = product(bundle.workloads(), bundle.workloads())
    for (source, target), port in product(pairs, (_GRPC, _OPS, _HTTP, 3306)):
        wanted = (source.role, target.role, port) in _CALLS
        if _calls(bundle, source, target, port) != wanted:
            yield f"{source} to {target}, port {port}: want {wanted}"


@policy
def only_known_namespaces_come_in(bundle):
    for ((key, value), open_to), target in product(
        _FROM_OUTSIDE.items(), bundle.workloads()
    ):
        for port in (_GRPC, _OPS, _HTTP, 3306):
            rules = _rules(bundle, target.labels, "ingress")
            if rules is None:
                continue  # all_is_denied_at_first says so.
            wanted = (target.role, port) in open_to
            if _lets(rules, "ingress", {}, {key: value}, port) != wanted:
                yield f"{key}={value} to {target}, port {port}: want {wanted}"


@policy
def names_are_found(bundle):
    space = {"kubernetes.io/metadata.name": "kube-system"}
    for workload in bundle.workloads():
        rules = _rules(bundle, workload.labels, "egress")
        if not _lets(rules, "egress", {"k8s-app": "kube-dns"}, space, 53):
            yield f"{workload}: cannot ask for names"


@policy
def names_are_found_in_the_cache_of_a_node(bundle):
    for workload in bundle.workloads():
        rules = _rules(bundle, workload.labels, "egress") or []
        blocks = [
            peer.get("ipBlock")
            for rule in rules
            if {each["port"] for each in rule.get("ports", [])} == {53}
            for peer in rule.get("to", [])
        ]
        if {"cidr": _CACHE_OF_A_NODE} not in blocks:
            yield f"{workload}: cannot ask {_CACHE_OF_A_NODE} for names"


def _ways_out(rules: list[dict] | None) -> Iterator[tuple[str, dict]]:
    """What is let through beyond the namespace, names aside: what it is, and where."""
    for rule in [{}] if rules is None else rules:
        ports = {each["port"] for each in rule.get("ports", [])}
        for peer in rule.get("to", [{}]):
            far = peer.get("ipBlock") or peer.get("namespaceSelector")
            if ports == {53} or (not far and "podSelector" in peer):
                continue
            ways = {_WAYS_OUT.get(port, "") for port in ports} if far else {""}
            yield (ways.pop() if len(ways) == 1 else ""), peer


@policy
def nothing_else_goes_out(bundle):
    inside = any(each.role == "database" for each in bundle.workloads())
    for workload in bundle.workloads():
        wanted = []
        if bundle.flag(workload, "trace_target"):
            wanted.append("collector")
        if workload.role in ("service", "one", "migration") and not inside:
            wanted.append("database")
        found = list(_ways_out(_rules(bundle, workload.labels, "egress")))
        if sorted(way for way, _ in found) != wanted:
            yield f"{workload}: wants {wanted}, goes to {found}"


@policy
def spans_reach_their_collector(bundle):
    for workload in bundle.servers():
        target = bundle.flag(workload, "trace_target")
        if not target:
            continue
        host, _, port = target.removeprefix("dns:///").partition(":")
        space = {"kubernetes.io/metadata.name": host.partition(".")[2]}
        rules = _rules(bundle, workload.labels, "egress")
        if not _lets(rules, "egress", {}, space, int(port)):
            yield f"{workload}: --trace_target={target} is not let out"


@policy
def all_is_denied_at_first(bundle):
    unseen = {"app.kubernetes.io/name": "unseen"}
    for way in ("ingress", "egress"):
        if _rules(bundle, unseen, way) is None:
            yield f"{way} of a pod that nobody thought of is open"
