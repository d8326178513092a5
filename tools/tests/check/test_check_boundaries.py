"""Each boundary holds, and what is allowed passes."""

import pytest

from kithcheck import boundaries

_FILES = {
    "common/ops/CMakeLists.txt": "kith_library(kith_ops\nSOURCES log.cc DEPS absl::a)",
    "common/mysql/CMakeLists.txt": """
kith_library(kith_mysql SOURCES session.cc DEPS kith_ops MySQLConnector::mysqlcppconn)
""",
    "common/rpc/CMakeLists.txt": """
kith_library(kith_rpc GRPC SOURCES a.cc DEPS kith_ops)
""",
    "common/testing/CMakeLists.txt": """
kith_library(kith_testing TESTS SOURCES calls.cc DEPS kith_rpc kith_mysql)
""",
    "common/CMakeLists.txt": """
kith_test(common_unit_test TSAN LABEL unit SOURCES ops/log_test.cc DEPS kith_testing)
""",
    "contacts-svc/members/CMakeLists.txt": """
kith_library(kith_members SOURCES contact_row.cc DEPS kith_mysql)
""",
    "contacts-svc/CMakeLists.txt": """
kith_library(kith_contacts GRPC
  SOURCES contact_store.cc contacts_service.cc contact_validation.cc
  DEPS kith_members kith_rpc)
kith_test(contacts_test LABEL db SOURCES a_test.cc DEPS kith_contacts kith_testing)
""",
    "identity-svc/CMakeLists.txt": "kith_library(kith_identity SOURCES phone.cc)\n",
    "gateway/CMakeLists.txt": """
kith_library(kith_gateway GRPC SOURCES a.cc DEPS kith_rpc)
""",
    **dict.fromkeys(
        """
        common/ops/log.h common/mysql/session.h common/rpc/call_gate.h
        common/testing/calls.h contacts-svc/contact_store.h
        contacts-svc/contact_validation.h contacts-svc/members/contact_row.h
        gateway/a.h identity-svc/phone.h common/ops/README.md common/mysql/README.md
        common/rpc/README.md common/testing/README.md contacts-svc/members/README.md
        """.split(),
        "",
    ),
}
_ROW = "contacts-svc/members/contact_row.cc"
_VALIDATION = "contacts-svc/contact_validation.cc"
_STORE, _SERVICE = "contacts-svc/contact_store.cc", "contacts-svc/contacts_service.cc"


@pytest.mark.parametrize(
    "path, include, mend",
    [
        (_SERVICE, '"identity-svc/phone.h"', "a layer below"),
        ("contacts-svc/a_test.cc", '"identity-svc/phone.h"', "a layer below"),
        ("common/ops/log.cc", '"identity-svc/phone.h"', "a layer below"),
        ("common/ops/log.h", '"common/mysql/session.h"', "a layer below"),
        ("common/ops/clock.h", '"common/mysql/session.h"', "a layer below"),
        ("common/rpc/a.cc", '"common/mysql/session.h"', "a layer below"),
        ("common/rpc/a.cc", '"common/testing/calls.h"', "a layer below"),
        ("common/rpc/a.cc", '"gateway/a.h"', "a layer below"),
        ("gateway/a.cc", '"common/mysql/session.h"', "a layer below"),
        (_ROW, '"contacts-svc/contact_store.h"', "a layer below"),
        (_SERVICE, '"../gateway/a.h"', "from the root"),
        ("common/ops/log.h", "<grpcpp/grpcpp.h>", "not declared GRPC"),
        (_ROW, "<grpcpp/grpcpp.h>", "leave gRPC to the"),
        (_STORE, "<grpcpp/grpcpp.h>", "leave gRPC to the"),
        (_SERVICE, '"kith/identity/v1/a.grpc.pb.h"', "let a flow of the gateway"),
        (_SERVICE, "<cppconn/driver.h>", "mysql::Session"),
        ("contacts-svc/a_test.cc", "<cppconn/driver.h>", "mysql::Session"),
        (_STORE, '"contacts-svc/contact_validation.h"', "one and then the other"),
        (_VALIDATION, '"contacts-svc/contact_store.h"', "one and then the other"),
    ],
)
def test_what_crosses_a_boundary_is_told(plant, expect, path, include, mend):
    tree = plant({**_FILES, path: f"// A file.\n#include {include}\n"})
    found = [each for each in boundaries.check(tree) if each.path == path]
    expect(found, path, 2, include.strip('<>"'), mend)


@pytest.mark.parametrize(
    "path, include",
    [
        (_SERVICE, '"kith/contacts/v1/contacts.grpc.pb.h"'),
        (_SERVICE, '"contacts-svc/contact_store.h"'),
        (_SERVICE, '"contacts-svc/members/contact_row.h"'),
        (_STORE, '"common/mysql/session.h"'),
        ("contacts-svc/a_test.cc", '"common/testing/calls.h"'),
        ("contacts-svc/contacts_fixture.h", "<grpcpp/grpcpp.h>"),
        ("contacts-svc/contacts_fixture.h", '"common/testing/calls.h"'),
        ("gateway/a.cc", '"kith/identity/v1/identity.grpc.pb.h"'),
        ("common/mysql/session.cc", "<cppconn/driver.h>"),
        ("common/rpc/a.cc", '"common/ops/log.h"'),
        ("common/ops/log_test.cc", '"common/testing/calls.h"'),
        (_SERVICE, '"no/such.h"\n// #include "identity-svc/phone.h"'),
    ],
)
def test_what_is_allowed_passes(plant, path, include):
    assert boundaries.check(plant({**_FILES, path: f"#include {include}\n"})) == []


@pytest.mark.parametrize(
    "files, path, what, mend",
    [
        (["common/ops/odd.cc"], "common/ops/odd.cc", "in no CMake target", "SOURCES"),
        (["common/misc/a.h"], "common/misc", "no README", "what belongs there"),
        (
            [f"contacts-svc/members/a{n}.h" for n in range(25)],
            "contacts-svc/members",
            "26 sources",
            "CMake target",
        ),
    ],
)
def test_a_folder_is_in_order(plant, expect, files, path, what, mend):
    found = boundaries.check(plant({**_FILES, **dict.fromkeys(files, "")}))
    expect(found, path, 1, what, mend)


@pytest.mark.parametrize(
    "path, name, deps, mend",
    [
        ("contacts-svc", "kith_contacts", "kith_identity", "meet only at stubs"),
        ("contacts-svc", "kith_contacts", "kith_gateway", "meet only at stubs"),
        ("contacts-svc", "kith_contacts", "kith_testing", "for tests only"),
        ("contacts-svc", "kith_contacts", "kith_contacts", "do without"),
        ("common/ops", "kith_ops", "kith_identity", "meet only at stubs"),
        ("gateway", "kith_gateway", "kith_mysql", "the gateway has no database"),
    ],
)
def test_what_links_across_a_boundary_is_told(plant, path, name, deps, mend):
    path = f"{path}/CMakeLists.txt"
    text = f"# A comment.\nkith_library({name} GRPC\n  SOURCES a.cc\n  DEPS {deps})\n"
    found = boundaries.check(plant({**_FILES, path: text}))
    faults = [each for each in found if each.what == f"{name} links {deps}"]
    assert [(each.path, each.line) for each in faults] == [(path, 2)]
    assert mend in faults[0].mend
