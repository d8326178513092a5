"""What ./dev bench is told."""

import argparse

_LARGE = {
    "contacts": 1_000_000,
    "interactions": 10,
    "buffer_pool": "4G",
    "histories": "10,10000,1000000",
    "groups": "10,100,1000,10000",
}


def read(arguments: list[str], description: str) -> argparse.Namespace:
    """Reads them; --help prints them below the description."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=description)
    _add_what(parser)
    _add_how(parser)
    _add_beside(parser)
    options = parser.parse_args(arguments)
    if options.large:
        vars(options).update(_LARGE)
    if (options.peer or options.instructions) and options.what not in ([], ["view"]):
        parser.error("--peer and --instructions are of view alone")
    _set_defaults(options)
    return options


def _set_defaults(options: argparse.Namespace) -> None:
    """Those that follow from what is measured."""
    callers = "1" if options.instructions else "1,16,64" if options.peer else "1,64"
    options.callers = options.callers or callers
    # A turn of forms ends when the last lead is recorded.
    options.seconds = options.seconds or (20 if "hooks" in options.what else 2.5)
    options.rounds = options.rounds or (5 if options.peer else 2)


def _add_what(parser: argparse.ArgumentParser) -> None:
    """Adds what to measure, and on how much data."""
    parser.add_argument(
        "what",
        nargs="*",
        help="beginnings of scenarios' names, such as view, or merge: what merging and "
        "unmerging customers costs; all if not given. Alone, overload: what is left of "
        "the peak where five times as much is asked, edge: views by id over HTTP "
        "beside gRPC, and the memory of those who wait, actions: agents who work "
        "queues off, or hooks: forms that are sent to a connector, and visits",
    )
    parser.add_argument("--contacts", type=int, default=10_000)
    parser.add_argument("--interactions", type=int, default=20, help="of each contact")
    parser.add_argument(
        "--large",
        action="store_true",
        help="1,000,000 contacts with 10 interactions each, and a buffer pool of 4G; "
        "of merge, also histories of 1,000,000 and a group of 10,000",
    )
    parser.add_argument(
        "--histories", default="10,10000", help="interactions of contacts to merge"
    )
    parser.add_argument(
        "--groups", default="10,100,1000", help="sizes of groups to merge"
    )
    parser.add_argument(
        "--waiting",
        default="1000,1000000",
        help="of actions: how many people wait in each queue, at least 1000",
    )


def _add_how(parser: argparse.ArgumentParser) -> None:
    """Adds how long to measure, and with which programs."""
    parser.add_argument(
        "--callers",
        default="",
        help="how many, such as 1,16,64; if not given 1,64, of --peer 1,16,64, of "
        "--instructions 1",
    )
    parser.add_argument("--buffer-pool", default="", help="such as 1G; else as shipped")
    parser.add_argument(
        "--seconds",
        type=float,
        default=0,
        help="of calls, by scenario and callers; if not given 2.5, of hooks 20",
    )
    parser.add_argument(
        "--rounds", type=int, default=0, help="if not given 2, of --peer 5"
    )
    parser.add_argument(
        "--open-share",
        type=float,
        default=0.5,
        help="the open loop's rate, of what the closed one reached; 0: none",
    )
    parser.add_argument(
        "--gateway-flag",
        dest="flags",
        action="append",
        default=[],
        help="one more for the gateway, such as --gateway-flag=--flow_limit=64",
    )
    parser.add_argument("--preset", choices=("release", "dev"), default="release")


def _add_beside(parser: argparse.ArgumentParser) -> None:
    """Adds what to measure as well, or instead."""
    parser.add_argument(
        "--one",
        action="store_true",
        help="measure the suite as one process as well, and compare",
    )
    parser.add_argument(
        "--trace-ratio",
        type=float,
        default=0,
        help="measure with spans of so many of the calls as well, 0 to 1, and compare",
    )
    parser.add_argument(
        "--instructions",
        action="store_true",
        help="measure nothing, but have callgrind count what each process executes for "
        "a view by id",
    )
    parser.add_argument(
        "--peer",
        action="store_true",
        help="measure views by id alone, by turns with a monolith in Go over the same "
        "kind of rows",
    )
