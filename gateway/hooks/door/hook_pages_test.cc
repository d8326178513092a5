#include "gateway/hooks/door/hook_pages.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/text_file.h"
#include "common/base/times.h"
#include "common/rpc/call_gate.h"
#include "common/testing/temporary_directory.h"
#include "common/testing/test_keys.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/flows/permission_flow.h"
#include "gateway/gateway_harness.h"
#include "gateway/hooks/connectors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::kDemoAllTenants;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kHookConnectors[] = R"(
  connectors {
    tenant: "other" source: "leads" path: "/hooks/leads" ready: "web-to-lead"
    answer {
      redirect { hosts: "www.example.com" otherwise: "https://www.example.com/t" }
    }
  }
  connectors {
    tenant: "other" source: "calls" path: "/hooks/calls"
    ready: "five9-web2campaign"
  }
  connectors {
    tenant: "other" source: "script" path: "/hooks/script" ready: "json"
    signature { secret_file: "token" } rate { per_second: 1 }
  }
)";
constexpr char kLead[] = "email=ada%40example.com&last_name=Lovelace";
constexpr char kPostedForm[] = "application/x-www-form-urlencoded";
constexpr char kEvent[] = R"({"id":"1","customer":{"id":"7"},"kind":"NOTE"})";

class HookPagesTest : public ::testing::Test {
 protected:
  HookPagesTest() {
    gateway_.interactions.record_entry = [this](const auto& request,
                                                auto& response) {
      kept_.push_back(request);
      *response.mutable_entry() = request.entry();
      response.mutable_entry()->clear_body();
      response.mutable_entry()->set_entry_id(kAda);
      response.mutable_entry()->set_attempt_count(1);
      *response.mutable_entry()->mutable_received_time() =
          base::ToProto(clock_.Now());
      response.set_known(known_);
      return keep_status_;
    };
    gateway_.interactions.settle_entry = [this](const auto& request,
                                                auto& /*response*/) {
      settled_.push_back(request);
      return absl::OkStatus();
    };
  }

  // The reply, once what follows from the request has ended.
  edge::Reply Send(const edge::Request& request) {
    edge::Reply reply;
    HookPages pages = Pages();
    const std::string path =
        request.head.target.substr(0, request.head.target.find('?'));
    absl::Notification done;
    const auto exchange = pages.Answer(request, path, {}, [&](edge::Reply r) {
      reply = std::move(r);
      done.Notify();
    });
    done.WaitForNotification();
    return reply;
  }

  HookPages Pages() { return {*hooks_, entries_, clock_, *proxies_}; }

  static edge::Request Post(const std::string& target, const std::string& body,
                            const std::string& type = kPostedForm) {
    edge::Request request;
    request.head = {.method = "POST",
                    .target = target,
                    .headers = {{"content-type", type}, {"cookie", "a=b"}},
                    .peer = "198.51.100.1"};
    request.body = body;
    return request;
  }

  static edge::Request Event(const std::string& token) {
    edge::Request request = Post("/hooks/script", kEvent, "application/json");
    request.head.headers.emplace_back("x-hook-token", token);
    return request;
  }

  std::string Written(const std::string& name, const std::string& text) const {
    std::string path = directory_.Path(name);
    EXPECT_TRUE(base::WriteFileAtomically(path, text).ok());
    return path;
  }

  const testing::TemporaryDirectory directory_;
  GatewayHarness gateway_{
      100,
      {},
      testing::TestKeys(),
      100,
      Written(
          "key",
          testing::Authorization(kDemoAllTenants).substr(sizeof("Bearer")))};
  testing::FakeClock clock_{absl::FromUnixSeconds(1'790'000'000)};
  CustomerFlow customers_{gateway_.backends()};
  PermissionFlow permissions_{gateway_.backends(), customers_, clock_};
  TouchFlow touches_{gateway_.backends(), customers_, permissions_, clock_};
  ConsentFlow consents_{gateway_.backends(), customers_, clock_};
  const std::string secret_ = Written("token", "hook-secret\n");
  const std::unique_ptr<Connectors> hooks_ =
      *Connectors::Load(Written("connectors", kHookConnectors),
                        testing::TestKeys(), "https://crm.example.com");
  EntryFlow entries_{gateway_.backends(), touches_, consents_, *hooks_,
                     testing::TestKeys()};
  absl::StatusOr<edge::TrustedProxies> proxies_ =
      edge::TrustedProxies::Parse({"10.0.0.0/8"});
  bool known_ = false;
  absl::Status keep_status_;
  std::vector<interactions::v1::RecordEntryRequest> kept_;
  std::vector<interactions::v1::SettleEntryRequest> settled_;
};

TEST_F(HookPagesTest, TheJournalHasTheRequestByteForByte) {
  const edge::Reply reply = Send(Post("/hooks/leads?encoding=UTF-8", kLead));
  EXPECT_EQ(reply.status, 303);
  EXPECT_EQ(edge::FindHeader(reply.headers, "location"),
            "https://www.example.com/t");
  EXPECT_EQ(edge::FindHeader(reply.headers, "set-cookie"), "");
  ASSERT_THAT(kept_, SizeIs(1));
  const interactions::v1::Entry& entry = kept_[0].entry();
  EXPECT_EQ(entry.source(), "leads");
  EXPECT_EQ(entry.method(), "POST");
  EXPECT_EQ(entry.target(), "/hooks/leads?encoding=UTF-8");
  EXPECT_EQ(entry.body(), kLead);
  EXPECT_EQ(entry.address(), "198.51.100.1");
  EXPECT_EQ(entry.verdict(), interactions::v1::SIGNATURE_VERDICT_UNSIGNED);
  EXPECT_THAT(entry.idempotency_key(), Not(IsEmpty()));
  EXPECT_EQ(kept_[0].repeat_window().seconds(), 10);
  ASSERT_THAT(entry.headers(), SizeIs(1));
  EXPECT_EQ(entry.headers(0).name(), "content-type");
  EXPECT_EQ(gateway_.record.metadata(rpc::kTenantMetadata), "other");
}

TEST_F(HookPagesTest, ThenItsTouchesAreRecorded) {
  Send(Post("/hooks/leads", kLead));
  ASSERT_THAT(settled_, SizeIs(1));
  EXPECT_EQ(settled_[0].entry_id(), kAda);
  EXPECT_EQ(settled_[0].attempt(), 1);
  EXPECT_EQ(settled_[0].state(), interactions::v1::ENTRY_STATE_DONE);
  EXPECT_THAT(settled_[0].effects(), SizeIs(1));
}

TEST_F(HookPagesTest, ARepeatIsAnsweredTheSameAndMakesNoAttempt) {
  known_ = true;
  const edge::Reply reply = Send(Post("/hooks/leads", kLead));
  EXPECT_EQ(reply.status, 303);
  EXPECT_THAT(settled_, IsEmpty());
}

TEST_F(HookPagesTest, NobodyIsAnsweredBeforeTheJournalHasTheRequest) {
  gateway_.interactions.record_entry = {};  // answers nothing
  edge::Reply reply;
  absl::Notification done;
  HookPages pages = Pages();
  const auto exchange = pages.Answer(Post("/hooks/leads", kLead),
                                     "/hooks/leads", {}, [&](edge::Reply r) {
                                       reply = std::move(r);
                                       done.Notify();
                                     });
  EXPECT_NE(exchange, nullptr);
  EXPECT_FALSE(done.HasBeenNotified());
  exchange->Cancel();  // nobody waits any longer
  EXPECT_FALSE(done.HasBeenNotified());
  gateway_.record.Release();
  done.WaitForNotification();
  EXPECT_EQ(reply.status, 503);
}

TEST_F(HookPagesTest, WhatTheJournalDidNotKeepIsSentAgain) {
  keep_status_ = absl::UnavailableError("down");
  const edge::Reply reply = Send(Post("/hooks/leads", kLead));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(edge::FindHeader(reply.headers, "retry-after"), "5");
  EXPECT_THAT(settled_, IsEmpty());
}

TEST_F(HookPagesTest, WhoHasNoGoodSignatureIsNotLetIn) {
  EXPECT_EQ(Send(Event("hook-secret")).status, 200);
  for (const char* const token : {"", "hook-secres", "hook-secret2"}) {
    const edge::Reply reply = Send(Event(token));
    EXPECT_EQ(reply.status, 401) << token;
    EXPECT_THAT(reply.body, Not(HasSubstr("customer")));
  }
  ASSERT_THAT(kept_, SizeIs(1));
  EXPECT_EQ(kept_[0].entry().verdict(),
            interactions::v1::SIGNATURE_VERDICT_SIGNED);
  EXPECT_EQ(kept_[0].entry().idempotency_key(), "id:1");
  EXPECT_FALSE(kept_[0].has_repeat_window());
  for (const auto& header : kept_[0].entry().headers()) {
    EXPECT_NE(header.name(), "x-hook-token");
  }
}

TEST_F(HookPagesTest, WhatTheConnectorDoesNotTakeIsRefused) {
  EXPECT_EQ(Send(Post("/hooks/none", kLead)).status, 404);
  EXPECT_EQ(Send(Post("/hooks/leads/", kLead)).status, 404);
  EXPECT_EQ(Send(Post("/hooks/leads", "{}", "application/json")).status, 415);
  EXPECT_EQ(
      Send(Post(absl::StrCat("/hooks/leads?", std::string(9'000, 'a')), kLead))
          .status,
      413);
  for (const char* const method : {"GET", "HEAD", "OPTIONS", "PUT"}) {
    edge::Request request = Post("/hooks/leads", kLead);
    request.head.method = method;
    const edge::Reply reply = Send(request);
    EXPECT_EQ(reply.status, 405) << method;
    EXPECT_EQ(edge::FindHeader(reply.headers, "allow"), "POST");
    EXPECT_EQ(edge::FindHeader(reply.headers, "access-control-allow-origin"),
              "");
  }
  EXPECT_THAT(kept_, IsEmpty());
}

TEST_F(HookPagesTest, AGetHasAnEffectOnlyWhereTheConnectorSaysSo) {
  edge::Request request =
      Post("/hooks/calls?F9domain=a&F9list=b&number1=2025550143", "", "");
  request.head.method = "GET";
  EXPECT_EQ(Send(request).status, 204);
  ASSERT_THAT(kept_, SizeIs(1));
  EXPECT_EQ(kept_[0].entry().method(), "GET");
}

TEST_F(HookPagesTest, TheAddressIsThatOfTheClientBehindAProxyOfOurs) {
  edge::Request request = Post("/hooks/leads", kLead);
  request.head.headers.emplace_back("x-forwarded-for", "203.0.113.9");
  Send(request);
  request.head.peer = "10.1.2.3";
  Send(request);
  ASSERT_THAT(kept_, SizeIs(2));
  EXPECT_EQ(kept_[0].entry().address(), "198.51.100.1");
  EXPECT_EQ(kept_[1].entry().address(), "203.0.113.9");
}

// How many of a number of requests are let in by one door.
class HookRatesTest : public HookPagesTest {
 protected:
  int LetIn(HookPages& pages, const edge::Request& request, int count) {
    int let_in = 0;
    for (int i = 0; i < count; ++i) {
      absl::Notification done;
      const auto exchange = pages.Answer(request, request.head.target, {},
                                         [&](const edge::Reply& reply) {
                                           last_ = reply;
                                           done.Notify();
                                         });
      done.WaitForNotification();
      let_in += last_.status < 300 || last_.status == 303 ? 1 : 0;
    }
    return let_in;
  }

  edge::Reply last_;
};

TEST_F(HookRatesTest, OneAddressHasItsShareOfAForm) {
  known_ = true;  // no attempts
  HookPages pages = Pages();
  EXPECT_EQ(LetIn(pages, Post("/hooks/leads", kLead), 101), 100);
  EXPECT_EQ(last_.status, 429);
  EXPECT_EQ(edge::FindHeader(last_.headers, "retry-after"), "1");
  // Nothing of it is in the journal, and others are let in.
  EXPECT_THAT(kept_, SizeIs(100));
  edge::Request other = Post("/hooks/leads", kLead);
  other.head.peer = "198.51.100.2";
  EXPECT_EQ(LetIn(pages, other, 1), 1);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(LetIn(pages, Post("/hooks/leads", kLead), 6), 5);
}

TEST_F(HookRatesTest, ASourceHasALimitOfItsOwn) {
  known_ = true;
  HookPages pages = Pages();
  EXPECT_EQ(LetIn(pages, Event("hook-secret"), 21), 20);
  EXPECT_EQ(last_.status, 429);
}

TEST_F(HookRatesTest, WhoForgesRequestsKeepsTheirSenderOutOfNothing) {
  known_ = true;
  HookPages pages = Pages();
  EXPECT_EQ(LetIn(pages, Event("forged"), 101), 0);
  EXPECT_EQ(last_.status, 429);
  // From the same address.
  EXPECT_EQ(LetIn(pages, Event("hook-secret"), 20), 20);
}

TEST_F(HookPagesTest, TheRouteHasNothingOfThePath) {
  HookPages pages = Pages();
  EXPECT_EQ(pages.RouteOf("/hooks/leads"), "/hooks/{path}");
  EXPECT_EQ(pages.RouteOf("/hooks/none"), "/hooks/{path}");
  EXPECT_EQ(pages.RouteOf("/hooks"), "");
  EXPECT_EQ(pages.RouteOf("/v1/hooks:try"), "");
  EXPECT_TRUE(pages.TakesBody("/hooks/leads"));
  EXPECT_FALSE(pages.TakesBody("/hooks/none"));
  EXPECT_EQ(pages.MostBodyBytes("/hooks/leads"), 1'048'576);
}

}  // namespace
}  // namespace kith::gateway
