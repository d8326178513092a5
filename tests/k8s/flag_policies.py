"""Flags: what a process is told agrees with what its pod has."""

import re
from collections import Counter

from bundle import Bundle, Workload, name_of
from kithdev.paths import ROOT
from policy import policy

_LISTENS = {"listen_address": "grpc", "ops_address": "ops", "http_address": "http"}
_AREAS = ("contacts", "identity", "interactions")

# What a service opens beside its workers: sequencer, sweeper, feed, readiness, and
# the one that ends statements.
UPKEEP_SESSIONS = 5

# Prepared statements that a session keeps (common/mysql/session.cc).
_STATEMENTS = 200


def _with_database(bundle: Bundle) -> list[Workload]:
    return [each for each in bundle.servers() if each.role != "gateway"]


def _migrations(bundle: Bundle) -> list[Workload]:
    return [each for each in bundle.workloads() if each.role == "migration"]


def _plain(bundle: Bundle, workload: Workload) -> bool:
    return bundle.flag(workload, "allow_plaintext") == "true"


@policy
def flag_files_exist(bundle):
    for workload in (*bundle.servers(), *_migrations(bundle)):
        for name, value in bundle.flags(workload):
            if name == "flagfile":
                yield f"{workload}: no file {value}"


@policy
def files_of_flags_exist(bundle):
    for workload in (*bundle.servers(), *_migrations(bundle)):
        for name, value in dict(bundle.flags(workload)).items():
            needed = workload.role != "migration" or "db_" in name
            if value.startswith("/etc/") and needed:
                if name != "flagfile" and value not in bundle.files(workload):
                    yield f"{workload}: --{name}: no file {value}"


@policy
def flags_are_given_once(bundle):
    for workload in (*bundle.servers(), *_migrations(bundle)):
        for name, times in Counter(name for name, _ in bundle.flags(workload)).items():
            another_user = workload.role == "migration" and name.endswith("db_user")
            if times > (2 if another_user else 1):
                yield f"{workload}: --{name} is given {times} times"


@policy
def ports_agree_with_flags(bundle):
    for workload in bundle.servers():
        listens = {
            port: bundle.flag(workload, flag)
            for flag, port in _LISTENS.items()
            if bundle.flag(workload, flag)
        }
        wanted = {name: f"0.0.0.0:{port}" for name, port in workload.ports.items()}
        if listens != wanted:
            yield f"{workload}: listens for {listens}, has the ports {wanted}"


@policy
def targets_are_headless_services(bundle):
    for workload in bundle.servers():
        for name, value in bundle.flags(workload):
            if not name.endswith("_target") or name.startswith("trace"):
                continue
            host, _, port = value.removeprefix("dns:///").partition(":")
            spec = (bundle.find("Service", host) or {}).get("spec", {})
            ports = [str(each["port"]) for each in spec.get("ports", [])]
            if spec.get("clusterIP") != "None" or port not in ports:
                yield f"{workload}: --{name}={value}"


@policy
def plaintext_stays_inside(bundle):
    hosts = {name_of(each) for each in bundle.of("Service")}
    for workload in (*_with_database(bundle), *_migrations(bundle)):
        address = bundle.flag(workload, "db_address")
        host = address.removeprefix("tcp:").partition(":")[0]
        if _plain(bundle, workload) and host not in hosts:
            yield f"{workload}: goes to {address} without TLS"


@policy
def links_have_tls(bundle):
    wanted = {
        "gateway": ("tls_certificate_file", "http_tls_certificate_file")
        + ("backends_tls_ca_file", "backends_tls_certificate_file"),
        "service": ("tls_certificate_file", "tls_ca_file", "db_tls_ca_file"),
        "one": ("tls_certificate_file", "http_tls_certificate_file", "db_tls_ca_file"),
        "migration": ("db_tls_ca_file",),
    }
    for workload in bundle.workloads():
        for name in wanted.get(workload.role, ()):
            if _plain(bundle, workload) == bool(bundle.flag(workload, name)):
                yield f"{workload}: --{name} or --allow_plaintext, one of them"


@policy
def strangers_learn_nothing(bundle):
    for workload in bundle.servers():
        if bundle.flag(workload, "reflection") and not _plain(bundle, workload):
            yield f"{workload}: --reflection is for trying"


@policy
def schemas_have_users_of_their_own(bundle):
    users = Counter()
    for workload in _with_database(bundle):
        flags = dict(bundle.flags(workload))
        for prefix in [f"{area}_" for area in _AREAS] + [""]:
            if f"{prefix}db_name" in flags:
                users[flags[f"{prefix}db_user"], flags[f"{prefix}db_name"]] += 1
    wanted = Counter((f"kith_{area}", f"kith_{area}") for area in _AREAS)
    if users != wanted:
        yield f"users and schemas are {sorted(users)}"


@policy
def every_schema_is_migrated(bundle):
    migrated = {
        (flags[name.replace("db_name", "db_user")], schema)
        for workload in _migrations(bundle)
        for flags in [dict(bundle.flags(workload))]
        if flags.get("migrate") == "true"
        for name, schema in flags.items()
        if name.endswith("db_name")
    }
    wanted = {(f"kith_{area}_migrate", f"kith_{area}") for area in _AREAS}
    if migrated != wanted:
        yield f"users and schemas of migrations are {sorted(migrated)}"


@policy
def passwords_are_not_shared(bundle):
    def secrets(workloads):
        for workload in workloads:
            for name, value in bundle.flags(workload):
                if name.endswith("db_password_file"):
                    yield bundle.files(workload).get(value)

    used = Counter(
        source.name
        for source in secrets((*_with_database(bundle), *_migrations(bundle)))
        if source is not None
    )
    for name, times in used.items():
        if times > 1:
            yield f"Secret {name}: is of {times} users of the database"


@policy
def migration_finds_the_same_database(bundle):
    addresses = {
        bundle.flag(workload, "db_address")
        for workload in (*_with_database(bundle), *_migrations(bundle))
    }
    if len(addresses) != 1:
        yield f"databases are {sorted(addresses)}"


@policy
def sessions_fit_the_database(bundle):
    most = 0
    for workload in _with_database(bundle):
        scaled = bundle.find("HorizontalPodAutoscaler", workload.name)
        replicas = scaled["spec"]["maxReplicas"] if scaled else 1
        count = replicas + 1  # While a rollout goes on.
        services = 3 if workload.role == "one" else 1
        workers = int(bundle.flag(workload, "workers") or 8)
        most += count * services * (workers + UPKEEP_SESSIONS)
    needed = {"max_connections": most, "max_prepared_stmt_count": most * _STATEMENTS}
    settings = (ROOT / "tools" / "mariadb.cnf").read_text()
    for name, value in needed.items():
        taken = int(re.search(rf"^{name}\s*=\s*(\d+)$", settings, re.M)[1])
        if value > taken:
            yield f"services need {name} of {value}, a database has {taken}"
