"""./dev bench: what the suite can do, beside what the machine could do."""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Iterator, Sequence

from kithdev import bench_options, collector, peer
from kithdev.callgrind import Callgrind
from kithdev.console import Console, Step
from kithdev.credentials import ApiKey, Tenant, write_secret
from kithdev.failure import Failure
from kithdev.layout import Layout
from kithdev.paths import LOGS, ROOT, RUN, shown
from kithdev.processes import GATEWAY, INTERACTIONS, NAMES, ONE
from kithdev.suite import Suite

_DIRECTORY = RUN / "bench"
_RESULT = RUN / "bench.json"
_RESULT_OF_ONE = RUN / "bench-one.json"
_RESULT_OF_TRACES = RUN / "bench-traces.json"
_RESULT_OF_PEER = RUN / "bench-peer.json"
_RESULT_OF_PEER_AND_ONE = RUN / "bench-peer-one.json"
_RESULT_OF_COUNT = RUN / "bench-instructions.json"
_CALLGRIND = RUN / "callgrind"
_LOG = LOGS / "bench-build.log"
_KEY = "bench"
_PROGRAM = "kith-bench"
# More callers than any one caller is.
_LIMITS = "calls_per_second: 0 calls_at_once: 0"
_OVERLOAD = "overload"
# The scenario and how many times its peak.
_OVERLOADED, _TIMES = "view_by_phone", 5
_MERGE = "merge"
_EDGE = "edge"
_ACTIONS = "actions"
_HOOKS = "hooks"
# They have no replay.
_OTHERS = ([_MERGE], [_EDGE], [_ACTIONS], [_HOOKS])
# Of hooks. The load says whose requests it sends, as a proxy does.
_HOOK_FLAGS = [
    f"--connectors_file={ROOT / 'tests/bench/hooks/connectors.textproto'}",
    "--trusted_proxies=127.0.0.1",
]
# Of pages of which hooks sends beacons.
_VISITS = 'origins: "https://shop.example"'
# The scenario that the edge is measured by.
_EDGE_VIEW = "view_by_id"
# Whose lives the benchmark's customers repeat.
_SAMPLE_CUSTOMERS = 300


def run(arguments: list[str]) -> int:
    """Builds, starts a suite of its own, measures it, stops it."""
    options = bench_options.read(arguments, __doc__)
    console = Console()
    with console.step("Build") as step:
        _build(options.preset, step)
    if _EDGE in options.what or _HOOKS in options.what:
        _allow_many_files()
    if _HOOKS in options.what:
        options.flags += _HOOK_FLAGS
    if options.instructions:
        _count_instructions(console, options)
        return 0
    if options.peer:
        _run_beside_peer(console, options)
        return 0
    _run_form(console, options, one=False, result=_RESULT)
    if options.one:
        _run_form(console, options, one=True, result=_RESULT_OF_ONE)
        _compare("one process to four", _RESULT_OF_ONE)
    if options.trace_ratio:
        _run_traced(console, options)
        _compare("with spans to without", _RESULT_OF_TRACES)
    return 0


def _run_beside_peer(console: Console, options: argparse.Namespace) -> None:
    """Measures each form and the peer by turns."""
    with console.step("Peer"):
        program = peer.build()
    _run_form(console, options, one=False, result=_RESULT_OF_PEER, program=program)
    if options.one:
        result = _RESULT_OF_PEER_AND_ONE
        _run_form(console, options, one=True, result=result, program=program)


def _run_traced(console: Console, options: argparse.Namespace) -> None:
    """Measures four processes that send spans to a collector, which discards them."""
    receiver, port = collector.start("discards")
    flags = [f"--trace_target=ipv4:127.0.0.1:{port}"]
    flags += [f"--trace_ratio={options.trace_ratio}"]
    try:
        _run_form(console, options, one=False, result=_RESULT_OF_TRACES, flags=flags)
    finally:
        receiver.kill()
        receiver.communicate()


def _run_form(
    console: Console,
    options: argparse.Namespace,
    one: bool,
    result: Path,
    flags: Sequence[str] = (),
    program: Path | None = None,
) -> None:
    """Measures the suite as four processes, or as one; all get the flags.

    `program` is the peer to measure it beside.
    """
    load_before = os.getloadavg()
    with _suite(console, options, one, flags) as suite:
        print("  ..           Measuring", flush=True)
        beside = peer.running(program, suite.database) if program else nullcontext()
        with beside as other:
            _measure(suite, options, {"result_file": result}, other)
        if _ACTIONS in options.what:
            _check_lookups(suite)
    _describe_machine(options, load_before, result)


def _check_lookups(suite: Suite) -> None:
    """The actions that were filled in wait where the service would have put them."""
    if suite.lookups(INTERACTIONS, "check").returncode != 0:
        raise Failure(f"{INTERACTIONS} --check_lookups finds rows that are wrong.")


def _count_instructions(console: Console, options: argparse.Namespace) -> None:
    """Has callgrind count what each process executes for a view."""
    _use_generated(options.preset)
    from kithdev import instructions

    callgrind = Callgrind(_CALLGRIND)
    options.flags += instructions.GATEWAY_FLAGS
    forms = {}
    for one in (False, True) if options.one else (False,):
        with _suite(console, options, one, under=callgrind.under) as suite:
            _measure(suite, options, {"fill_only": True})
            forms["one process" if one else "four processes"] = instructions.measure(
                suite,
                callgrind,
                suite.token(_KEY),
                [int(number) for number in options.callers.split(",")],
            )
    callgrind.remove_rest()
    instructions.report(forms, _CALLGRIND, _RESULT_OF_COUNT)


@contextmanager
def _suite(
    console: Console,
    options: argparse.Namespace,
    one: bool,
    flags: Sequence[str] = (),
    under: Sequence[str] = (),
) -> Iterator[Suite]:
    """A new suite while it runs. What is left of it is kept if something fails."""
    suite = Suite(
        Layout(_DIRECTORY, ROOT / "build" / options.preset / "bin"),
        # Of a queue that is worked off nobody is left to show that there is one.
        [Tenant(1, "bench", actions='queues: "bench-off"', visits=_VISITS)],
        [ApiKey(_KEY, "bench", limits=_LIMITS)],
        flags={**dict.fromkeys(NAMES, flags), GATEWAY: [*options.flags, *flags]},
        one=one,
        under=under,
    )
    # What a run that was killed has left.
    suite.stop()
    shutil.rmtree(_DIRECTORY, ignore_errors=True)
    try:
        with console.step("Suite") as step:
            suite.start()
            _size_buffer_pool(suite, options.buffer_pool)
            step.result("one process" if one else "four processes")
        yield suite
    finally:
        suite.stop()
    shutil.rmtree(_DIRECTORY, ignore_errors=True)


def _compare(title: str, result: Path) -> None:
    """Prints what another form takes and does, of what four processes do.

    Each figure is taken of its own run's replay, which takes out what else the machine
    did meanwhile.
    """
    four, one = (
        {
            (each["scenario"], each["callers"]): each
            for each in json.loads(path.read_text())["results"]
        }
        for path in (_RESULT, result)
    )
    print(f"\n{title:<22} {'N':>3} {'p50':>6} {'calls/s':>7} {'cpu':>6}")
    for (scenario, callers), before in four.items():
        after = one[scenario, callers]
        median = _median(after) / _median(before)
        rate = after["share_of_replay"] / before["share_of_replay"]
        cpu = before["share_of_replay_by_cpu"] / after["share_of_replay_by_cpu"]
        print(f"{scenario:<22} {callers:>3} {median:>6.2f} {rate:>7.2f} {cpu:>6.2f}")


def _median(result: dict) -> float:
    return result["closed_loop"]["p50_us"] / result["replayed_statements"]["p50_us"]


def _build(preset: str, step: Step) -> None:
    LOGS.mkdir(parents=True, exist_ok=True)
    configured = (ROOT / "build" / preset / "build.ninja").exists()
    build = ["cmake", "--build", "--preset", preset, "--target", *NAMES, ONE, _PROGRAM]
    configure = ["cmake", "--preset", preset]
    with _LOG.open("w", encoding="utf-8") as log:
        for argv in [build] if configured else [configure, build]:
            step.progress(f"{' '.join(argv[:4])} (log: {shown(_LOG)})")
            done = subprocess.run(
                argv, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, check=False
            )
            if done.returncode != 0:
                raise Failure(f"{' '.join(argv)} failed.", log=_LOG)


def _allow_many_files() -> None:
    """For the connections of the edge; what is started has the same limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _size_buffer_pool(suite: Suite, size: str) -> None:
    if not size:
        return
    number, unit = int(size.rstrip("MG")), size[-1]
    size_bytes = number * {"M": 1 << 20, "G": 1 << 30}.get(unit, 1)
    suite.database.execute(f"SET GLOBAL innodb_buffer_pool_size = {size_bytes}")


def _use_generated(preset: str) -> None:
    # The build has made them, and it may have been the first one.
    sys.path.append(str(ROOT / "build" / preset / "python"))


def _write_sample(path: Path, preset: str) -> None:
    """Writes what customers of ./dev up look like, for those of the benchmark."""
    _use_generated(preset)
    from google.protobuf import text_format
    from kith.gateway.v1 import touch_pb2
    from kithdev import sample

    data = sample.generate(sample.DEMO, _SAMPLE_CUSTOMERS)
    touches = [touch for customer in data.customers for touch in customer.touches()]
    request = touch_pb2.BatchRecordTouchesRequest(touches=touches)
    path.write_text(
        text_format.MessageToString(request, as_utf8=True), encoding="utf-8"
    )


def _what_flags(
    suite: Suite, options: argparse.Namespace, other: peer.Peer | None
) -> dict[str, object]:
    what = options.what
    if _OVERLOAD in what:
        return {"scenarios": _OVERLOADED, "overload": _TIMES}
    if _ACTIONS in what:
        return {"waiting": options.waiting}
    if _HOOKS in what:
        return {"hooks": "true", "edge": suite.services[GATEWAY].address.http}
    over_http = {
        "scenarios": _EDGE_VIEW,
        "edge": suite.services[GATEWAY].address.http,
    }
    if other is not None:
        return {**over_http, "peer": other.address}
    return over_http if _EDGE in what else {"scenarios": ",".join(what)}


def _processes(suite: Suite, other: peer.Peer | None) -> str:
    pids = {**suite.pids(), "mariadbd": suite.database.process.pid}
    if other is not None:
        pids["peer"] = other.pid
    return ",".join(f"{name}:{pid}" for name, pid in pids.items())


def _measure(
    suite: Suite,
    options: argparse.Namespace,
    added: dict[str, object],
    other: peer.Peer | None = None,
) -> None:
    """Runs the program, with these flags added, beside a peer if there is one."""
    token_file = suite.layout.secrets / "bench.key"
    write_secret(token_file, suite.token(_KEY))
    sample_file = _DIRECTORY / "sample.textproto"
    _write_sample(sample_file, options.preset)
    targets = suite.targets()
    flags = {
        "gateway_target": targets["gateway"],
        "identity_target": targets["identity-svc"],
        "token_file": token_file,
        "tenants": suite.layout.tenants_file,
        "database": suite.database.address,
        "secrets": suite.layout.secrets,
        "log_file": suite.layout.logs / "general.log",
        "processes": _processes(suite, other),
        "sample_file": sample_file,
        **_what_flags(suite, options, other),
        "callers": options.callers,
        "contacts": options.contacts,
        "interactions": options.interactions,
        "histories": options.histories,
        "groups": options.groups,
        "time": f"{options.seconds}s",
        "rounds": options.rounds,
        "open_share": options.open_share,
        **added,
    }
    done = subprocess.run(
        [
            str(suite.layout.binaries / _PROGRAM),
            *(f"--{name}={value}" for name, value in flags.items()),
        ],
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"{_PROGRAM} failed.")


def _describe_machine(
    options: argparse.Namespace, load_before: tuple[float, float, float], path: Path
) -> None:
    """Puts where and how it was measured into the result."""
    machine = {
        "cores": len(os.sched_getaffinity(0)),
        "load_average_before": load_before[0],
        "load_average_after": os.getloadavg()[0],
        "processor": _processor(),
        "options": vars(options),
    }
    result = {"machine": machine, **json.loads(path.read_text())}
    path.write_text(json.dumps(result, indent=2) + "\n")
    explained = "N' is throughput x mean latency; share and floor: docs/performance.md."
    other = options.peer or options.what in _OTHERS
    print(
        f"\n  {machine['cores']} cores, load before: {load_before[0]:.1f}. "
        f"{'' if other else explained}"
        f"\n  All figures: {shown(path)}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return ""
