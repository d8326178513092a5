"""A collector of spans: tests/otlp, which decodes them with OpenTelemetry's classes."""

import json
import subprocess
import threading
from collections import defaultdict
from pathlib import Path
from typing import Sequence

from kithdev import collector

SERVER, CLIENT = 2, 3


class Collector:
    """Takes spans until it is stopped, or killed; may be started again."""

    def __init__(self, tls: Sequence[Path] = ()):
        """`tls`: the files of its certificate and key; without, it is plain."""
        self._tls = tls
        self._process = None
        self._reader = None
        self.port = 0
        self._lock = threading.Lock()
        self._spans: list[dict] = []

    def start(self, manner: str = "answers") -> "Collector":
        """Listens, at the port it had; "silent" never answers."""
        self._process, self.port = collector.start(manner, self.port, self._tls)
        self._reader = threading.Thread(target=self._read, args=[self._process])
        self._reader.start()
        return self

    def kill(self) -> None:
        """Ends it without warning."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()

    def spans(self) -> list[dict]:
        """What has come so far."""
        with self._lock:
            return list(self._spans)

    def traces(self) -> dict[str, list[dict]]:
        """The same by trace."""
        traces = defaultdict(list)
        for span in self.spans():
            traces[span["trace"]].append(span)
        return traces

    def trace(self, trace_id: str) -> list[dict]:
        """The spans of one trace."""
        return self.traces().get(trace_id, [])

    def _read(self, process: subprocess.Popen) -> None:
        for line in process.stdout:
            with self._lock:
                self._spans.append(json.loads(line))


def service(span: dict) -> str:
    """The process that sent it."""
    return span["resource"]["service.name"]


def is_whole(spans: list[dict], caller: str = "") -> bool:
    """Whether all hang together below `caller`, and no answer of a call is missing.

    A call that went with another of another trace links to that one.
    """
    ids = {span["id"] for span in spans}
    parents = {span["parent"] for span in spans}
    roots = [span for span in spans if span["parent"] not in ids]
    calls = [span for span in spans if span["kind"] == CLIENT and is_call(span)]
    return [span["parent"] for span in roots] == [caller] and all(
        span["id"] in parents or span["links"] for span in calls
    )


def is_call(span: dict) -> bool:
    """Whether it is of gRPC, and not of the database."""
    return span["attributes"].get("rpc.system") == "grpc"


def is_statement(span: dict) -> bool:
    """Whether it is of the database."""
    return "db.system" in span["attributes"]
