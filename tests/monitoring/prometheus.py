"""A real Prometheus of the test's own, and promtool."""

import json
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import yaml

from builders import wait_until

_LISTENING = re.compile(r'msg="Listening on" address=(\S+)')


def promtool(*arguments: str | Path) -> None:
    """Runs promtool, which must find nothing wrong."""
    done = subprocess.run(
        ["promtool", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


class Prometheus:
    """Scrapes addresses each second, by the name of the job, until it is stopped."""

    def __init__(self, directory: Path, jobs: dict[str, str], rules: Path):
        directory.mkdir()
        config = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(rules)],
            "scrape_configs": [
                {"job_name": job, "static_configs": [{"targets": [address]}]}
                for job, address in jobs.items()
            ],
        }
        (directory / "prometheus.yml").write_text(yaml.safe_dump(config))
        self._log = directory / "log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [
                    "prometheus",
                    f"--config.file={directory}/prometheus.yml",
                    f"--storage.tsdb.path={directory}/data",
                    "--web.listen-address=127.0.0.1:0",
                ],
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        wait_until(self._is_ready)

    def stop(self) -> None:
        """Ends it."""
        self._process.terminate()
        self._process.wait(timeout=30)

    def query(self, expression: str) -> list[dict]:
        """What an instant query finds now."""
        return self._get("query", query=expression)["result"]

    def values(self, series: str, label: str) -> list[str]:
        """The values of a label of series."""
        return self._get(f"label/{label}/values", **{"match[]": series})

    def firing(self) -> set[str]:
        """The alerts that fire."""
        alerts = self._get("alerts")["alerts"]
        return {
            each["labels"]["alertname"] for each in alerts if each["state"] == "firing"
        }

    def rule_faults(self) -> list[str]:
        """The rules that could not be evaluated."""
        groups = self._get("rules")["groups"]
        rules = (rule for group in groups for rule in group["rules"])
        return [rule["name"] for rule in rules if rule["health"] == "err"]

    def _is_ready(self) -> bool:
        assert self._process.poll() is None, self._log.read_text()
        try:
            return bool(self._address()) and self.query("1") != []
        except urllib.error.HTTPError:
            return False  # It reads its log of writes.

    def _address(self) -> str:
        found = _LISTENING.search(self._log.read_text())
        return found[1] if found else ""

    def _get(self, path: str, **arguments: str):
        query = urllib.parse.urlencode(arguments)
        url = f"http://{self._address()}/api/v1/{path}?{query}"
        # A proxy of the environment is not for loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=20) as reply:
            return json.load(reply)["data"]
