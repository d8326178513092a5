#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/live_keys.h"
#include "common/base/text_file.h"
#include "common/rpc/grpc_status.h"
#include "common/testing/matchers.h"
#include "common/testing/test_keys.h"
#include "gateway/gateway_harness.h"
#include "gateway/watch/watch_token.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using changes::v1::Change;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

// A stream as a client has it.
class Watch {
 public:
  explicit Watch(v1::GatewayService::Stub& stub, const std::string& token = "",
                 const std::string& contact_id = kAda,
                 testing::TestKey key = testing::kDemo) {
    v1::WatchCustomerRequest request;
    request.mutable_customer()->set_contact_id(contact_id);
    request.set_resume_token(token);
    call_.AddMetadata("authorization", testing::Authorization(key));
    stream_ = stub.WatchCustomer(&call_, request);
  }
  ~Watch() {
    if (stream_ == nullptr) return;
    call_.TryCancel();
    stream_->Finish();
  }

  v1::WatchCustomerResponse Next() {
    v1::WatchCustomerResponse message;
    EXPECT_TRUE(stream_->Read(&message));
    return message;
  }

  // Reads to the end, and says how it ended.
  absl::Status End() {
    v1::WatchCustomerResponse message;
    while (stream_->Read(&message)) last_ = message;
    return rpc::FromGrpc(std::exchange(stream_, nullptr)->Finish());
  }
  const v1::WatchCustomerResponse& last() const { return last_; }

 private:
  grpc::ClientContext call_;
  std::unique_ptr<grpc::ClientReader<v1::WatchCustomerResponse>> stream_;
  v1::WatchCustomerResponse last_;
};

class WatchStreamTest : public ::testing::Test {
 protected:
  void SetUp() override {
    gateway_.hub.Begin(Feed::kContacts, {});
    gateway_.hub.Begin(Feed::kIdentity, {});
    gateway_.hub.Begin(Feed::kInteractions, {});
  }

  void Tell(Change change) {
    change.set_tenant_id(1);
    change.set_sequence(++number_);
    gateway_.hub.Append(Feed::kContacts,
                        {std::make_shared<const Change>(std::move(change))});
  }
  void TellUpdate(const std::string& contact_id) {
    Change change;
    change.set_owner(contact_id);
    change.mutable_contact_updated();
    Tell(std::move(change));
  }
  void TellMerge() {
    Change change;
    change.set_owner(kAda);
    auto& edge = *change.mutable_contacts_merged()->add_edges();
    edge.set_survivor_id(kAda);
    edge.set_absorbed_id(kBob);
    Tell(std::move(change));
  }

  GatewayHarness gateway_{/*flow_limit=*/1, {.feeds_are_read = true}};
  int64_t number_ = 0;
};

TEST_F(WatchStreamTest, BeginsAtOnceAndTellsWhatChanges) {
  Watch watch(gateway_.stub());
  const v1::WatchCustomerResponse first = watch.Next();
  EXPECT_TRUE(first.reset());
  EXPECT_EQ(first.canonical_id(), kAda);
  TellUpdate(kBob);
  TellUpdate(kAda);
  const v1::WatchCustomerResponse next = watch.Next();
  EXPECT_FALSE(next.reset());
  ASSERT_EQ(next.changes_size(), 1);
  EXPECT_EQ(next.changes(0).sequence(), 2);
  EXPECT_NE(next.resume_token(), first.resume_token());
}

TEST_F(WatchStreamTest, GoesOnWhereATokenStands) {
  const std::string token = Watch(gateway_.stub()).Next().resume_token();
  TellUpdate(kAda);
  Watch watch(gateway_.stub(), token);
  const v1::WatchCustomerResponse first = watch.Next();
  EXPECT_FALSE(first.reset());
  EXPECT_EQ(first.changes_size(), 1);
}

TEST_F(WatchStreamTest, AMergeIsToldWhenItsMembersAreWatched) {
  Watch watch(gateway_.stub());
  watch.Next();
  gateway_.contacts.batch_get = [this](const auto&, auto& response) {
    // Between the reading and the watching.
    TellUpdate(kBob);
    contacts::v1::Contact& contact = *response.add_contacts();
    contact.set_contact_id(kAda);
    contact.set_canonical_id(kBob);
    contact.add_member_ids(kBob);
    contact.add_member_ids(kAda);
    return absl::OkStatus();
  };
  TellMerge();
  const v1::WatchCustomerResponse merge = watch.Next();
  ASSERT_EQ(merge.changes_size(), 1);
  EXPECT_TRUE(merge.changes(0).has_contacts_merged());
  EXPECT_EQ(merge.canonical_id(), kBob);
  const v1::WatchCustomerResponse next = watch.Next();
  ASSERT_EQ(next.changes_size(), 1);
  EXPECT_EQ(next.changes(0).owner(), kBob);
}

TEST_F(WatchStreamTest, AMergeIsToldWithWhatItsTokenPasses) {
  Watch watch(gateway_.stub());
  watch.Next();
  gateway_.contacts.batch_get = [](const auto&, auto& response) {
    contacts::v1::Contact& contact = *response.add_contacts();
    contact.set_contact_id(kAda);
    contact.set_canonical_id(kAda);
    contact.add_member_ids(kAda);
    contact.add_member_ids(kBob);
    return absl::OkStatus();
  };
  TellUpdate(kBob);
  TellMerge();
  const v1::WatchCustomerResponse merge = watch.Next();
  ASSERT_EQ(merge.changes_size(), 2);
  EXPECT_TRUE(merge.changes(0).has_contacts_merged());
  EXPECT_EQ(merge.changes(1).owner(), kBob);
  EXPECT_FALSE(merge.reset());
  Watch resumed(gateway_.stub(), merge.resume_token());
  EXPECT_EQ(resumed.Next().changes_size(), 0);
}

TEST_F(WatchStreamTest, AMergeWhoseMembersCannotBeReadIsToldLater) {
  Watch watch(gateway_.stub());
  const std::string token = watch.Next().resume_token();
  const auto healthy = gateway_.contacts.batch_get;
  gateway_.contacts.batch_get = [](const auto&, auto&) {
    return absl::PermissionDeniedError("not any more");
  };
  TellMerge();
  EXPECT_THAT(watch.End(), StatusIs(StatusCode::kPermissionDenied));
  gateway_.contacts.batch_get = healthy;
  Watch again(gateway_.stub(), token);
  EXPECT_EQ(again.Next().changes_size(), 1);
}

TEST_F(WatchStreamTest, OnDrainAStreamEndsWithItsTokenAndAReason) {
  Watch watch(gateway_.stub());
  const std::string token = watch.Next().resume_token();
  gateway_.watches().EndStreams();
  EXPECT_THAT(watch.End(), StatusIs(StatusCode::kUnavailable, "last token"));
  EXPECT_EQ(watch.last().resume_token(), token);
  EXPECT_THAT(Watch(gateway_.stub()).End(),
              StatusIs(StatusCode::kUnavailable, "stops"));
}

TEST(WatchCallsTest, StreamsHaveALimitOfTheirOwn) {
  GatewayHarness gateway(1, {.feeds_are_read = true, .limit = 3});
  for (const Feed feed :
       {Feed::kContacts, Feed::kIdentity, Feed::kInteractions}) {
    gateway.hub.Begin(feed, {});
  }
  std::vector<std::unique_ptr<Watch>> watches;
  for (int i = 0; i < 3; ++i) {
    watches.push_back(std::make_unique<Watch>(gateway.stub()));
    watches.back()->Next();
  }
  EXPECT_THAT(Watch(gateway.stub()).End(),
              StatusIs(StatusCode::kResourceExhausted, "too many streams"));
  // Three streams, where one flow may run.
  v1::GetCustomerViewRequest view;
  view.mutable_customer()->set_contact_id(kAda);
  EXPECT_THAT(gateway.Call(&v1::GatewayService::Stub::GetCustomerView, view),
              IsOk());
}

TEST_F(WatchStreamTest, WhatIsRefused) {
  EXPECT_THAT(Watch(gateway_.stub(), "", kAda, testing::kNobody).End(),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Watch(gateway_.stub(), "", kAda, testing::kDemoNoScopes).End(),
              StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT(Watch(gateway_.stub(), "bad").End(),
              StatusIs(StatusCode::kInvalidArgument, "token: "));
  EXPECT_THAT(Watch(gateway_.stub(), "", "x").End(),
              StatusIs(StatusCode::kInvalidArgument, "customer.contact_id"));
  gateway_.contacts.batch_get = [](const auto&, auto&) {
    return absl::OkStatus();
  };
  EXPECT_THAT(Watch(gateway_.stub()).End(), StatusIs(StatusCode::kNotFound));
}

// The key kDemo, as the keys file has it, with scopes that can be changed.
class ChangingKey {
 public:
  explicit ChangingKey(const std::vector<std::string>& scopes) {
    Write("tenants", testing::TestTenantsFile().DebugString());
    WriteKeys(scopes);
    keys_ = *auth::LiveKeys::Load({Path("keys"), Path("tenants")});
  }

  void Change(const std::vector<std::string>& scopes) {
    WriteKeys(scopes);
    ASSERT_THAT(keys_->Refresh(), IsOk());
  }

  std::shared_ptr<const auth::LiveKeys> keys() const { return keys_; }

 private:
  static std::string Path(const std::string& name) {
    return absl::StrCat(::testing::TempDir(), "/", name, ".", getpid());
  }
  static void Write(const std::string& name, const std::string& text) {
    ASSERT_THAT(base::WriteFileAtomically(Path(name), text), IsOk());
  }
  static void WriteKeys(const std::vector<std::string>& scopes) {
    Write("keys",
          testing::KeysFileOf({{testing::kDemo, scopes}}).DebugString());
  }

  std::shared_ptr<auth::LiveKeys> keys_;
};

const std::vector<std::string> kReadScopes = {
    "customers.read", "contacts.read", "identity.read", "interactions.read"};

class WatchScopesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const Feed feed :
         {Feed::kContacts, Feed::kIdentity, Feed::kInteractions}) {
      gateway_.hub.Begin(feed, {});
    }
  }

  ChangingKey key_{kReadScopes};
  GatewayHarness gateway_{1, {.feeds_are_read = true}, key_.keys()};
};

TEST_F(WatchScopesTest, TheKeyMustBeOneThatMayReadWhatIsTold) {
  EXPECT_TRUE(Watch(gateway_.stub()).Next().reset());
  for (const char* lacking :
       {"contacts.read", "identity.read", "interactions.read"}) {
    std::vector<std::string> scopes = kReadScopes;
    std::erase(scopes, lacking);
    key_.Change(scopes);
    EXPECT_THAT(Watch(gateway_.stub()).End(),
                StatusIs(StatusCode::kPermissionDenied, lacking));
  }
  key_.Change({"customers.read", "contacts.read"});
  EXPECT_THAT(Watch(gateway_.stub()).End(),
              StatusIs(StatusCode::kPermissionDenied,
                       "lacks the scopes identity.read, interactions.read"));
}

TEST_F(WatchScopesTest, AKeyThatLosesAScopeIsToldNoMerge) {
  Watch watch(gateway_.stub());
  watch.Next();
  key_.Change({"customers.read", "contacts.read", "identity.read"});
  Change merge;
  merge.set_tenant_id(1);
  merge.set_sequence(1);
  merge.set_owner(kAda);
  merge.mutable_contacts_merged()->add_edges()->set_survivor_id(kAda);
  gateway_.hub.Append(Feed::kContacts,
                      {std::make_shared<const Change>(std::move(merge))});
  EXPECT_THAT(watch.End(),
              StatusIs(StatusCode::kPermissionDenied, "interactions.read"));
  EXPECT_EQ(watch.last().changes_size(), 0);
}

TEST(WatchCallsTest, WithoutFeedsNothingCanBeWatched) {
  GatewayHarness without(1);
  EXPECT_THAT(Watch(without.stub()).End(),
              StatusIs(StatusCode::kFailedPrecondition, "service_key_file"));
  GatewayHarness early(1, {.feeds_are_read = true});
  EXPECT_THAT(Watch(early.stub()).End(),
              StatusIs(StatusCode::kUnavailable, "yet to reach"));
}

TEST(WatchCallsTest, AStreamWithoutChangesSendsItsToken) {
  GatewayHarness gateway(
      1, {.feeds_are_read = true, .heartbeat = absl::Milliseconds(10)});
  for (const Feed feed :
       {Feed::kContacts, Feed::kIdentity, Feed::kInteractions}) {
    gateway.hub.Begin(feed, {.sequence = 5});
  }
  Watch watch(gateway.stub());
  const std::string token = watch.Next().resume_token();
  const v1::WatchCustomerResponse beat = watch.Next();
  EXPECT_FALSE(beat.reset());
  EXPECT_EQ(beat.resume_token(), token);
}

TEST(WatchTokenTest, ATokenIsGoodForItsTenantAlone) {
  const FeedPositions positions = {{{.sequence = 3, .sequence_micros = 30},
                                    {.sequence = 1, .sequence_micros = 10},
                                    {}}};
  const std::string token = MakeWatchToken(7, positions);
  const auto read = ReadWatchToken(7, token);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, positions);
  EXPECT_THAT(ReadWatchToken(8, token),
              StatusIs(StatusCode::kInvalidArgument, "resume_token"));
}

}  // namespace
}  // namespace kith::gateway
