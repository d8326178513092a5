#include "gateway/hooks/try_hook_flow.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gateway/hooks/mapping/placed_touch.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using Stub = v1::GatewayService::Stub;
using ::kith::testing::StatusIs;
using ::testing::IsEmpty;

// One source of the tenant 1, whose requests say what they become.
class FakeUnderstander final : public Understander {
 public:
  std::optional<HookSource> Find(absl::string_view path) const override {
    if (path != "/hooks/a") return std::nullopt;
    return FindSource(1, "form");
  }

  std::optional<HookSource> FindSource(
      uint64_t tenant_id, absl::string_view source) const override {
    if (tenant_id != 1 || source != "form") return std::nullopt;
    return HookSource{.tenant_id = 1, .source = "form", .path = "/hooks/a"};
  }

  HookAdmission Admit(const HookSource& /*source*/,
                      const v1::HookRequest& request,
                      absl::Time /*now*/) const override {
    if (request.body() == "forged") {
      return {.status = absl::UnauthenticatedError("no signature"),
              .verdict = v1::HOOK_VERDICT_FORGED};
    }
    return {.verdict = v1::HOOK_VERDICT_SIGNED,
            .idempotency_key = request.method() + request.target()};
  }

  v1::HookAnswer AnswerTo(const HookSource& /*source*/,
                          const v1::HookRequest& /*request*/,
                          absl::string_view /*entry_id*/) const override {
    v1::HookAnswer answer;
    answer.set_status(204);
    return answer;
  }

  absl::StatusOr<std::vector<PlacedTouch>> Understand(
      const HookSource& /*source*/, const JournaledHook& hook) const override {
    if (hook.request.body() == "odd") {
      return absl::InvalidArgumentError("body.x: odd");
    }
    PlacedTouch placed;
    placed.touch.mutable_touch()->set_request_id(hook.request.body());
    return std::vector<PlacedTouch>{placed};
  }
};

class TryHookFlowTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::TryHookResponse> Try(
      const std::string& source, const std::string& body,
      testing::TestKey key = testing::kDemo) {
    v1::TryHookRequest request;
    request.set_source(source);
    request.mutable_request()->set_body(body);
    return gateway_.Call(&Stub::TryHook, request, key);
  }

  GatewayHarness gateway_{100, {}, testing::TestKeys(),
                          100, "", std::make_shared<FakeUnderstander>()};
};

TEST_F(TryHookFlowTest, ShowsWhatARequestWouldBecome) {
  const auto tried = Try("form", "abc");
  ASSERT_TRUE(tried.ok()) << tried.status();
  EXPECT_EQ(tried->verdict(), v1::HOOK_VERDICT_SIGNED);
  EXPECT_EQ(tried->refusal(), "");
  EXPECT_EQ(tried->idempotency_key(), "POST/hooks/a");
  EXPECT_EQ(tried->answer().status(), 204);
  ASSERT_EQ(tried->touches_size(), 1);
  EXPECT_EQ(tried->touches(0).touch().request_id(), "abc");
}

TEST_F(TryHookFlowTest, WhatIsRefusedIsShownAllTheSame) {
  const auto tried = Try("form", "forged");
  ASSERT_TRUE(tried.ok()) << tried.status();
  EXPECT_EQ(tried->verdict(), v1::HOOK_VERDICT_FORGED);
  EXPECT_EQ(tried->refusal(), "no signature");
  EXPECT_EQ(tried->touches_size(), 1);
}

TEST_F(TryHookFlowTest, AFaultIsAnAnswer) {
  const auto tried = Try("form", "odd");
  ASSERT_TRUE(tried.ok()) << tried.status();
  EXPECT_EQ(tried->fault(), "body.x: odd");
  EXPECT_THAT(tried->touches(), IsEmpty());
}

TEST_F(TryHookFlowTest, AnotherTenantsSourceIsNone) {
  EXPECT_THAT(Try("form", "abc", testing::kOther).status(),
              StatusIs(absl::StatusCode::kNotFound, "source: "));
  EXPECT_THAT(Try("other", "abc").status(),
              StatusIs(absl::StatusCode::kNotFound, "source: "));
  EXPECT_THAT(Try("", "abc").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "source: "));
}

TEST_F(TryHookFlowTest, WithoutConnectorsThereIsNoSource) {
  GatewayHarness bare;
  v1::TryHookRequest request;
  request.set_source("form");
  request.mutable_request();
  EXPECT_THAT(bare.Call(&Stub::TryHook, request).status(),
              StatusIs(absl::StatusCode::kNotFound, "source: "));
}

}  // namespace
}  // namespace kith::gateway
