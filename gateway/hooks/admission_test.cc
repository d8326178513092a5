#include "gateway/hooks/admission.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "gateway/hooks/hook_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kSecret[] = "a-secret-word";
constexpr char kTouches[] = R"(
  touches {
    identities { channel: "EMAIL" value { path: "body.email" } }
    set { field: "interaction.kind" value { constant: "NOTE" } }
    set { field: "interaction.topic" value { path: "header.x-topic" } }
  }
)";

LoadedConnector Form(const std::string& more = "") {
  return LoadedHook(absl::StrCat(R"(
      tenant: "demo" source: "form" path: "/hooks/a" body: HOOK_BODY_FORM
      signature { scheme: SIGNATURE_SCHEME_NONE }
      assurance: ASSURANCE_UNAUTHENTICATED)",
                                 kTouches, more));
}

LoadedConnector Github(const std::string& more = "") {
  return LoadedHook(absl::StrCat(R"(
      tenant: "demo" source: "git" path: "/hooks/a" body: HOOK_BODY_JSON
      signature { scheme: SIGNATURE_SCHEME_GITHUB secret_file: "s" }
      assurance: ASSURANCE_REPORTED)",
                                 kTouches, more),
                    {kSecret});
}

v1::HookRequest GithubPost(const std::string& body, const std::string& id) {
  return HookPost(
      "/hooks/a",
      {{"content-type", "application/json"},
       {"x-hub-signature-256",
        "sha256=" + absl::BytesToHexString(base::HmacSha256(kSecret, body))},
       {"x-github-delivery", id},
       {"x-topic", "t"},
       {"user-agent", "GitHub-Hookshot"},
       {"authorization", "Bearer other"}},
      body);
}

TEST(AdmissionTest, OnlyASignedRequestGetsIn) {
  const LoadedConnector connector = Github();
  v1::HookRequest request = GithubPost("{}", "1");
  EXPECT_TRUE(AdmitHook(connector, request, kHookTime).status.ok());
  request.set_body("{ }");
  const HookAdmission refused = AdmitHook(connector, request, kHookTime);
  EXPECT_EQ(refused.status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(refused.verdict, v1::HOOK_VERDICT_FORGED);
  EXPECT_EQ(refused.kept.body(), "");
}

TEST(AdmissionTest, WhatIsOfNoFormThatTheConnectorTakesIsRefused) {
  const auto code = [](const v1::HookRequest& request) {
    return AdmitHook(Form(), request, kHookTime).status.code();
  };
  EXPECT_EQ(code(FormPost("email=a")), absl::StatusCode::kOk);
  v1::HookRequest request = FormPost("email=a");
  request.set_method("GET");
  EXPECT_EQ(code(request), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(code(JsonPost("{}")), absl::StatusCode::kInvalidArgument);
  request = FormPost(std::string(kMostHookBytes, 'a'));
  EXPECT_EQ(code(request), absl::StatusCode::kOk);
  request = FormPost(std::string(kMostHookBytes + 1, 'a'));
  EXPECT_EQ(code(request), absl::StatusCode::kOutOfRange);
  request = FormPost("a=1");
  request.set_target("/hooks/a?" + std::string(kMostHookTargetBytes, 'a'));
  EXPECT_EQ(code(request), absl::StatusCode::kOutOfRange);
  request = FormPost("a=1");
  for (int i = 0; i < kMostHookHeaders; ++i) request.add_headers();
  EXPECT_EQ(code(request), absl::StatusCode::kOutOfRange);
}

TEST(AdmissionTest, TheSameFormTwiceIsOneForAWhile) {
  const HookAdmission first = AdmitHook(Form(), FormPost("email=a"), kHookTime);
  const HookAdmission again =
      AdmitHook(Form(), FormPost("email=a"), kHookTime + absl::Hours(1));
  EXPECT_EQ(first.idempotency_key, again.idempotency_key);
  EXPECT_EQ(first.repeat_window, absl::Seconds(10));
  EXPECT_NE(AdmitHook(Form(), FormPost("email=b"), kHookTime).idempotency_key,
            first.idempotency_key);
  EXPECT_EQ(
      AdmitHook(Form("repeat_seconds: 60"), FormPost("email=a"), kHookTime)
          .repeat_window,
      absl::Minutes(1));
}

TEST(AdmissionTest, TheSendersOwnIdIsKnownForEver) {
  const LoadedConnector connector =
      Github("idempotency_key { path: 'body.id' }");
  const HookAdmission first =
      AdmitHook(connector, GithubPost(R"({"id": 1})", "a"), kHookTime);
  EXPECT_EQ(first.idempotency_key, "id:1");
  EXPECT_EQ(first.repeat_window, absl::InfiniteDuration());
  EXPECT_EQ(
      AdmitHook(connector, GithubPost(R"({"id": 1, "x": 2})", "b"), kHookTime)
          .idempotency_key,
      "id:1");
  // What has no id, or cannot be read, is known by its content.
  EXPECT_THAT(
      AdmitHook(connector, GithubPost("{}", "a"), kHookTime).idempotency_key,
      StartsWith("content:"));
  const HookAdmission unreadable =
      AdmitHook(connector, GithubPost("{", "a"), kHookTime);
  EXPECT_TRUE(unreadable.status.ok());
  EXPECT_THAT(unreadable.idempotency_key, StartsWith("content:"));
}

TEST(AdmissionTest, ASignedBodyIsTakenOnceWhateverItsHeadersSay) {
  const LoadedConnector connector =
      Github("idempotency_key { path: 'sha256' }");
  const auto key = [&](const std::string& delivery) {
    return AdmitHook(connector, GithubPost("{}", delivery), kHookTime)
        .idempotency_key;
  };
  EXPECT_EQ(key("first"), key("replayed"));
}

TEST(AdmissionTest, NobodyTakesTheIdOfAnothersForm) {
  const LoadedConnector connector = Form("idempotency_key { path: 'body.id' }");
  EXPECT_NE(AdmitHook(connector, FormPost("email=thief&id=1"), kHookTime)
                .idempotency_key,
            AdmitHook(connector, FormPost("email=owner&id=1"), kHookTime)
                .idempotency_key);
}

TEST(AdmissionTest, KeysAreShort) {
  const LoadedConnector connector =
      Github("idempotency_key { path: 'body.id' }");
  const HookAdmission admission = AdmitHook(
      connector,
      GithubPost(R"({"id":")" + std::string(5'000, 'x') + R"("})", "a"),
      kHookTime);
  EXPECT_LE(admission.idempotency_key.size(), 200U);
}

TEST(AdmissionTest, WhatIsKeptHasNoProof) {
  const HookAdmission admission =
      AdmitHook(Github(), GithubPost("{}", "1"), kHookTime);
  ASSERT_EQ(admission.kept.headers_size(), 2);
  EXPECT_EQ(admission.kept.headers(0).name(), "content-type");
  EXPECT_EQ(admission.kept.headers(1).name(), "x-topic");
  EXPECT_EQ(admission.kept.body(), "{}");
  EXPECT_EQ(admission.kept.method(), "POST");
}

TEST(AdmissionTest, WhatIsKeptHasNoTokenOfTheQuery) {
  const LoadedConnector connector = LoadedHook(absl::StrCat(R"(
      tenant: "demo" source: "s" path: "/hooks/a" body: HOOK_BODY_FORM
      signature { scheme: SIGNATURE_SCHEME_TOKEN secret_file: "s"
                  token_path: "query.token" }
      assurance: ASSURANCE_REPORTED)",
                                                            kTouches),
                                               {kSecret});
  v1::HookRequest request = FormPost("email=a");
  request.set_target(absl::StrCat("/hooks/a?x=1&token=", kSecret, "&y=2"));
  const HookAdmission admission = AdmitHook(connector, request, kHookTime);
  ASSERT_TRUE(admission.status.ok()) << admission.status;
  EXPECT_EQ(admission.kept.target(), "/hooks/a?x=1&y=2");
  // The scheme reads a name that is written otherwise, so the journal does.
  request.set_target(absl::StrCat("/hooks/a?x=1&%74oken=", kSecret));
  const HookAdmission encoded = AdmitHook(connector, request, kHookTime);
  ASSERT_TRUE(encoded.status.ok()) << encoded.status;
  EXPECT_EQ(encoded.kept.target(), "/hooks/a?x=1");
  EXPECT_THAT(admission.kept.DebugString(), Not(HasSubstr(kSecret)));
}

}  // namespace
}  // namespace kith::gateway
