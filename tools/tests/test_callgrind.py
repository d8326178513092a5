"""Totals are read from what callgrind dumps, and what idling costs is left out."""

import pytest

from kithdev.callgrind import Count, instructions
from kithdev.failure import Failure

_DUMP = """# callgrind format
version: 1
pid: 12832
part: 2

desc: Trigger: dump views

positions: line
events: Ir
summary: 180

fn=(1) totals: 9
0 123

totals: 123456
"""


def test_the_total_of_a_dump_is_read():
    assert instructions(_DUMP) == 123456


@pytest.mark.parametrize(
    "dump",
    [
        _DUMP.replace("events: Ir", "events: Ir Dr Dw"),
        _DUMP.replace("\ntotals: 123456", ""),
        "",
    ],
)
def test_anything_else_is_refused(dump):
    with pytest.raises(Failure, match="something else"):
        instructions(dump)


def test_what_an_idle_process_executes_is_no_view():
    idle = Count(instructions=500, seconds=5)
    busy = Count(instructions=21_000, seconds=10)
    assert busy.each(20, idle) == 1000
