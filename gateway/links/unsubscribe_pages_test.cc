#include "gateway/links/unsubscribe_pages.h"

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/call_gate.h"
#include "common/testing/temporary_directory.h"
#include "common/testing/test_keys.h"
#include "gateway/gateway_harness.h"
#include "gateway/links/one_click.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::kDemoAllTenants;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kPostedType[] = "application/x-www-form-urlencoded";

// The services know the gateway's own key by its scope.
std::string OwnKeyFile(const testing::TemporaryDirectory& directory) {
  std::string path = directory.Path("service.key");
  std::ofstream(path)
      << testing::Authorization(kDemoAllTenants).substr(sizeof("Bearer"));
  return path;
}

class UnsubscribePagesTest : public ::testing::Test {
 protected:
  UnsubscribePagesTest() {
    gateway_.identity.list_consents = [this](const auto& /*request*/,
                                             auto& response) {
      for (const auto& each : stored_) *response.add_consents() = each;
      return absl::OkStatus();
    };
    gateway_.identity.batch_may_contact = [this](const auto& /*request*/,
                                                 auto& response) {
      response.add_results()->mutable_response()->set_reason(reason_);
      return absl::OkStatus();
    };
    gateway_.identity.record_consent = [this](const auto& request,
                                              auto& response) {
      recorded_.push_back(request);
      response = request.consent();
      response.set_consent_id(absl::StrCat("id-", recorded_.size()));
      if (status_.ok()) stored_.insert(stored_.begin(), response);
      return status_;
    };
    link_.set_tenant_id(2);
    link_.set_contact_id(std::string(16, 'c'));
    link_.set_identity_key(std::string(16, '\xee'));
    link_.set_purpose(identity::v1::CONSENT_PURPOSE_MARKETING);
    link_.set_topic("news");
    link_.set_issue_seconds(1'790'000'000);
    link_.set_interaction_id(std::string(16, 'm'));
  }

  edge::Reply Ask(const std::string& method, const std::string& path,
                  const std::string& body = "",
                  const std::string& type = kPostedType) {
    edge::Request request;
    request.head = {
        .method = method, .target = path, .headers = {{"content-type", type}}};
    request.body = body;
    edge::Reply reply;
    absl::Notification done;
    const auto exchange = pages_.Answer(request, path, {}, [&](edge::Reply r) {
      reply = std::move(r);
      done.Notify();
    });
    done.WaitForNotification();
    return reply;
  }

  std::string Path() const {
    return absl::StrCat("/u/", GatewayHarness::Links()->Sign(link_));
  }

  const testing::TemporaryDirectory directory_;
  GatewayHarness gateway_{
      100, {}, testing::TestKeys(), 100, OwnKeyFile(directory_)};
  UnsubscribePages pages_{GatewayHarness::Links(), gateway_.backends(),
                          testing::TestKeys()};
  internal::v1::UnsubscribeLinkBody link_;
  std::vector<identity::v1::Consent> stored_;
  identity::v1::MayContactReason reason_ =
      identity::v1::MAY_CONTACT_REASON_SUPPRESSED;
  absl::Status status_;
  std::vector<identity::v1::RecordConsentRequest> recorded_;
};

TEST_F(UnsubscribePagesTest, APostRefusesForTheTenantOfTheLink) {
  const edge::Reply reply = Ask("POST", Path(), kOneClick);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("You are unsubscribed"));
  EXPECT_EQ(edge::FindHeader(reply.headers, "set-cookie"), "");
  EXPECT_EQ(edge::FindHeader(reply.headers, "location"), "");
  EXPECT_EQ(gateway_.record.metadata(rpc::kTenantMetadata), "other");
  EXPECT_EQ(gateway_.record.metadata("authorization"),
            testing::Authorization(kDemoAllTenants));
  ASSERT_THAT(recorded_, SizeIs(1));
  const identity::v1::Consent& refusal = recorded_[0].consent();
  EXPECT_EQ(recorded_[0].contact_id(), "63636363-6363-6363-6363-636363636363");
  EXPECT_EQ(refusal.identity_key(), std::string(32, 'e'));
  EXPECT_EQ(refusal.purpose(), identity::v1::CONSENT_PURPOSE_MARKETING);
  EXPECT_EQ(refusal.topic(), "news");
  EXPECT_EQ(refusal.state(), identity::v1::CONSENT_STATE_REFUSED);
  EXPECT_EQ(refusal.captured_by(), identity::v1::CONSENT_CAPTURER_PERSON);
  EXPECT_EQ(refusal.method(), identity::v1::CONSENT_METHOD_LINK);
  EXPECT_EQ(refusal.evidence().link_time().seconds(), 1'790'000'000);
  EXPECT_EQ(refusal.evidence().interaction_id(),
            "6d6d6d6d-6d6d-6d6d-6d6d-6d6d6d6d6d6d");
}

TEST_F(UnsubscribePagesTest, ARepeatRecordsNothingNew) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Ask("POST", Path(), kOneClick).status, 200);
  }
  EXPECT_THAT(recorded_, SizeIs(1));
}

TEST_F(UnsubscribePagesTest, PostsAtOnceAreOneRequest) {
  Ask("POST", Path(), kOneClick);
  stored_.clear();
  Ask("POST", Path(), kOneClick);
  ASSERT_THAT(recorded_, SizeIs(2));
  EXPECT_EQ(recorded_[0].request_id(), recorded_[1].request_id());
}

TEST_F(UnsubscribePagesTest, ALinkRefusesAgainWhatWasGrantedSince) {
  Ask("POST", Path(), kOneClick);
  reason_ = identity::v1::MAY_CONTACT_REASON_NO_CONSENT;
  Ask("POST", Path(), kOneClick);
  ASSERT_THAT(recorded_, SizeIs(2));
  EXPECT_NE(recorded_[0].request_id(), recorded_[1].request_id());
}

// Reading rules that change give a value another key.
TEST_F(UnsubscribePagesTest, ALinkKnowsItsRefusalByAnotherKeyOfTheValue) {
  Ask("POST", Path(), kOneClick);
  stored_[0].set_identity_key(std::string(32, 'f'));
  Ask("POST", Path(), kOneClick);
  EXPECT_THAT(recorded_, SizeIs(1));
  reason_ = identity::v1::MAY_CONTACT_REASON_NO_CONSENT;
  Ask("POST", Path(), kOneClick);
  ASSERT_THAT(recorded_, SizeIs(2));
  EXPECT_NE(recorded_[0].request_id(), recorded_[1].request_id());
}

TEST_F(UnsubscribePagesTest, OpeningTheLinkRefusesNothing) {
  for (const char* const method : {"GET", "HEAD"}) {
    const edge::Reply page = Ask(method, Path());
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("<form method=\"post\">"));
    EXPECT_THAT(page.body,
                HasSubstr(R"(name="List-Unsubscribe" value="One-Click")"));
    EXPECT_EQ(edge::FindHeader(page.headers, "referrer-policy"), "no-referrer");
    EXPECT_THAT(
        std::string(edge::FindHeader(page.headers, "content-security-policy")),
        HasSubstr("form-action 'self'"));
  }
  EXPECT_EQ(Ask("DELETE", Path()).status, 405);
  EXPECT_EQ(Ask("OPTIONS", Path()).status, 405);
  EXPECT_THAT(recorded_, IsEmpty());
}

TEST_F(UnsubscribePagesTest, APostOfSomethingElseRefusesNothing) {
  EXPECT_EQ(Ask("POST", Path(), "").status, 400);
  EXPECT_EQ(Ask("POST", Path(), "a=b").status, 400);
  EXPECT_EQ(Ask("POST", Path(), kOneClick, "text/plain").status, 400);
  EXPECT_THAT(recorded_, IsEmpty());
}

TEST_F(UnsubscribePagesTest, NoOtherTokenTellsWhatIsWrongWithIt) {
  const std::string unknown = Ask("GET", "/u/").body;
  std::string altered = Path();
  altered.back() = altered.back() == 'A' ? 'B' : 'A';
  link_.set_tenant_id(99);  // there is none
  for (const std::string& path : {altered, std::string("/u/x"), Path()}) {
    const edge::Reply reply = Ask("POST", path, kOneClick);
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_EQ(reply.body, unknown) << path;
  }
  EXPECT_THAT(recorded_, IsEmpty());
}

TEST_F(UnsubscribePagesTest, OnlyWhoHasALinkSendsABodyOfAnyLength) {
  EXPECT_TRUE(pages_.TakesBody(Path()));
  for (const char* const path : {"/u/", "/u/x", "/u/page.css"}) {
    EXPECT_FALSE(pages_.TakesBody(path)) << path;
  }
  EXPECT_EQ(pages_.MostBodyBytes(Path()), 65'536);
}

TEST_F(UnsubscribePagesTest, WhatCouldNotBeRecordedIsNotSaidToBe) {
  status_ = absl::PermissionDeniedError("lacks identity.write");
  const edge::Reply reply = Ask("POST", Path(), kOneClick);
  EXPECT_EQ(reply.status, 503);
  EXPECT_THAT(reply.body, HasSubstr("not unsubscribed"));
  EXPECT_EQ(edge::FindHeader(reply.headers, "retry-after"), "60");
}

TEST_F(UnsubscribePagesTest, TheRouteHasNothingOfTheLink) {
  EXPECT_EQ(pages_.RouteOf(Path()), "/u/{token}");
  EXPECT_EQ(pages_.RouteOf("/u/page.css"), "/u/page.css");
  EXPECT_EQ(pages_.RouteOf("/users"), "");
  EXPECT_EQ(Ask("GET", "/u/page.css").status, 200);
  EXPECT_EQ(Ask("POST", "/u/page.css").status, 405);
}

}  // namespace
}  // namespace kith::gateway
