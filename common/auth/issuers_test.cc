#include "common/auth/issuers.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/auth/jwt/token_fixture.h"
#include "common/auth/live_keys.h"
#include "common/base/text_file.h"
#include "common/ops/metrics.h"
#include "common/testing/from_text.h"
#include "common/testing/matchers.h"
#include "common/testing/temporary_directory.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::auth {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr char kOneIssuer[] = R"(
  issuers {
    id: "corp" issuer: "https://login.example.com" audiences: "kith"
    audiences: "kith-2" jwks_file: "corp.json" tenant_slug: "demo"
    scopes_claim: "scope" roles_claim: "roles"
    roles { name: "agent" scopes: "contacts.write" }
    roles { name: "guest" }
    allowed_scopes: "contacts.read" allowed_scopes: "contacts.write"
    assurance: ASSURANCE_REPORTED limits { calls_at_once: 7 }
  })";

Tenants TwoTenants() {
  return *Tenants::Make(testing::FromText<config::v1::TenantsFile>(
      "tenants { id: 1 slug: 'demo' region: 'US' time_zone: 'UTC' }"
      "tenants { id: 2 slug: 'shop' region: 'US' time_zone: 'UTC' }"));
}

absl::Time Noon() { return absl::FromUnixSeconds(1'800'000'000); }

class IssuersTest : public ::testing::Test {
 protected:
  absl::StatusOr<Issuers> Make(const std::string& text) {
    const auto file = testing::FromText<config::v1::IssuersFile>(text);
    const auto keys = std::make_shared<const jwt::JwkSet>(
        *jwt::JwkSet::Parse(signer_.JwkSet("k1")));
    JwkSets sets;
    for (const auto& issuer : file.issuers()) sets[issuer.jwks_file()] = keys;
    return Issuers::Make(file, TwoTenants(), sets);
  }

  // What `change` does to the issuer is text for text.
  absl::StatusOr<std::shared_ptr<const base::Principal>> Ask(
      const json& claims, const std::string& from = "",
      const std::string& to = "") {
    const auto issuers =
        Make(from.empty() ? std::string(kOneIssuer)
                          : absl::StrReplaceAll(kOneIssuer, {{from, to}}));
    EXPECT_THAT(issuers, IsOk());
    if (!issuers.ok()) return issuers.status();
    return issuers->Authenticate(signer_.Token("k1", claims), Noon());
  }

  static json Claims() {
    return {{"iss", "https://login.example.com"},
            {"aud", "kith"},
            {"sub", "u-7"},
            {"exp", 1'800'000'300},
            {"scope", "contacts.read openid"}};
  }

  static json Claims(const char* name, const json& value) {
    json claims = Claims();
    claims[name] = value;
    return claims;
  }

  const jwt::TokenSigner signer_{'1'};
};

TEST_F(IssuersTest, ATokenSaysWhoCalls) {
  const auto principal = Ask(Claims());
  ASSERT_THAT(principal, IsOk());
  EXPECT_EQ((*principal)->key_id, "corp");
  EXPECT_EQ((*principal)->subject, "u-7");
  EXPECT_EQ((*principal)->person, "u-7");
  EXPECT_EQ((*principal)->expire_time, Noon() + absl::Minutes(5));
  EXPECT_EQ((*principal)->tenant->slug(), "demo");
  EXPECT_EQ((*principal)->assurance, config::v1::ASSURANCE_REPORTED);
  EXPECT_EQ((*principal)->limits.calls_at_once(), 7);
  EXPECT_THAT((*principal)->scopes, UnorderedElementsAre("contacts.read"));
}

TEST_F(IssuersTest, RolesStandForScopes) {
  const auto principal = Ask(Claims("roles", json{"agent", "guest", "owner"}));
  ASSERT_THAT(principal, IsOk());
  EXPECT_THAT((*principal)->scopes,
              UnorderedElementsAre("contacts.read", "contacts.write"));
}

TEST_F(IssuersTest, NobodyHasMoreThanTheAllowedScopes) {
  const auto principal = Ask(
      Claims("scope", "customers.write changes.tail_all actors.assert agent"));
  ASSERT_THAT(principal, IsOk());
  EXPECT_THAT((*principal)->scopes, UnorderedElementsAre());
}

TEST_F(IssuersTest, AClaimMaySayWhichTenant) {
  const auto ask = [&](const json& tenant) {
    return Ask(Claims("org", tenant), "tenant_slug: \"demo\"",
               R"(tenant_claim: "org" tenants: "demo")");
  };
  ASSERT_THAT(ask("demo"), IsOk());
  EXPECT_EQ((*ask("demo"))->tenant->slug(), "demo");
  // There is such a tenant, but the issuer does not speak for it.
  for (const json& other : {json("shop"), json("nobody"), json(""), json(1),
                            json(), json{"demo"}}) {
    EXPECT_THAT(ask(other), StatusIs(StatusCode::kUnauthenticated, "tenant"))
        << other;
  }
}

TEST_F(IssuersTest, AnotherClaimMayNameThePerson) {
  const auto ask = [&](const json& verified) {
    json claims = Claims("email", "bea@example.com");
    claims["email_verified"] = verified;
    return Ask(claims, "scopes_claim", "name_claim: \"email\" scopes_claim");
  };
  ASSERT_THAT(ask(true), IsOk());
  EXPECT_EQ((*ask(true))->subject, "u-7");
  EXPECT_EQ((*ask(true))->person, "bea@example.com");
  for (const json& unverified : {json(false), json("true"), json(1), json()}) {
    EXPECT_THAT(ask(unverified),
                StatusIs(StatusCode::kUnauthenticated, "claims"))
        << unverified;
  }
}

TEST_F(IssuersTest, EachTokenIsRefusedForAReasonThatIsCounted) {
  const auto count = [](const char* reason) {
    return ops::Counter("kith_tokens_refused_total",
                        "Tokens (JWTs) that were refused, by reason.",
                        {{"issuer", "corp"}, {"reason", reason}})
        .Value();
  };
  const auto expect = [&](const json& claims, const char* reason) {
    const double before = count(reason);
    EXPECT_THAT(Ask(claims), StatusIs(StatusCode::kUnauthenticated, reason));
    EXPECT_EQ(count(reason), before + 1) << reason;
  };
  expect(Claims("exp", 1'799'999'940), "expired");
  expect(Claims("nbf", 1'800'000'061), "not_yet_valid");
  expect(Claims("aud", "other"), "audience");
  expect(Claims("sub", ""), "claims");
  expect(Claims("scope", 1), "claims");
  EXPECT_THAT(Ask(Claims("iss", "https://login.example.com/")),
              StatusIs(StatusCode::kUnauthenticated, "issuer"));
  EXPECT_THAT(Ask(Claims("iss", 1)),
              StatusIs(StatusCode::kUnauthenticated, "issuer"));
  const auto issuers = Make(kOneIssuer);
  EXPECT_THAT(issuers->Authenticate(jwt::TokenSigner('2').Token("k1", Claims()),
                                    Noon()),
              StatusIs(StatusCode::kUnauthenticated, "signature"));
  EXPECT_THAT(issuers->Authenticate(signer_.Token("k2", Claims()), Noon()),
              StatusIs(StatusCode::kUnauthenticated, "unknown_key"));
}

TEST_F(IssuersTest, AFileNamesAllItsFaultsAtOnce) {
  const auto refused = Make(R"(
    issuers { id: "Bad" tenant_slug: "nobody" tenants: "demo"
              allowed_scopes: "all" allowed_scopes: "changes.tail_all"
              allowed_scopes: "actors.assert" limits { burst: -1 } }
    issuers { id: "corp" issuer: "i" audiences: "" jwks_file: "j"
              tenant_claim: "org" roles_claim: "roles"
              assurance: ASSURANCE_REPORTED }
    issuers { id: "corp" issuer: "i" audiences: "a" jwks_file: "j"
              allowed_scopes: "a.read" roles_claim: "roles"
              roles { name: "x" scopes: "b.read" } roles { name: "x" }
              assurance: ASSURANCE_REPORTED })");
  ASSERT_THAT(refused, StatusIs(StatusCode::kInvalidArgument, "issuers file"));
  EXPECT_THAT(
      std::string(refused.status().message()),
      AllOf(HasSubstr("\"Bad\": id, want [a-z0-9]{4,32}"),
            HasSubstr("\"Bad\": issuer is empty"),
            HasSubstr("\"Bad\": jwks_file is not set"),
            HasSubstr("\"Bad\": audiences, want at least one"),
            HasSubstr("\"Bad\": no tenant has the slug \"nobody\""),
            HasSubstr("\"Bad\": tenants, want none beside tenant_slug"),
            HasSubstr("\"Bad\": scope \"all\""),
            HasSubstr("scope \"changes.tail_all\" is for API keys alone"),
            HasSubstr("scope \"actors.assert\" is for API keys alone")));
  EXPECT_THAT(
      std::string(refused.status().message()),
      AllOf(HasSubstr("\"Bad\": want scopes_claim or roles_claim"),
            HasSubstr("\"Bad\": assurance is not set"),
            HasSubstr("\"Bad\": burst: -1"),
            HasSubstr("\"corp\": audiences, want at least one"),
            HasSubstr("\"corp\": tenant_claim, want the name of a claim"),
            HasSubstr("\"corp\": allowed_scopes, want at least one"),
            HasSubstr("\"corp\": want both roles_claim and roles"),
            HasSubstr("\"corp\": want tenant_slug or tenant_claim"),
            HasSubstr("role \"x\": scope \"b.read\" is not among"),
            HasSubstr("role \"x\": the name is empty or used twice"),
            HasSubstr("\"corp\": id is used twice"),
            HasSubstr("\"corp\": issuer is used twice")));
}

// The issuers among the files that are read again.
class LiveIssuersTest : public IssuersTest {
 protected:
  LiveIssuersTest() {
    Write("tenants",
          "tenants { id: 1 slug: 'demo' region: 'US' time_zone: 'UTC' }");
    Write("keys", KeyEntry("first"));
    Write("issuers", kOneIssuer);
    Write("corp.json", signer_.JwkSet("k1"));
  }

  static std::string KeyEntry(const std::string& id) {
    return absl::StrCat("keys { id: '", id, "' secret_sha256: '",
                        std::string(64, '0'),
                        "' tenant: 'demo' assurance: ASSURANCE_REPORTED }\n");
  }

  std::string Path(const std::string& name) const {
    return directory_.Path(name);
  }

  void Write(const std::string& name, const std::string& text) {
    ASSERT_THAT(base::WriteFileAtomically(Path(name), text), IsOk());
  }

  KeyFiles Files() const {
    return {Path("keys"), Path("tenants"), Path("issuers")};
  }

  static absl::Status Use(const KeyRing& ring, const jwt::TokenSigner& signer,
                          const std::string& kid) {
    json claims = Claims();
    claims["exp"] = absl::ToUnixSeconds(absl::Now()) + 300;
    return ring.Authenticate(absl::StrCat("Bearer ", signer.Token(kid, claims)))
        .status();
  }

  testing::TemporaryDirectory directory_;
  const jwt::TokenSigner next_{'2'};
};

TEST_F(LiveIssuersTest, KeysOfAnIssuerAreRotatedWithoutARestart) {
  const auto live = *LiveKeys::Load(Files());
  EXPECT_THAT(Use(*live->keys(), signer_, "k1"), IsOk());
  EXPECT_THAT(Use(*live->keys(), next_, "k2"),
              StatusIs(StatusCode::kUnauthenticated));
  Write("corp.json", next_.JwkSet("k2"));
  EXPECT_THAT(live->Refresh(), IsOk());
  EXPECT_THAT(Use(*live->keys(), next_, "k2"), IsOk());
  EXPECT_THAT(Use(*live->keys(), signer_, "k1"),
              StatusIs(StatusCode::kUnauthenticated));
}

TEST_F(LiveIssuersTest, ABrokenJwksKeepsTheOldKeysAndHoldsUpNoOtherFile) {
  const auto live = *LiveKeys::Load(Files());
  const auto& failures = ops::Counter(
      "kith_jwks_reload_failures_total",
      "Changes of a JWKS file that were refused.", {{"issuer", "corp"}});
  const auto& refused = ops::Gauge("kith_file_refused", /*help=*/"",
                                   {{"file", Path("corp.json")}});
  const double before = failures.Value();
  EXPECT_EQ(refused.Value(), 0);
  Write("corp.json", R"({"keys":[]})");
  EXPECT_THAT(live->Refresh(), IsOk());
  EXPECT_EQ(failures.Value(), before + 1);
  EXPECT_EQ(refused.Value(), 1);
  EXPECT_THAT(Use(*live->keys(), signer_, "k1"), IsOk());
  // Another broken one, and a key that is taken away.
  Write("corp.json", "");
  Write("issuers", absl::StrReplaceAll(kOneIssuer, {{"\"kith\"", "\"gone\""}}));
  EXPECT_THAT(live->Refresh(), IsOk());
  EXPECT_THAT(Use(*live->keys(), signer_, "k1"),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_EQ(refused.Value(), 1);
  // An issuer that is gone has no file any more.
  Write("issuers", "");
  EXPECT_THAT(live->Refresh(), IsOk());
  EXPECT_EQ(refused.Value(), 0);
}

TEST_F(LiveIssuersTest, ABrokenIssuersFileKeepsTheOldOne) {
  const auto live = *LiveKeys::Load(Files());
  Write("issuers", "issuers {");
  live->Refresh().IgnoreError();
  EXPECT_THAT(Use(*live->keys(), signer_, "k1"), IsOk());
}

TEST_F(LiveIssuersTest, ABrokenJwksAtTheStartIsAnError) {
  Write("corp.json", R"({"keys":[]})");
  EXPECT_THAT(KeyRing::Load(Files()),
              StatusIs(StatusCode::kInvalidArgument, "/corp.json: JWK Set"));
  KeyFiles files = Files();
  files.issuers = Path("absent");
  EXPECT_THAT(KeyRing::Load(files), StatusIs(StatusCode::kNotFound, "/absent"));
}

TEST_F(LiveIssuersTest, AnIdIsOfAKeyOrOfAnIssuer) {
  Write("keys", KeyEntry("corp"));
  EXPECT_THAT(KeyRing::Load(Files()),
              StatusIs(StatusCode::kInvalidArgument, "\"corp\": used twice"));
}

TEST_F(LiveIssuersTest, WithoutIssuersNoTokenIsAccepted) {
  KeyFiles files = Files();
  files.issuers = "";
  const auto ring = KeyRing::Load(files);
  ASSERT_THAT(ring, IsOk());
  const absl::Status refused = Use(*ring, signer_, "k1");
  EXPECT_THAT(refused, StatusIs(StatusCode::kUnauthenticated, "a valid token"));
  // Nobody learns what was wrong.
  EXPECT_EQ(Use(*KeyRing::Load(Files()), next_, "k1"), refused);
  EXPECT_EQ(ring->Authenticate("Bearer kith_first_x").status(), refused);
}

}  // namespace
}  // namespace kith::auth
