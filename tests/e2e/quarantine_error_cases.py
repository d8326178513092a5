"""The documented errors of QuarantineIdentity and ReleaseIdentity."""

from builders import phone
from error_case import invalid, not_found

# Of nobody, ever.
NEVER_HELD = "+12025550188"

QUARANTINES = [
    invalid("identity.QuarantineIdentity", {}, "value.channel: ", "reason: not set"),
    not_found(
        "identity.QuarantineIdentity",
        {"value": phone(NEVER_HELD), "reason": "why"},
        "value: no contact has ever held it",
    ),
    invalid("identity.ReleaseIdentity", {}, "value.channel: "),
    not_found(
        "identity.ReleaseIdentity",
        {"value": phone(NEVER_HELD)},
        "value: no contact has ever held it",
    ),
    invalid("gateway.QuarantineIdentity", {}, "value.channel: ", "reason: not set"),
    not_found(
        "gateway.QuarantineIdentity",
        {"value": phone(NEVER_HELD), "reason": "why"},
        "value: no contact has ever held it",
    ),
    invalid("gateway.ReleaseIdentity", {}, "value.channel: "),
    not_found(
        "gateway.ReleaseIdentity",
        {"value": phone(NEVER_HELD)},
        "value: no contact has ever held it",
    ),
]
