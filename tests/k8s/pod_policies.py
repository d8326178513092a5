"""How each pod runs: its rights, its resources, its probes, its end."""

from typing import Iterator

from bundle import Bundle, Workload, milliseconds, parse_bytes
from policy import policy

# The process exits by itself so long after its drain (common/rpc/process.cc).
_EXIT_MILLISECONDS = 5_000
_SPARE_MILLISECONDS = 5_000
# Defaults of flags: --flow_limit, --workers, --queue_limit, --max_request_bytes.
_FLOWS, _WORKERS, _QUEUE, _REQUEST_BYTES = 256, 8, 256, 4 << 20
# What a byte of a request takes while it waits or is on its way, measured:
# docs/operations.md, "Sizes".
_MEMORY_OF_A_BYTE = {"gateway": 1.8, "service": 1.3, "one": 2.2}
# The lease that a migration leaves when it is killed, and by when all tries are over.
_LEASE_SECONDS, _MIGRATION_SECONDS = 10 * 60, 20 * 60
_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def _containers(bundle: Bundle) -> Iterator[tuple[Workload, dict]]:
    for workload in bundle.workloads():
        for container in workload.containers:
            yield workload, container


@policy
def image_has_a_fixed_tag(bundle):
    for workload, container in _containers(bundle):
        name, _, tag = container["image"].rpartition("/")[2].partition(":")
        if tag in ("", "latest") and "@sha256:" not in container["image"]:
            yield f"{workload}: image {name} has the tag {tag or 'latest'}"


@policy
def requests_are_set(bundle):
    for workload, container in _containers(bundle):
        for resource in ("cpu", "memory"):
            if resource not in container.get("resources", {}).get("requests", {}):
                yield f"{workload}: requests no {resource}"


@policy
def memory_is_limited(bundle):
    for workload, container in _containers(bundle):
        if "memory" not in container.get("resources", {}).get("limits", {}):
            yield f"{workload}: may take all memory of its node"


@policy
def memory_holds_what_calls_may_bring(bundle):
    for workload in bundle.servers():
        calls = int(bundle.flag(workload, "flow_limit") or _FLOWS)
        if workload.role == "service":
            workers = int(bundle.flag(workload, "workers") or _WORKERS)
            calls = workers + int(bundle.flag(workload, "queue_limit") or _QUEUE)
        size = int(bundle.flag(workload, "max_request_bytes") or _REQUEST_BYTES)
        needed = calls * size * _MEMORY_OF_A_BYTE[workload.role]
        limits = workload.pod["containers"][0].get("resources", {}).get("limits", {})
        if "memory" in limits and parse_bytes(limits["memory"]) < needed:
            yield f"{workload}: {calls} calls take {needed / 2**20:.0f} MiB"


@policy
def processor_is_not_limited(bundle):
    for workload, container in _containers(bundle):
        if "cpu" in container.get("resources", {}).get("limits", {}):
            yield f"{workload}: would be slowed down while its node idles"


@policy
def runs_as_a_user(bundle):
    for workload in bundle.workloads():
        context = workload.pod.get("securityContext", {})
        if context.get("runAsNonRoot") is not True or not context.get("runAsUser"):
            yield f"{workload}: may run as root"


@policy
def seccomp_is_on(bundle):
    for workload in bundle.workloads():
        profile = workload.pod.get("securityContext", {}).get("seccompProfile", {})
        if profile.get("type") != "RuntimeDefault":
            yield f"{workload}: has no seccomp profile"


@policy
def privileges_are_dropped(bundle):
    for workload, container in _containers(bundle):
        context = container.get("securityContext", {})
        dropped = context.get("capabilities", {})
        if context.get("allowPrivilegeEscalation") is not False:
            yield f"{workload}: may gain privileges"
        if context.get("privileged") or dropped != {"drop": ["ALL"]}:
            yield f"{workload}: has capabilities"


@policy
def root_is_read_only(bundle):
    for workload, container in _containers(bundle):
        if not container.get("securityContext", {}).get("readOnlyRootFilesystem"):
            yield f"{workload}: can write to its image"


@policy
def token_is_not_mounted(bundle):
    for workload in bundle.workloads():
        if workload.pod.get("automountServiceAccountToken") is not False:
            yield f"{workload}: can speak to the cluster"


@policy
def host_is_not_shared(bundle):
    for workload in bundle.workloads():
        for shared in ("hostNetwork", "hostPID", "hostIPC"):
            if workload.pod.get(shared):
                yield f"{workload}: {shared}"
        for volume in workload.pod.get("volumes", []):
            if "hostPath" in volume:
                yield f"{workload}: mounts {volume['hostPath']} of its node"
    for workload, container in _containers(bundle):
        if any("hostPort" in port for port in container.get("ports", [])):
            yield f"{workload}: takes a port of its node"


@policy
def service_links_are_off(bundle):
    for workload in bundle.workloads():
        if workload.pod.get("enableServiceLinks") is not False:
            yield f"{workload}: gets variables for each Service"


@policy
def has_three_probes(bundle):
    for workload, container in _containers(bundle):
        for probe in _PROBES:
            if probe not in container and workload.kind != "Job":
                yield f"{workload}: no {probe}"


@policy
def probes_ask_their_paths(bundle):
    wanted = dict(zip(_PROBES, ("/livez", "/livez", "/readyz")))
    for workload in bundle.servers():
        for probe, path in wanted.items():
            asked = workload.pod["containers"][0].get(probe, {}).get("httpGet")
            if asked and asked != {"path": path, "port": "ops"}:
                yield f"{workload}: {probe} asks {asked}"


@policy
def probed_ports_exist(bundle):
    for workload, container in _containers(bundle):
        for probe in _PROBES:
            for way in ("httpGet", "tcpSocket"):
                port = container.get(probe, {}).get(way, {}).get("port")
                if port is not None and port not in workload.ports:
                    yield f"{workload}: {probe} asks port {port}"


@policy
def start_is_waited_for(bundle):
    for workload in bundle.servers():
        probe = workload.pod["containers"][0].get("startupProbe", {})
        if probe and probe.get("failureThreshold", 3) * probe["periodSeconds"] < 30:
            yield f"{workload}: is killed within 30 s of its start"


@policy
def grace_covers_the_drain(bundle):
    for workload in bundle.servers():
        needed = sum(
            milliseconds(bundle.flag(workload, name) or "0s")
            for name in ("drain_delay", "drain_timeout")
        )
        needed += _EXIT_MILLISECONDS + _SPARE_MILLISECONDS
        grace = workload.pod.get("terminationGracePeriodSeconds", 30) * 1000
        if grace < needed:
            yield f"{workload}: is killed after {grace} ms, drains for {needed} ms"


@policy
def endpoints_are_left_before_the_end(bundle):
    for workload in bundle.servers():
        probe = workload.pod["containers"][0].get("readinessProbe", {})
        noticed = probe.get("periodSeconds", 10) * probe.get("failureThreshold", 3)
        delay = milliseconds(bundle.flag(workload, "drain_delay") or "500ms")
        if delay < noticed * 1000:
            yield f"{workload}: serves {delay} ms, not ready is seen in {noticed} s"


@policy
def nothing_runs_before_the_stop(bundle):
    for workload, container in _containers(bundle):
        if "lifecycle" in container:
            yield f"{workload}: has a lifecycle hook; drain_delay is what waits"


@policy
def rollout_keeps_all_replicas(bundle):
    for workload in bundle.servers():
        rolling = workload.spec.get("strategy", {}).get("rollingUpdate", {})
        if rolling.get("maxUnavailable") != 0 or not rolling.get("maxSurge"):
            yield f"{workload}: takes a replica away before another is there"


@policy
def rollout_waits_for_callers(bundle):
    for workload in bundle.servers():
        if workload.spec.get("minReadySeconds", 0) < 15:
            yield f"{workload}: is replaced faster than gRPC looks names up"


@policy
def replicas_are_spread(bundle):
    for workload in bundle.servers():
        spread = workload.pod.get("topologySpreadConstraints", [])
        keys = {each["topologyKey"] for each in spread}
        if keys != {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}:
            yield f"{workload}: is spread over {sorted(keys)}"
        for each in spread:
            labels = each["labelSelector"]["matchLabels"]
            if not labels.items() <= workload.labels.items():
                yield f"{workload}: is spread among others, {labels}"


@policy
def a_lost_zone_freezes_nothing(bundle):
    for workload in bundle.servers():
        for each in workload.pod.get("topologySpreadConstraints", []):
            if each["whenUnsatisfiable"] != "DoNotSchedule":
                continue
            if "minDomains" in each or each.get("nodeTaintsPolicy") != "Honor":
                yield f"{workload}: waits for a {each['topologyKey']} that is gone"


@policy
def job_can_be_repeated(bundle):
    for workload in bundle.workloads():
        if workload.kind != "Job":
            continue
        if workload.pod.get("restartPolicy") != "Never":
            yield f"{workload}: loses its log when it fails"
        # 10 s, twice as long each time, 6 minutes at most.
        tries = workload.spec.get("backoffLimit", 6)
        if sum(min(10 * 2**n, 360) for n in range(tries)) < _LEASE_SECONDS:
            yield f"{workload}: gives up before the lease of a dead one ends"
        if "ttlSecondsAfterFinished" not in workload.spec:
            yield f"{workload}: stays for ever"


@policy
def job_ends_by_itself(bundle):
    for workload in bundle.workloads():
        if workload.kind != "Job":
            continue
        seconds = workload.spec.get("activeDeadlineSeconds", 0)
        if not _LEASE_SECONDS < seconds < _MIGRATION_SECONDS:
            yield f"{workload}: ends after {seconds} s; wants 10 to 20 minutes"
