#!/usr/bin/env python3
"""Clang-tidy as a compiler, so that ccache can keep what was clean.

tidy_compiler.py [flags] -MD -MF DEPFILE -c UNIT.cc -o OUTPUT writes OUTPUT and
DEPFILE if clang-tidy finds nothing. With -E it is the preprocessor, which ccache
calls first.
"""

import argparse
import subprocess
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Returns the exit code."""
    if "-E" in arguments:
        return subprocess.call(["clang++-16", *arguments])
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for flag in ("-c", "-MD"):
        parser.add_argument(flag, action="store_true")
    for option in ("-MF", "-MT", "-MQ", "-o"):
        parser.add_argument(option)
    given, rest = parser.parse_known_args(arguments)
    units = [word for word in rest if word.endswith(".cc")]
    flags = [word for word in rest if word not in units]
    found = subprocess.call(["clang-tidy-16", "--quiet", *units, "--", *flags])
    if found:
        return found
    depends = ["-M", "-MF", given.MF, "-MT", given.MT or given.o]
    # ccache does not keep an empty file.
    Path(given.o).write_text("clean\n")
    return subprocess.call(["clang++-16", *flags, *units, *depends])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
