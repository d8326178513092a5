#include "common/rpc/tls.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(TlsTest, WhatStaysOnTheMachineIsLocal) {
  for (const char* target :
       {"127.0.0.1:0", "127.8.8.8:1", "[::1]:7710", "localhost:7710",
        "unix:/run/kith", "unix-abstract:kith", "dns:///localhost:7710",
        "dns:localhost:7710", "ipv4:127.0.0.1:7710",
        "ipv4:127.0.0.1:1,127.0.0.1:2", "ipv6:[::1]:7710"}) {
    EXPECT_TRUE(IsLocal(target)) << target;
  }
}

TEST(TlsTest, WhatMayLeaveTheMachineIsNot) {
  for (const char* target :
       {"", "0.0.0.0:7710", "[::]:7710", "[::1:7710", "10.0.0.1:7710",
        "contacts-svc:7710", "127.0.0.1.example.com:7710",
        "localhost.example.com:7710", "dns:///contacts-svc:7710",
        "dns://localhost/contacts-svc:7710", "dns://localhost:7710",
        "ipv4:127.0.0.1:1,10.0.0.1:2", "ipv6:[2001:db8::1]:7710",
        "ipv6:%5B::1%5D:7710", "xds:///127.0.0.1:1"}) {
    EXPECT_FALSE(IsLocal(target)) << target;
  }
}

TEST(TlsTest, APlainLinkThatLeavesTheMachineIsAFault) {
  std::vector<std::string> faults;
  CheckPlainLink("a_target", "127.0.0.1:1", "tls_ca_file", faults);
  EXPECT_THAT(faults, IsEmpty());
  CheckPlainLink("a_target", "dns:///a:1", "tls_ca_file", faults);
  EXPECT_THAT(faults, ElementsAre(HasSubstr(
                          "--a_target: \"dns:///a:1\" leaves this machine "
                          "without TLS, want --tls_ca_file")));
}

TEST(TlsTest, CertificateAndKeyBelongTogether) {
  std::vector<std::string> faults;
  TlsFiles{.certificate = "/a", .key = "", .ca = ""}.Validate("tls", faults);
  TlsFiles{.certificate = "", .key = "/a", .ca = ""}.Validate("tls", faults);
  EXPECT_THAT(faults, ElementsAre(HasSubstr("--tls_key_file: not given"),
                                  HasSubstr("--tls_certificate_file: not")));
}

TEST(TlsTest, FilesThatAreMissingAreNamed) {
  std::vector<std::string> faults;
  TlsFiles().Validate("tls", faults);
  EXPECT_THAT(faults, IsEmpty());
  TlsFiles{.certificate = "/no/a", .key = "/no/b", .ca = "/no/c"}.Validate(
      "db_tls", faults);
  EXPECT_THAT(faults,
              ElementsAre("--db_tls_certificate_file: no certificate in /no/a",
                          "--db_tls_key_file: no key of the certificate in "
                          "/no/b",
                          "--db_tls_ca_file: no certificate in /no/c"));
}

}  // namespace
}  // namespace kith::rpc
