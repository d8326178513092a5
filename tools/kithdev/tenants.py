"""The tenants of the suite that ./dev runs, whose lives the sample tells."""

from kithdev.credentials import Tenant

# Federal holidays of the United States on which shops are closed.
_HOLIDAYS = (
    *("2026-01-01", "2026-05-25", "2026-07-04", "2026-09-07", "2026-11-26"),
    *("2026-12-25", "2027-01-01", "2027-05-31", "2027-07-04", "2027-09-06"),
    *("2027-11-25", "2027-12-25", "2028-01-01", "2028-05-29", "2028-07-04"),
    *("2028-09-04", "2028-11-23", "2028-12-25"),
)

_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")


def _hours(day: str, opens: str, closes: str) -> str:
    return f'hours {{ day: {day} opens: "{opens}" closes: "{closes}" }}'


_ACTIONS = (
    *(_hours(day, "08:00", "20:00") for day in _WEEKDAYS),
    _hours("SATURDAY", "09:00", "16:00"),
    *(f'holidays: "{day}"' for day in _HOLIDAYS),
    # Who complains waits for half as long as others.
    'rules { kind: ACTION_KIND_REPLY topic: "complaint" due_minutes: 120 }',
    'rules { kind: ACTION_KIND_SOLVE queue: "workshop" head_start_minutes: 120 }',
)

DEMO = Tenant(1, "demo", "US", "America/Los_Angeles", actions=" ".join(_ACTIONS))

# Has no rules of its own: it works around the clock.
KONTOR = Tenant(2, "kontor", "DE", "Europe/Berlin")

TENANTS = {tenant.slug: tenant for tenant in (DEMO, KONTOR)}
