#!/usr/bin/python3
"""Stands in for a binary of the suite: listens, and says where."""

import http.server
import os
import signal
import socket
import sys
import threading


class _Ready(http.server.BaseHTTPRequestHandler):
    draining = False

    def do_GET(self):
        ready = self.path == "/readyz" and not self.draining
        self.send_response(200 if ready else 503)
        self.end_headers()

    def log_message(self, *_):
        pass


def _host_and_port(flags, name):
    host, _, port = flags[name].rpartition(":")
    return host, int(port)


def _drain_on_sigterm(seconds):
    """As the services do: runs on for a while, and is not ready."""

    def drain(*_):
        _Ready.draining = True
        threading.Timer(seconds, os._exit, [0]).start()

    signal.signal(signal.SIGTERM, drain)


def main():
    if "--migrate" in sys.argv:
        return
    if "--check_lookups" in sys.argv:
        print(*sys.argv[1:])
        sys.exit(1 if "identity" in sys.argv[0] else 0)
    if sys.argv[1].startswith(("--holdings", "--contacts=")):
        # A task: what it is given, and its own line.
        print(sys.stdin.read() + " ".join(sys.argv[1:3]))
        return
    flags = dict(
        argument.removeprefix("--").split("=", 1)
        for argument in sys.argv[1:]
        if "=" in argument
    )
    print(*sys.argv[1:], flush=True)
    if "break" in flags:
        sys.exit("bad configuration: break")
    if "drain" in flags:
        _drain_on_sigterm(float(flags["drain"]))
    grpc = socket.create_server(_host_and_port(flags, "listen_address"))
    ops = http.server.HTTPServer(_host_and_port(flags, "ops_address"), _Ready)
    ports = {"grpc": grpc.getsockname()[1], "ops": ops.server_port}
    others = {
        name.removesuffix("_address").removesuffix("_listen"): socket.create_server(
            _host_and_port(flags, name)
        )
        for name in flags
        if name == "http_address" or name.endswith("_listen_address")
    }
    ports |= {name: one.getsockname()[1] for name, one in others.items()}
    scratch = flags["address_file"] + ".new"
    with open(scratch, "w", encoding="utf-8") as file:
        file.writelines(f"{name}=127.0.0.1:{port}\n" for name, port in ports.items())
    os.replace(scratch, flags["address_file"])
    ops.serve_forever()


if __name__ == "__main__":
    main()
