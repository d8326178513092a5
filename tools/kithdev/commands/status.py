"""./dev status: what runs, where, and whether it is ready."""

from kithdev.console import paint
from kithdev.development import has_run, suite
from kithdev.failure import Failure


def run(arguments: list[str]) -> int:
    """Exit status 0 where everything runs and is ready."""
    if arguments:
        raise Failure("./dev status takes no arguments.")
    if not has_run():
        print("Nothing runs here yet: ./dev up")
        return 1
    running = suite()
    healthy = running.database.running
    where = running.database.address if healthy else ""
    print(_row("mariadbd", running.database.process.pid, healthy, where))
    for name, service in running.services.items():
        ready = service.running and service.ready()
        healthy = healthy and ready
        address = service.address
        where = (
            f"gRPC {address.grpc}  ops http://{address.ops}"
            + (f"  HTTP http://{address.http}" if address.http else "")
            if service.running and address
            else ""
        )
        print(_row(name, service.process.pid, ready, where))
    return 0 if healthy else 1


def _row(name: str, pid: int | None, ready: bool, where: str) -> str:
    if pid is None:
        return f"  {name:<17} {paint('stopped', 'dim')}"
    state = paint("ready    ", "green") if ready else paint("not ready", "yellow")
    return f"  {name:<17} {state}  pid {pid:<8} {where}"
