"""What the processes of the suite are called, and what they listen for."""

# Each owns the database kith_<area>.
CONTACTS, IDENTITY, INTERACTIONS = "contacts-svc", "identity-svc", "interactions-svc"
OWNERS = (CONTACTS, IDENTITY, INTERACTIONS)
GATEWAY = "gateway"
NAMES = (*OWNERS, GATEWAY)
# The process that is all of them.
ONE = "kith"

# What each process listens for, as it says in its address file, and the port, counted
# from the suite's base.
LISTENERS = {
    GATEWAY: {"grpc": 0, "ops": 1, "http": 2},
    "contacts-svc": {"grpc": 10, "ops": 11},
    "identity-svc": {"grpc": 20, "ops": 21},
    "interactions-svc": {"grpc": 30, "ops": 31},
    ONE: {
        "grpc": 0,
        "ops": 1,
        "http": 2,
        "contacts": 10,
        "identity": 20,
        "interactions": 30,
    },
}
# The flag for each.
LISTEN_FLAGS = {
    "grpc": "listen_address",
    "ops": "ops_address",
    "http": "http_address",
    "contacts": "contacts_listen_address",
    "identity": "identity_listen_address",
    "interactions": "interactions_listen_address",
}


def kind_of(name: str) -> str:
    """The binary's name; a replica's has a number behind it."""
    return name.partition(".")[0]


def area_of(name: str) -> str:
    return kind_of(name).removesuffix("-svc")


def schema_of(name: str) -> str:
    return f"kith_{area_of(name)}"
