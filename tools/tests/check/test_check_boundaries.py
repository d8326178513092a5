"""Each boundary holds, and what is allowed passes."""

import pytest

from kithcheck import boundaries

_LAYERS = {
    "common/ops/CMakeLists.txt": "kith_library(kith_ops\n  SOURCES log.cc DEPS absl::time)\n",
    "common/status/CMakeLists.txt": "kith_library(kith_status SOURCES rpc_status.cc)\n",
    "common/mysql/CMakeLists.txt": """
kith_library(kith_mysql SOURCES session.cc errors.cc
  DEPS kith_ops MySQLConnector::mysqlcppconn)
""",
    "common/rpc/CMakeLists.txt": """
kith_library(kith_rpc GRPC SOURCES client.cc DEPS kith_ops kith_status)
""",
    "common/testing/CMakeLists.txt": """
kith_library(kith_testing TESTS SOURCES calls.cc DEPS kith_rpc kith_mysql)
""",
    "common/CMakeLists.txt": """
kith_test(common_unit_test TSAN LABEL unit
  SOURCES ops/log_test.cc mysql/errors_test.cc DEPS kith_testing)
""",
    "contacts-svc/members/CMakeLists.txt": """
kith_library(kith_members SOURCES contact_fields.cc contact_row.cc DEPS kith_mysql)
""",
    "contacts-svc/CMakeLists.txt": """
kith_library(kith_contacts GRPC
  SOURCES a.cc contact_store.cc contacts_service.cc contact_validation.cc
  DEPS kith_members kith_rpc)
kith_test(contacts_test LABEL db SOURCES a_test.cc DEPS kith_contacts kith_testing)
""",
    "identity-svc/CMakeLists.txt": "kith_library(kith_identity SOURCES phone.cc)\n",
    "gateway/CMakeLists.txt": "kith_library(kith_gateway GRPC SOURCES a.cc DEPS kith_rpc)\n",
}
_HEADERS = {
    **_LAYERS,
    **{
        f"{folder}/README.md": ""
        for folder in (
            "common/ops", "common/status", "common/mysql", "common/rpc",
            "common/testing", "contacts-svc/members", "tests/bench",
        )
    },
    "common/ops/log.h": "",
    "common/mysql/session.h": "",
    "common/rpc/call_gate.h": "#include <grpcpp/server.h>\n",
    "common/status/rpc_status.h": "",
    "common/testing/calls.h": "",
    "common/testing/fake_clock.h": "",
    "contacts-svc/contact_store.h": "",
    "contacts-svc/contact_validation.h": "",
    "contacts-svc/members/contact_row.h": "",
    "gateway/a.h": "",
    "identity-svc/phone.h": "",
}  # fmt: skip


@pytest.mark.parametrize(
    "path, include, mend",
    [
        ("contacts-svc/a.cc", '"identity-svc/phone.h"', "a layer below"),
        ("contacts-svc/a_test.cc", '"identity-svc/phone.h"', "a layer below"),
        ("common/ops/log.cc", '"identity-svc/phone.h"', "a layer below"),
        ("gateway/a.cc", '"identity-svc/phone.h"', "a layer below"),
        ("contacts-svc/a.cc", '"gateway/a.h"', "a layer below"),
        ("common/rpc/client.cc", '"gateway/a.h"', "a layer below"),
        ("common/ops/log.cc", '"common/mysql/session.h"', "links no other folder"),
        ("common/ops/log.h", '"common/status/rpc_status.h"', "a layer below"),
        ("common/ops/clock.h", '"common/mysql/session.h"', "a layer below"),
        ("common/mysql/errors.cc", '"common/rpc/call_gate.h"', "links common/ops"),
        ("common/rpc/client.cc", '"common/mysql/session.h"', "a layer below"),
        ("common/rpc/client.cc", '"common/testing/calls.h"', "a layer below"),
        ("contacts-svc/a.cc", '"common/testing/calls.h"', "a layer below"),
        ("gateway/a.cc", '"common/mysql/session.h"', "a layer below"),
        ("contacts-svc/members/contact_row.cc", '"contacts-svc/contact_store.h"', "a layer below"),
        ("contacts-svc/a.cc", '"../gateway/a.h"', "from the root"),
        ("contacts-svc/members/contact_fields.cc", "<grpcpp/grpcpp.h>", "not declared GRPC"),
        ("common/ops/log.h", "<grpcpp/grpcpp.h>", "hand over values"),
        ("contacts-svc/contact_store.h", "<grpcpp/grpcpp.h>", "header without gRPC"),
        (
            "contacts-svc/contacts_service.h",
            '"kith/identity/v1/identity.grpc.pb.h"',
            "let a flow of the gateway call both",
        ),
        ("contacts-svc/a.cc", "<cppconn/driver.h>", "mysql::Session"),
        ("common/rpc/a_test.cc", "<cppconn/driver.h>", "mysql::Session"),
        ("contacts-svc/contact_store.cc", '"contacts-svc/contact_validation.h"', "one and then the other"),
        ("contacts-svc/contact_validation.cc", '"contacts-svc/contact_store.h"', "one and then the other"),
        ("contacts-svc/contact_store.cc", '"common/rpc/call_gate.h"', "without gRPC"),
    ],
)  # fmt: skip
def test_what_crosses_a_boundary_is_told(plant, expect, path, include, mend):
    tree = plant({**_HEADERS, path: f"// A file.\n#include {include}\n"})
    found = [each for each in boundaries.check(tree) if each.path == path]
    expect(found, path, 2, include.strip('<>"'), mend)


def test_the_way_to_grpc_is_shown(plant):
    tree = plant(
        {
            **_HEADERS,
            "contacts-svc/a.h": '#include "common/rpc/call_gate.h"\n',
            "contacts-svc/contact_store.cc": '#include "contacts-svc/a.h"\n',
        }
    )
    found = [each for each in boundaries.check(tree) if "_store" in each.path]
    assert "a.h -> common/rpc/call_gate.h -> grpcpp/server.h" in found[0].what


@pytest.mark.parametrize(
    "path, include",
    [
        ("contacts-svc/contacts_service.h", '"kith/contacts/v1/contacts.grpc.pb.h"'),
        ("contacts-svc/contacts_service.cc", '"contacts-svc/contact_store.h"'),
        ("contacts-svc/contact_store.cc", '"common/mysql/session.h"'),
        ("contacts-svc/a.cc", '"contacts-svc/members/contact_row.h"'),
        ("contacts-svc/a_test.cc", '"common/testing/calls.h"'),
        ("contacts-svc/contacts_fixture.h", "<grpcpp/grpcpp.h>"),
        ("contacts-svc/contacts_fixture.h", '"common/testing/calls.h"'),
        ("gateway/a.cc", "<grpcpp/grpcpp.h>"),
        ("gateway/a.cc", '"kith/identity/v1/identity.grpc.pb.h"'),
        ("common/mysql/session.cc", "<cppconn/driver.h>"),
        ("common/rpc/client.cc", '"common/ops/log.h"'),
        ("common/ops/log_test.cc", '"common/testing/fake_clock.h"'),
        ("tests/bench/a.cc", '"common/mysql/session.h"'),
    ],
)
def test_what_is_allowed_passes(plant, path, include):
    tree = plant({**_HEADERS, path: f"#include {include}\n"})
    assert boundaries.check(tree) == []


def test_an_include_in_a_comment_is_none(plant):
    text = '// #include "identity-svc/values/phone.h"\n/*\n#include <cppconn/driver.h>\n*/\n'
    assert boundaries.check(plant({"contacts-svc/a.cc": text})) == []


def test_a_folder_says_what_belongs_into_it(plant, expect):
    tree = plant({**_HEADERS, "common/misc/a.h": ""})
    expect(boundaries.check(tree), "common/misc", 1, "no README", "what belongs there")


def test_a_folder_shows_few_sources(plant, expect):
    sources = {f"contacts-svc/members/a{n}.cc": "" for n in range(25)}
    tree = plant({**_HEADERS, **sources})
    expect(
        boundaries.check(tree), "contacts-svc/members", 1, "26 sources", "CMake target"
    )


@pytest.mark.parametrize(
    "deps, what, mend",
    [
        ("kith_identity", "kith_contacts links kith_identity", "generated stubs"),
        ("kith_gateway", "kith_contacts links kith_gateway", "nothing knows"),
        ("kith_rpc kith_contacts", "links kith_rpc, kith_contacts", "have an order"),
        ("kith_testing", "kith_contacts links kith_testing", "for tests only"),
    ],
)
def test_what_links_across_a_boundary_is_told(plant, expect, deps, what, mend):
    tree = plant(
        {
            **_HEADERS,
            "contacts-svc/CMakeLists.txt": "# A comment.\nkith_library(kith_contacts\n"
            f"  SOURCES a.cc\n  DEPS {deps})\n",
        }
    )
    expect(boundaries.check(tree), "contacts-svc/CMakeLists.txt", 2, what, mend)


def test_flags_stand_in_main(plant, expect):
    flag = 'ABSL_FLAG(int, a, 1, "b");\n'
    allowed = (
        "gateway/main.cc",
        "common/rpc/process.cc",
        "common/server/database_options.cc",
    )
    assert (
        boundaries.check(
            plant(
                {
                    **_HEADERS,
                    "common/server/README.md": "",
                    **dict.fromkeys(allowed, flag),
                }
            )
        )
        == []
    )
    tree = plant({"contacts-svc/contact_store.cc": "\n" + flag})
    expect(
        boundaries.check(tree), "contacts-svc/contact_store.cc", 2, "a flag", "main.cc"
    )
