#include "common/auth/credentials.h"

#include <fstream>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/testing/from_text.h"
#include "common/testing/matchers.h"
#include "common/testing/temporary_directory.h"
#include "common/testing/test_keys.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::auth {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr char kTenants[] =
    "tenants { id: 1 slug: 'demo' region: 'US' time_zone: 'UTC' }\n";

std::string Digest(absl::string_view secret) {
  return absl::BytesToHexString(base::Sha256(secret));
}

// A good key, as textproto.
std::string GoodKey(absl::string_view id = "abcd") {
  return absl::StrCat("keys { id: '", id, "' secret_sha256: '", Digest("s_e"),
                      "' tenant: 'demo' scopes: 'contacts.read' scopes: "
                      "'contacts.write' assurance: ASSURANCE_VERIFIED }\n");
}

absl::StatusOr<KeyRing> Make(const std::string& text) {
  return KeyRing::Make(
      testing::FromText<config::v1::KeysFile>(text),
      *Tenants::Make(testing::FromText<config::v1::TenantsFile>(kTenants)));
}

TEST(KeyRingTest, AGoodKeySaysWhoCalls) {
  const auto ring = Make(GoodKey());
  ASSERT_THAT(ring, IsOk());
  const auto principal = ring->Authenticate("Bearer kith_abcd_s_e");
  ASSERT_THAT(principal, IsOk());
  EXPECT_EQ((*principal)->key_id, "abcd");
  EXPECT_EQ((*principal)->tenant->slug(), "demo");
  EXPECT_EQ((*principal)->assurance, config::v1::ASSURANCE_VERIFIED);
  EXPECT_THAT((*principal)->scopes,
              UnorderedElementsAre("contacts.read", "contacts.write"));
}

TEST(KeyRingTest, KnowsTenantsWithoutAKeyToo) {
  const auto ring = Make("");
  ASSERT_THAT(ring, IsOk());
  ASSERT_EQ(ring->tenants().size(), 1);
  EXPECT_EQ(ring->tenants()[0]->slug(), "demo");
}

TEST(KeyRingTest, AKeyHasItsOwnLimits) {
  const auto ring =
      Make(absl::StrCat("keys { id: 'abcd' secret_sha256: '", Digest("s_e"),
                        "' tenant: 'demo' assurance: ASSURANCE_REPORTED "
                        "limits { calls_per_second: 0.5 calls_at_once: 0 } }"));
  ASSERT_THAT(ring, IsOk());
  const auto principal = ring->Authenticate("Bearer kith_abcd_s_e");
  ASSERT_THAT(principal, IsOk());
  EXPECT_EQ((*principal)->limits.calls_per_second(), 0.5);
  EXPECT_TRUE((*principal)->limits.has_calls_at_once());
  EXPECT_FALSE((*principal)->limits.has_burst());
}

TEST(KeyRingTest, TheSchemeIsReadInAnyCase) {
  EXPECT_THAT(Make(GoodKey())->Authenticate("bearer kith_abcd_s_e"), IsOk());
}

TEST(KeyRingTest, AnyOtherHeaderIsRefusedWithTheSameText) {
  const auto ring = Make(GoodKey());
  const absl::Status unknown =
      ring->Authenticate("Bearer kith_none_s_e").status();
  EXPECT_THAT(unknown, StatusIs(StatusCode::kUnauthenticated,
                                "authorization: Bearer kith_<id>_<secret>"));
  for (const char* header : {
           "",
           "Bearer",
           "Bearer ",
           "kith_abcd_s_e",
           "Basic kith_abcd_s_e",
           "Bearer  kith_abcd_s_e",
           "Bearer kith_abcd_s_e ",
           "Bearer abcd_s_e",
           "Bearer kith_",
           "Bearer kith_abcd",
           "Bearer kith_abcd_",
           "Bearer kith_abcd_s",
           "Bearer kith_abcd_S_E",
           "Bearer kith_ABCD_s_e",
           "Bearer KITH_abcd_s_e",
       }) {
    // Nobody learns which ids there are.
    EXPECT_EQ(ring->Authenticate(header).status(), unknown) << header;
  }
}

TEST(KeyRingTest, TheDigestIsNotTheSecret) {
  EXPECT_THAT(Make(GoodKey())->Authenticate(
                  absl::StrCat("Bearer kith_abcd_", Digest("s_e"))),
              StatusIs(StatusCode::kUnauthenticated));
}

TEST(KeyRingTest, NamesAllFaultsAtOnce) {
  const auto refused = Make(absl::StrCat(
      GoodKey("good"), GoodKey("good"), GoodKey("Bad!"), GoodKey("abc"),
      "keys { id: 'short' secret_sha256: 'abc' tenant: 'demo' assurance: "
      "ASSURANCE_REPORTED }",
      "keys { id: 'upper' secret_sha256: '", absl::AsciiStrToUpper(Digest("x")),
      "' tenant: 'nobody' scopes: 'everything' limits { burst: -1 } }"));
  ASSERT_THAT(refused, StatusIs(StatusCode::kInvalidArgument, "keys file"));
  EXPECT_THAT(
      std::string(refused.status().message()),
      AllOf(HasSubstr("\"good\": used twice"),
            HasSubstr("\"Bad!\": id, want [a-z0-9]{4,32}"),
            HasSubstr("\"abc\": id, want [a-z0-9]{4,32}"),
            HasSubstr("\"short\": secret_sha256, want 64 lower-case hex"),
            HasSubstr("\"upper\": secret_sha256, want 64 lower-case hex"),
            HasSubstr("\"upper\": no tenant has the slug \"nobody\""),
            HasSubstr("\"upper\": assurance is not set"),
            HasSubstr("\"upper\": scope \"everything\""),
            HasSubstr("\"upper\": burst: -1, want 0 or more")));
}

TEST(KeyRingTest, TheKeysOfTheTestsAreThere) {
  const auto ring = testing::TestKeys()->keys();
  EXPECT_THAT(ring->Authenticate(testing::Authorization(testing::kOther)),
              IsOk());
  EXPECT_THAT(ring->Authenticate(testing::Authorization(testing::kNobody)),
              StatusIs(StatusCode::kUnauthenticated));
}

class KeyRingFilesTest : public ::testing::Test {
 protected:
  std::string File(const std::string& name, const std::string& content) {
    std::ofstream(directory_.Path(name)) << content;
    return directory_.Path(name);
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(KeyRingFilesTest, AreLoaded) {
  const auto ring =
      KeyRing::Load({File("keys", GoodKey()), File("tenants", kTenants)});
  ASSERT_THAT(ring, IsOk());
  EXPECT_THAT(ring->Authenticate("Bearer kith_abcd_s_e"), IsOk());
}

TEST_F(KeyRingFilesTest, AreNamedWhereTheyAreBad) {
  const std::string tenants = File("tenants", kTenants);
  EXPECT_THAT(KeyRing::Load({directory_.Path("absent"), tenants}),
              StatusIs(StatusCode::kNotFound, "/absent"));
  EXPECT_THAT(KeyRing::Load({File("keys", "keys {"), tenants}),
              StatusIs(StatusCode::kInvalidArgument, "/keys: line 1"));
  EXPECT_THAT(KeyRing::Load({File("keys", "keys { id: 'a' }"), tenants}),
              StatusIs(StatusCode::kInvalidArgument, "keys file"));
}

TEST_F(KeyRingFilesTest, AreBothNamedWhereNeitherCanBeRead) {
  const auto refused =
      KeyRing::Load({File("keys", "keys {"), directory_.Path("absent")});
  EXPECT_THAT(std::string(refused.status().message()),
              AllOf(HasSubstr("/absent"), HasSubstr("/keys: line 1")));
}

}  // namespace
}  // namespace kith::auth
