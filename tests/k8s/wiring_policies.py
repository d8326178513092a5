"""Names: what an object points to is there, and what is there is used."""

from bundle import mounts_of, name_of, references
from policy import policy
from traffic_policies import matches


@policy
def selectors_meet(bundle):
    for service in bundle.of("Service"):
        if len(bundle.selected(service["spec"].get("selector", {}))) != 1:
            yield f"Service {name_of(service)}: wants the pods of one workload"
    for workload in bundle.workloads():
        chosen = workload.spec.get("selector", {}).get("matchLabels", {})
        if workload.kind != "Job" and bundle.selected(chosen) != [workload]:
            yield f"{workload}: wants its own pods"


@policy
def target_ports_exist(bundle):
    for service in bundle.of("Service"):
        for workload in bundle.selected(service["spec"].get("selector", {})):
            for port in service["spec"]["ports"]:
                if workload.ports.get(port["targetPort"]) != port["port"]:
                    yield f"Service {name_of(service)}: port {port['name']}"


@policy
def callers_balance(bundle):
    for workload in bundle.servers():
        service = bundle.find("Service", workload.name)
        if service is None or service["spec"].get("clusterIP") != "None":
            yield f"{workload}: has no headless Service of its name"


@policy
def callers_get_ready_replicas(bundle):
    for service in bundle.of("Service"):
        if service["spec"].get("publishNotReadyAddresses"):
            yield f"Service {name_of(service)}: has pods that are not ready"


@policy
def budget_for_each(bundle):
    budgets = [each["spec"] for each in bundle.of("PodDisruptionBudget")]
    for workload in bundle.servers():
        mine = [
            each
            for each in budgets
            if bundle.selected(each["selector"]["matchLabels"]) == [workload]
        ]
        if [each.get("maxUnavailable") for each in mine] != [1]:
            yield f"{workload}: wants one budget, of one replica at a time"


@policy
def accounts_exist(bundle):
    for workload in bundle.servers():
        name = workload.pod.get("serviceAccountName", "default")
        account = bundle.find("ServiceAccount", name)
        if not account or account.get("automountServiceAccountToken") is not False:
            yield f"{workload}: account {name}"


@policy
def secrets_and_config_maps_exist(bundle):
    for workload in bundle.workloads():
        for volume in workload.pod.get("volumes", []):
            for kind, name, items in references(volume):
                keys = bundle.keys(kind, name)
                if keys is None:
                    yield f"{workload}: no {kind} {name}"
                elif not {item["key"] for item in items} <= keys:
                    yield f"{workload}: {kind} {name} has only {sorted(keys)}"


@policy
def nothing_is_made_in_vain(bundle):
    used = {
        (kind, name)
        for workload in bundle.workloads()
        for volume in workload.pod.get("volumes", [])
        for kind, name, _ in references(volume)
    }
    used |= {("ConfigMap", name) for name in _authorities(bundle)}
    made = {(kind, name_of(each)) for kind in _KINDS for each in bundle.of(kind)}
    for kind, name in sorted((made | set(bundle.given)) - used):
        yield f"{kind} {name}: nobody uses it"


_KINDS = ("Secret", "ConfigMap")


def _authorities(bundle):
    for each in bundle.of("BackendTLSPolicy"):
        for reference in each["spec"]["validation"]["caCertificateRefs"]:
            yield reference["name"]


@policy
def authorities_exist(bundle):
    for name in _authorities(bundle):
        if "ca.crt" not in (bundle.keys("ConfigMap", name) or ()):
            yield f"BackendTLSPolicy: no ConfigMap {name} with ca.crt"


@policy
def secrets_are_files(bundle):
    for workload in bundle.workloads():
        for container in workload.containers:
            sources = [each.get("valueFrom", {}) for each in container.get("env", [])]
            sources += container.get("envFrom", [])
            if any("secret" in key.lower() for each in sources for key in each):
                yield f"{workload}: has a secret in its environment"


@policy
def secret_files_are_closed(bundle):
    for workload in bundle.workloads():
        for volume in workload.pod.get("volumes", []):
            of_secrets = any(kind == "Secret" for kind, _, _ in references(volume))
            volume_source = volume.get("secret") or volume.get("projected") or {}
            if of_secrets and volume_source.get("defaultMode", 0o644) != 0o440:
                yield f"{workload}: others may read {volume['name']}"


@policy
def secrets_are_renewed(bundle):
    for workload in bundle.workloads():
        volumes = {each["name"]: each for each in workload.pod.get("volumes", [])}
        for mount in mounts_of(workload):
            made = any(references(volumes.get(mount["name"], {})))
            if made and "subPath" in mount:
                yield f"{workload}: a subPath of {mount['name']} stays as it is"


@policy
def mounts_and_volumes_agree(bundle):
    for workload in bundle.workloads():
        mounted = {mount["name"] for mount in mounts_of(workload)}
        volumes = {each["name"] for each in workload.pod.get("volumes", [])}
        claims = workload.spec.get("volumeClaimTemplates", [])
        volumes |= {name_of(claim) for claim in claims}
        for name in sorted(mounted ^ volumes):
            yield f"{workload}: {name} is only a volume or only mounted"


@policy
def made_files_are_read_only(bundle):
    for workload in bundle.workloads():
        volumes = {each["name"]: each for each in workload.pod.get("volumes", [])}
        for mount in mounts_of(workload):
            made = any(references(volumes.get(mount["name"], {})))
            if made and mount.get("readOnly") is not True:
                yield f"{workload}: {mount['name']} is not mounted read-only"


@policy
def autoscaled_workloads_exist(bundle):
    for each in bundle.of("HorizontalPodAutoscaler"):
        target = each["spec"]["scaleTargetRef"]
        found = bundle.find(target["kind"], target["name"])
        if found is None:
            yield f"autoscaler {name_of(each)}: no {target['name']}"
        elif "replicas" in found["spec"]:
            yield f"{target['name']}: replicas are set, and by an autoscaler as well"


@policy
def production_has_three_replicas(bundle):
    for each in bundle.of("HorizontalPodAutoscaler"):
        spec = each["spec"]
        if not 3 <= spec.get("minReplicas", 1) < spec["maxReplicas"]:
            yield f"autoscaler {name_of(each)}: wants 3 replicas at least, and room"


@policy
def pods_are_scraped_ready_or_not(bundle):
    for monitor in bundle.of("ServiceMonitor"):
        yield f"ServiceMonitor {name_of(monitor)}: goes by Services; wants a PodMonitor"
    servers = sorted(workload.name for workload in bundle.servers())
    for monitor in bundle.of("PodMonitor"):
        spec = monitor["spec"]
        found = [
            each
            for each in bundle.workloads()
            if matches(spec["selector"], each.labels)
        ]
        for endpoint in spec["podMetricsEndpoints"]:
            scraped = sorted(
                each.labels[spec["jobLabel"]]
                for each in found
                if endpoint["port"] in each.ports
            )
            if scraped != servers or endpoint["path"] != "/metrics":
                yield f"PodMonitor {name_of(monitor)}: scrapes {scraped}"


@policy
def routes_lead_to_ports(bundle):
    for kind in ("HTTPRoute", "GRPCRoute"):
        for route in bundle.of(kind):
            for rule in route["spec"]["rules"]:
                for backend in rule["backendRefs"]:
                    service = bundle.find("Service", backend["name"])
                    ports = service["spec"]["ports"] if service else []
                    if backend["port"] not in {port["port"] for port in ports}:
                        yield f"{kind} {name_of(route)}: {backend}"


@policy
def all_are_in_one_restricted_namespace(bundle):
    spaces = bundle.of("Namespace")
    if [name_of(each) for each in spaces] != ["kith"]:
        yield "wants the Namespace kith"
    for each in spaces:
        labels = each["metadata"].get("labels", {})
        if labels.get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"Namespace {name_of(each)}: is not restricted"
    for each in bundle.objects:
        if each["kind"] != "Namespace" and each["metadata"]["namespace"] != "kith":
            yield f"{each['kind']} {name_of(each)}: is elsewhere"


@policy
def objects_are_labelled(bundle):
    for workload in bundle.workloads():
        names = ("app.kubernetes.io/name", "app.kubernetes.io/part-of", "kith/role")
        if not all(workload.labels.get(name) for name in names):
            yield f"{workload}: its pods lack one of {names}"


@policy
def roles_are_of_objects_as_of_pods(bundle):
    """apply.sh has the gateway last by what its objects are labelled."""
    for workload in bundle.servers():
        for kind in (workload.kind, "HorizontalPodAutoscaler"):
            found = bundle.find(kind, workload.name)
            labels = found["metadata"].get("labels", {}) if found else {}
            if found and labels.get("kith/role") != workload.role:
                yield f"{kind} {workload.name}: is not labelled {workload.role}"


@policy
def migrations_are_of_the_same_image(bundle):
    serving = {each.pod["containers"][0]["image"] for each in bundle.servers()}
    databases = {
        each.pod["containers"][0]["image"]
        for each in bundle.servers()
        if each.role != "gateway"
    }
    migrating = {
        each.pod["containers"][0]["image"]
        for each in bundle.workloads()
        if each.role == "migration"
    }
    if migrating != databases:
        yield f"images that migrate or serve alone: {sorted(migrating ^ databases)}"
    if len({image.rpartition(":")[2] for image in serving}) != 1:
        yield f"{sorted(serving)}: want one version"
