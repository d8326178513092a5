"""Each boundary holds, and what is allowed passes."""

import pytest

from kithcheck import boundaries

_LAYERS = {
    "common/CMakeLists.txt": """
kith_library(kith_ops
  SOURCES ops/log.cc DEPS absl::time)
kith_library(kith_status SOURCES status/rpc_status.cc)
kith_library(kith_mysql SOURCES mysql/session.cc mysql/errors.cc
  DEPS kith_ops MySQLConnector::mysqlcppconn)
kith_library(kith_rpc SOURCES rpc/client.cc DEPS kith_mysql kith_status)
kith_library(kith_testing SOURCES testing/calls.cc DEPS kith_rpc)
kith_test(common_unit_test LABEL unit
  SOURCES ops/log_test.cc mysql/errors_test.cc DEPS kith_testing)
""",
}
_HEADERS = {
    **_LAYERS,
    "common/ops/log.h": "",
    "common/mysql/session.h": "",
    "common/rpc/call_gate.h": "#include <grpcpp/server.h>\n",
    "common/status/status_macros.h": "",
    "contacts-svc/contact_store.h": "",
    "contacts-svc/contact_validation.h": "",
    "contacts-svc/contact_fields.h": '#include "common/rpc/call_gate.h"\n',
}


@pytest.mark.parametrize(
    "path, include, mend",
    [
        ("contacts-svc/a.cc", '"identity-svc/phone.h"', "generated stubs"),
        ("contacts-svc/a_test.cc", '"identity-svc/phone.h"', "generated stubs"),
        ("common/ops/a.cc", '"identity-svc/phone.h"', "out of identity-svc"),
        ("gateway/a.cc", '"identity-svc/phone.h"', "by its stub"),
        ("contacts-svc/a.cc", '"gateway/task.h"', "to common/"),
        ("common/rpc/a.cc", '"gateway/task.h"', "to common/"),
        ("common/ops/a.cc", '"common/mysql/session.h"', "a layer below"),
        ("common/ops/a.cc", '"common/status/rpc_status.h"', "a layer below"),
        ("common/mysql/a.cc", '"common/rpc/call_gate.h"', "a layer below"),
        ("common/status/a.cc", '"common/ops/log.h"', "a layer below"),
        ("common/mysql/a.cc", '"common/status/rpc_status.h"', "links common/ops"),
        ("common/rpc/a.cc", '"common/testing/calls.h"', "out of common/testing"),
        ("contacts-svc/a.cc", '"common/testing/calls.h"', "out of common/testing"),
        ("gateway/a.cc", '"common/mysql/session.h"', "by RPC"),
        ("contacts-svc/a.cc", '"../gateway/a.h"', "from the root"),
        ("contacts-svc/a.cc", "<grpcpp/grpcpp.h>", "_service"),
        ("common/ops/a.h", "<grpcpp/grpcpp.h>", "_service"),
        ("contacts-svc/contact_store.h", "<grpcpp/grpcpp.h>", "hand over values"),
        (
            "contacts-svc/contacts_service.h",
            '"kith/identity/v1/identity.grpc.pb.h"',
            "let a flow of the gateway call both",
        ),
        ("contacts-svc/contact_row.cc", '"kith/contacts/v1/c.grpc.pb.h"', "pb.h"),
        ("contacts-svc/a.cc", "<cppconn/driver.h>", "mysql::Session"),
        ("common/rpc/a_test.cc", "<cppconn/driver.h>", "mysql::Session"),
        ("contacts-svc/contact_store.cc", '"contacts-svc/contact_validation.h"', "one and then the other"),
        ("contacts-svc/contact_validation.cc", '"contacts-svc/contact_store.h"', "one and then the other"),
        ("contacts-svc/contact_store.cc", '"contacts-svc/contact_fields.h"', "without gRPC"),
    ],
)  # fmt: skip
def test_what_crosses_a_boundary_is_told(plant, expect, path, include, mend):
    tree = plant({**_HEADERS, path: f"// A file.\n#include {include}\n"})
    found = [each for each in boundaries.check(tree) if each.path == path]
    expect(found, path, 2, include.strip('<>"'), mend)


def test_the_way_to_grpc_is_shown(plant):
    tree = plant(
        {**_HEADERS, "contacts-svc/contact_row.cc": '#include "contacts-svc/contact_fields.h"\n'}
    )
    found = [each for each in boundaries.check(tree) if "_row" in each.path]
    assert "contact_fields.h -> common/rpc/call_gate.h -> grpcpp/server.h" in found[0].what


@pytest.mark.parametrize(
    "path, include",
    [
        ("contacts-svc/contacts_service.h", '"kith/contacts/v1/contacts.grpc.pb.h"'),
        ("contacts-svc/contacts_service.cc", '"contacts-svc/contact_store.h"'),
        ("contacts-svc/contact_store.cc", '"common/mysql/session.h"'),
        ("contacts-svc/contact_store_test.cc", '"common/testing/calls.h"'),
        ("contacts-svc/contacts_fixture.h", "<grpcpp/grpcpp.h>"),
        ("gateway/a.cc", "<grpcpp/grpcpp.h>"),
        ("gateway/a.cc", '"kith/identity/v1/identity.grpc.pb.h"'),
        ("common/mysql/a.cc", "<cppconn/driver.h>"),
        ("common/ops/a.cc", '"common/status/status_macros.h"'),
        ("common/rpc/a.cc", '"common/mysql/session.h"'),
        ("common/rpc/a.cc", '"common/ops/log.h"'),
        ("common/ops/a_test.cc", '"common/testing/fake_clock.h"'),
        ("tests/bench/a.cc", '"common/mysql/session.h"'),
    ],
)
def test_what_is_allowed_passes(plant, path, include):
    tree = plant({**_LAYERS, path: f"#include {include}\n"})
    assert boundaries.check(tree) == []


def test_an_include_in_a_comment_is_none(plant):
    text = '// #include "identity-svc/phone.h"\n/*\n#include <cppconn/driver.h>\n*/\n'
    assert boundaries.check(plant({"contacts-svc/a.cc": text})) == []


def test_a_layer_has_its_place(plant, expect):
    tree = plant({**_LAYERS, "common/misc/a.h": ""})
    expect(boundaries.check(tree), "common/misc/a.h", 1, "no layer", "put it under")


@pytest.mark.parametrize(
    "deps, what, mend",
    [
        ("kith_identity", "kith_contacts links kith_identity", "generated stubs"),
        ("kith_gateway", "kith_contacts links kith_gateway", "nothing knows"),
        ("kith_rpc kith_contacts", "links kith_rpc, kith_contacts", "have an order"),
    ],
)
def test_what_links_across_a_boundary_is_told(plant, expect, deps, what, mend):
    tree = plant(
        {
            **_LAYERS,
            "identity-svc/CMakeLists.txt": "kith_library(kith_identity SOURCES a.cc)\n",
            "gateway/CMakeLists.txt": "kith_library(kith_gateway SOURCES a.cc)\n",
            "contacts-svc/CMakeLists.txt": "# A comment.\nkith_library(kith_contacts\n"
            f"  SOURCES a.cc\n  DEPS {deps})\n",
        }
    )
    expect(boundaries.check(tree), "contacts-svc/CMakeLists.txt", 2, what, mend)


def test_flags_stand_in_main(plant, expect):
    flag = 'ABSL_FLAG(int, a, 1, "b");\n'
    allowed = ("gateway/main.cc", "common/rpc/process.cc", "common/rpc/database_service.cc")
    assert boundaries.check(plant({**_LAYERS, **dict.fromkeys(allowed, flag)})) == []
    tree = plant({"contacts-svc/contact_store.cc": "\n" + flag})
    expect(
        boundaries.check(tree), "contacts-svc/contact_store.cc", 2, "a flag", "main.cc"
    )
