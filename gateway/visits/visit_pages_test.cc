#include "gateway/visits/visit_pages.h"

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/notification.h"
#include "common/base/times.h"
#include "common/rpc/call_gate.h"
#include "common/testing/fake_clock.h"
#include "common/testing/temporary_directory.h"
#include "common/testing/test_keys.h"
#include "gateway/edge/codecs/client_address.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using interactions::v1::Interaction;
using ::kith::testing::kDemoAllTenants;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr char kVisit[] = "0123456789abcdef0123456789abcdef";
constexpr char kEarlier[] = "fedcba9876543210fedcba9876543210";
constexpr absl::Time kVisited = absl::FromUnixSeconds(1'790'000'000);

// What one address may send at once: 50 a second, for 20 s.
constexpr int kBeaconsAtOnce = 1'000;

constexpr char kBody[] =
    R"({"visit":"0123456789abcdef0123456789abcdef","revision":3,"pages":1,)"
    R"("ms":1000,"begun":1789999999000,"page":)"
    R"("https://shop.example.com/p?utm_source=news"})";

// Without a campaign.
std::string DirectBody() {
  return absl::StrReplaceAll(kBody, {{"?utm_source=news", ""}});
}

std::string KeyFileOfVisits(const testing::TemporaryDirectory& directory) {
  std::string path = directory.Path("service.key");
  std::ofstream(path)
      << testing::Authorization(kDemoAllTenants).substr(sizeof("Bearer"));
  return path;
}

class VisitPagesTest : public ::testing::Test {
 protected:
  VisitPagesTest() {
    gateway_.interactions.batch_record = [this](const auto& request,
                                                auto& response) {
      for (const auto& item : request.requests()) {
        recorded_.push_back(item.interaction());
        *response.add_results()->mutable_response()->mutable_interaction() =
            item.interaction();
      }
      return status_;
    };
    gateway_.contacts.batch_ensure = [this](const auto& request,
                                            auto& response) {
      for (const auto& item : request.requests()) {
        ensured_.push_back(item);
        response.add_results()
            ->mutable_response()
            ->mutable_contact()
            ->set_contact_id(item.contact_id());
      }
      return absl::OkStatus();
    };
  }

  edge::Reply Ask(const std::string& method, const std::string& path,
                  const std::string& body = "", edge::Headers headers = {}) {
    edge::Request request;
    request.head = {.method = method,
                    .target = path,
                    .headers = std::move(headers),
                    .peer = peer_};
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

  static edge::Headers FromPage(const edge::Headers& more = {}) {
    edge::Headers headers = {
        {"content-type", "text/plain;charset=UTF-8"},
        {"origin", "https://shop.example.com"},
        {"user-agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return headers;
  }

  edge::Reply Send(const std::string& body, const edge::Headers& more = {}) {
    return Ask("POST", "/k/other/visit", body, FromPage(more));
  }

  edge::Reply SendAsKnown(const std::string& body) {
    return Send(body,
                {{"cookie", absl::StrCat("__Host-kith_visitor=", kEarlier)}});
  }

  // Ada holds the visitor's cookie, and has made these visits, the newest
  // first.
  void KnowVisitor(std::vector<Interaction> visits) {
    gateway_.identity.batch_resolve = [](const auto& request, auto& response) {
      for (int i = 0; i < request.requests_size(); ++i) {
        auto& resolved = *response.add_results()->mutable_response();
        resolved.set_outcome(identity::v1::RESOLVE_OUTCOME_ONE);
        auto& identity = *resolved.add_candidates()->mutable_identity();
        identity.set_contact_id(kAda);
        identity.set_channel(identity::v1::CHANNEL_VISITOR);
        identity.set_identity_key(std::string(32, 'b'));
        identity.set_assurance(config::v1::ASSURANCE_UNAUTHENTICATED);
      }
      return absl::OkStatus();
    };
    gateway_.contacts.batch_get = [](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        contacts::v1::Contact& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(id);
        contact.add_member_ids(id);
        contact.set_stage(contacts::v1::STAGE_ANONYMOUS);
        contact.mutable_attribution()->set_utm_source("first-ad");
        *contact.mutable_attribution()->mutable_touch_time() =
            base::ToProto(kVisited - absl::Hours(72));
      }
      return absl::OkStatus();
    };
    gateway_.interactions.list_interactions =
        [this, visits = std::move(visits)](const auto& request,
                                           auto& response) {
          listed_.push_back(request);
          auto& result = *response.add_results();
          for (const Interaction& each : visits) {
            *result.add_interactions() = each;
          }
          return absl::OkStatus();
        };
  }

  static Interaction VisitFrom(const std::string& source,
                               const std::string& medium,
                               absl::Duration before) {
    Interaction visit;
    visit.set_source("kith.visit");
    visit.set_external_id(absl::StrCat("visit-", source));
    *visit.mutable_occurred_time() = base::ToProto(kVisited - before);
    (*visit.mutable_attributes())["source"] = source;
    (*visit.mutable_attributes())["medium"] = medium;
    return visit;
  }

  const testing::TemporaryDirectory directory_;
  testing::FakeClock clock_{kVisited};
  GatewayHarness gateway_{
      100, {}, testing::TestKeys(), 100, KeyFileOfVisits(directory_)};
  VisitPages pages_{gateway_.backends(), clock_, testing::TestKeys(),
                    *edge::TrustedProxies::Parse({"10.0.0.0/8"})};
  std::string peer_ = "198.51.100.1";
  absl::Status status_;
  std::vector<Interaction> recorded_;
  std::vector<contacts::v1::EnsureContactRequest> ensured_;
  std::vector<interactions::v1::ListInteractionsRequest> listed_;
};

TEST_F(VisitPagesTest, ABeaconRecordsAVisitOfItsTenantUnauthenticated) {
  const edge::Reply reply = Send(kBody);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, kVisit);
  EXPECT_EQ(gateway_.record.metadata(rpc::kTenantMetadata), "other");
  EXPECT_EQ(gateway_.record.metadata(rpc::kAssuranceMetadata),
            "ASSURANCE_UNAUTHENTICATED");
  EXPECT_EQ(gateway_.record.metadata("authorization"),
            testing::Authorization(kDemoAllTenants));
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_EQ(recorded_[0].external_id(), kVisit);
  EXPECT_EQ(recorded_[0].source_revision(), 3);
  EXPECT_EQ(base::FromProto(recorded_[0].occurred_time()),
            kVisited - absl::Seconds(1));
  for (const char* const key : {"source", "first.source", "last.source"}) {
    EXPECT_THAT(recorded_[0].attributes(), Contains(Pair(key, "news")));
  }
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_EQ(ensured_[0].contact().stage(), contacts::v1::STAGE_ANONYMOUS);
  EXPECT_EQ(ensured_[0].contact().attribution().utm_source(), "news");
  EXPECT_THAT(gateway_.record.names(), Not(Contains("ListInteractions")));
}

TEST_F(VisitPagesTest, ANewVisitorGetsACookie) {
  const edge::Reply reply = Send(kBody);
  EXPECT_THAT(std::string(edge::FindHeader(reply.headers, "set-cookie")),
              HasSubstr(kVisit));
  EXPECT_EQ(
      edge::FindHeader(Send(kBody, {{"sec-gpc", "1"}}).headers, "set-cookie"),
      "");
}

// Else an old visit would take the place of what came before it.
TEST_F(VisitPagesTest, AKnownVisitorsDirectVisitKeepsFirstAndLastTouch) {
  KnowVisitor({VisitFrom("later", "cpc", -absl::Hours(1)),
               VisitFrom("pay.example", "referral", absl::Hours(1)),
               VisitFrom("letter", "email", absl::Hours(2)),
               VisitFrom("older", "cpc", absl::Hours(3))});
  const edge::Reply reply = SendAsKnown(DirectBody());
  EXPECT_EQ(reply.body, kEarlier);
  EXPECT_EQ(edge::FindHeader(reply.headers, "set-cookie"), "");
  ASSERT_THAT(recorded_, SizeIs(1));
  const auto& attributes = recorded_[0].attributes();
  EXPECT_THAT(attributes, Contains(Pair("source", "direct")));
  EXPECT_THAT(attributes, Contains(Pair("first.source", "first-ad")));
  EXPECT_THAT(attributes, Contains(Pair("last.source", "letter")));
  EXPECT_THAT(attributes, Contains(Pair("last.medium", "email")));
  ASSERT_THAT(listed_, SizeIs(1));
  EXPECT_EQ(listed_[0].kind(), interactions::v1::KIND_WEB_EVENT);
  EXPECT_THAT(listed_[0].sets(0).contact_ids(), ElementsAre(kAda));
}

TEST_F(VisitPagesTest, ANewCampaignIsTheLastTouch) {
  KnowVisitor({VisitFrom("letter", "email", absl::Hours(2))});
  SendAsKnown(kBody);
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_THAT(recorded_[0].attributes(), Contains(Pair("last.source", "news")));
  EXPECT_THAT(recorded_[0].attributes(),
              Contains(Pair("first.source", "first-ad")));
}

// A robot's visit, and one of a form that says it were a visit.
TEST_F(VisitPagesTest, WhatIsNoVisitOfAHumanIsNoLastTouch) {
  Interaction robot = VisitFrom("robot", "cpc", absl::Hours(1));
  robot.set_automated(true);
  Interaction other = VisitFrom("other", "cpc", absl::Hours(2));
  other.set_source("shop");
  KnowVisitor({robot, other});
  SendAsKnown(DirectBody());
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_THAT(recorded_[0].attributes(),
              Contains(Pair("last.source", "direct")));
}

TEST_F(VisitPagesTest, ARobotIsMarkedAndMakesNoFirstTouch) {
  edge::Headers headers = FromPage();
  headers.back().second = "Mozilla/5.0 (compatible; Googlebot/2.1)";
  EXPECT_EQ(Ask("POST", "/k/other/visit", kBody, headers).status, 200);
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_TRUE(recorded_[0].automated());
  EXPECT_THAT(recorded_[0].attributes(), Contains(Pair("verdict", "bot")));
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_FALSE(ensured_[0].contact().has_attribution());
}

TEST_F(VisitPagesTest, OtherPagesRecordNothing) {
  struct Row {
    const char* origin;
    int status;
  };
  for (const Row& row : {Row{"https://evil.example", 403}, Row{"null", 403},
                         Row{"", 403}, Row{"http://shop.example.com", 403}}) {
    edge::Headers headers = FromPage();
    headers[1].second = row.origin;
    EXPECT_EQ(Ask("POST", "/k/other/visit", kBody, headers).status, row.status)
        << row.origin;
  }
  EXPECT_EQ(Send(absl::StrReplaceAll(kBody, {{"shop.example", "evil"}})).status,
            400);
  EXPECT_THAT(gateway_.record.names(), IsEmpty());
}

TEST_F(VisitPagesTest, ABeaconIsPlainText) {
  for (const char* const type :
       {"application/json", "application/x-www-form-urlencoded", "text/html",
        ""}) {
    edge::Headers headers = FromPage();
    headers[0].second = type;
    EXPECT_EQ(Ask("POST", "/k/other/visit", kBody, headers).status, 415)
        << type;
  }
  for (const char* const method : {"GET", "HEAD", "OPTIONS", "PUT"}) {
    EXPECT_EQ(Ask(method, "/k/other/visit", kBody, FromPage()).status, 405)
        << method;
  }
  EXPECT_THAT(gateway_.record.names(), IsEmpty());
}

TEST_F(VisitPagesTest, WhatIsNoBeaconIsRefusedWithoutItsWords) {
  const edge::Reply reply = Send("ada@example.com");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, Not(HasSubstr("ada")));
  EXPECT_THAT(gateway_.record.names(), IsEmpty());
}

TEST_F(VisitPagesTest, TenantsWithoutVisitsHaveNoPages) {
  for (const char* const slug : {"demo", "careful", "nobody", ""}) {
    for (const char* const page : {"visit", "visit.js"}) {
      const std::string path = absl::StrCat("/k/", slug, "/", page);
      EXPECT_EQ(Ask("POST", path, kBody, FromPage()).status, 404) << path;
    }
  }
  EXPECT_THAT(gateway_.record.names(), IsEmpty());
}

TEST_F(VisitPagesTest, WhatCouldNotBeRecordedIsNotSaidToBe) {
  status_ = absl::UnavailableError("away");
  const edge::Reply reply = Send(kBody);
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(edge::FindHeader(reply.headers, "set-cookie"), "");
  EXPECT_EQ(edge::FindHeader(reply.headers, "retry-after"), "5");
  EXPECT_THAT(reply.body, Not(HasSubstr("away")));
}

TEST_F(VisitPagesTest, ARevisionThatSaysOtherThingsIsRefusedForGood) {
  status_ = absl::AlreadyExistsError("stored with other content");
  const edge::Reply reply = Send(kBody);
  EXPECT_EQ(reply.status, 409);
  EXPECT_EQ(edge::FindHeader(reply.headers, "retry-after"), "");
}

TEST_F(VisitPagesTest, OneAddressIsRefusedAloneAndToldWhenToComeAgain) {
  // What is no beacon counts as well.
  for (int i = 0; i < kBeaconsAtOnce; ++i) {
    ASSERT_EQ(Send("{}").status, 400) << i;
  }
  const edge::Reply reply = Send(kBody);
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(edge::FindHeader(reply.headers, "retry-after"), "1");
  EXPECT_THAT(recorded_, IsEmpty());
  peer_ = "198.51.100.2";
  EXPECT_EQ(Send(kBody).status, 200);
  peer_ = "198.51.100.1";
  clock_.Advance(absl::Milliseconds(30));
  EXPECT_EQ(Send(kBody).status, 200);
  EXPECT_EQ(Send(kBody).status, 429);
}

TEST_F(VisitPagesTest, TheAddressOfABeaconIsThatBehindAProxyOfOurs) {
  const auto come_from = [this](const char* address, int times = 1) {
    int status = 0;
    for (int i = 0; i < times; ++i) {
      status = Send("{}", {{"x-forwarded-for", address}}).status;
    }
    return status;
  };
  peer_ = "10.1.2.3";
  EXPECT_EQ(come_from("203.0.113.1", kBeaconsAtOnce), 400);
  EXPECT_EQ(come_from("203.0.113.1"), 429);
  EXPECT_EQ(come_from("203.0.113.2"), 400);
  // Of IPv6, a customer has a network.
  EXPECT_EQ(come_from("2001:db8::1", kBeaconsAtOnce), 400);
  EXPECT_EQ(come_from("2001:db8::2"), 429);
  EXPECT_EQ(come_from("2001:db8:0:1::1"), 400);
  // Who is no proxy of ours may claim any address, and has its own.
  peer_ = "198.51.100.1";
  EXPECT_EQ(come_from("203.0.113.3", kBeaconsAtOnce), 400);
  EXPECT_EQ(come_from("203.0.113.4"), 429);
}

TEST_F(VisitPagesTest, TheScriptIsServedPackedAndKept) {
  const edge::Reply plain = Ask("GET", "/k/other/visit.js");
  EXPECT_EQ(plain.status, 200);
  EXPECT_THAT(plain.body, HasSubstr("sendBeacon"));
  EXPECT_EQ(edge::FindHeader(plain.headers, "content-type"),
            "text/javascript; charset=utf-8");
  EXPECT_EQ(edge::FindHeader(plain.headers, "cache-control"),
            "public, max-age=3600");
  const edge::Reply packed =
      Ask("GET", "/k/other/visit.js", "", {{"accept-encoding", "gzip"}});
  EXPECT_EQ(edge::FindHeader(packed.headers, "content-encoding"), "gzip");
  EXPECT_LE(packed.body.size(), 2048U);
  EXPECT_EQ(Ask("POST", "/k/other/visit.js").status, 405);
}

TEST_F(VisitPagesTest, TheRoutesHaveNothingOfThePath) {
  EXPECT_EQ(pages_.RouteOf("/k/other/visit"), "/k/{tenant}/visit");
  EXPECT_EQ(pages_.RouteOf("/k/other/visit.js"), "/k/{tenant}/visit.js");
  for (const char* const path :
       {"/k/", "/k/other", "/k/other/", "/k/other/visits", "/k/other/a/visit",
        "/kith/other/visit", "/u/visit"}) {
    EXPECT_EQ(pages_.RouteOf(path), "") << path;
  }
  EXPECT_FALSE(pages_.TakesBody("/k/other/visit"));
  EXPECT_EQ(pages_.MostBodyBytes("/k/other/visit"), kMaxBeaconBytes);
}

TEST(VisitPlacesTest, OneTenantTakesHalfOfThem) {
  VisitPlaces places;
  std::vector<VisitPlaces::Place> taken;
  for (int i = 0; i < VisitPlaces::kMostOfTenant; ++i) {
    taken.push_back(*places.Enter(1));
  }
  EXPECT_FALSE(places.Enter(1).has_value());
  for (int i = 0; i < VisitPlaces::kMost - VisitPlaces::kMostOfTenant; ++i) {
    taken.push_back(*places.Enter(2 + i % 2));
  }
  EXPECT_FALSE(places.Enter(4).has_value());
  taken.pop_back();
  EXPECT_TRUE(places.Enter(4).has_value());
}

}  // namespace
}  // namespace kith::gateway
