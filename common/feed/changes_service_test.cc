#include "common/feed/changes_service.h"

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "common/api/page_token.h"
#include "common/base/times.h"
#include "common/feed/outbox.h"
#include "common/mysql/lease.h"
#include "common/mysql/transaction.h"
#include "common/rpc/callback_threads.h"
#include "common/rpc/grpc_status.h"
#include "common/testing/feed_schema.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "common/testing/test_keys.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::feed {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::kDemo;
using ::kith::testing::kDemoAllTenants;
using ::kith::testing::kDemoNoScopes;
using ::kith::testing::kNobody;
using ::kith::testing::kOther;
using ::kith::testing::StatusIs;
using ::kith::testing::TestKey;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Api = changes::v1::ChangesService;

constexpr char kOwner[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000aa";

// A stream as a client has it.
class Reader {
 public:
  Reader(Api::Stub& stub, TestKey key, const std::string& token,
         bool all_tenants) {
    changes::v1::TailChangesRequest request;
    request.set_resume_token(token);
    request.set_all_tenants(all_tenants);
    call_.AddMetadata("authorization", testing::Authorization(key));
    // So that a test that fails does not hang.
    call_.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    stream_ = stub.TailChanges(&call_, request);
  }
  ~Reader() {
    call_.TryCancel();
    if (!ended_) End().IgnoreError();
  }

  // The next message; none where the stream has ended.
  std::optional<changes::v1::TailChangesResponse> Next() {
    changes::v1::TailChangesResponse message;
    if (!stream_->Read(&message)) return std::nullopt;
    token_ = message.resume_token();
    return message;
  }

  // "tenant:version" of so many changes, however they are spread.
  std::vector<std::string> Changes(size_t count) {
    std::vector<std::string> changes;
    while (changes.size() < count) {
      const auto message = Next();
      if (!message.has_value()) break;
      for (const changes::v1::Change& change : message->changes()) {
        EXPECT_GT(change.sequence(), sequence_);
        sequence_ = change.sequence();
        changes.push_back(
            absl::StrCat(change.tenant_id(), ":", change.owner_version()));
      }
    }
    return changes;
  }

  // What it ends with, after what is still to read.
  absl::Status End() {
    while (Next().has_value()) {
    }
    ended_ = true;
    return rpc::FromGrpc(stream_->Finish());
  }

  const std::string& token() const { return token_; }

 private:
  grpc::ClientContext call_;
  std::unique_ptr<grpc::ClientReader<changes::v1::TailChangesResponse>> stream_;
  std::string token_;
  int64_t sequence_ = 0;
  bool ended_ = false;
};

class ChangesServiceTest : public ::testing::Test {
 protected:
  ChangesServiceTest() {
    rpc::KeepCallbackThreads();
    EXPECT_THAT(mysql::TakeLease(session_, kSequencerLease, "me", now_,
                                 kSequencerLeaseTime),
                IsOk());
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = Api::NewStub(server_->InProcessChannel({}));
  }

  ~ChangesServiceTest() override {
    service_->EndStreams();
    server_->Shutdown();
    server_->Wait();
    service_.reset();
    pool_.reset();
  }

  // Opens a stream and reads where it begins.
  std::unique_ptr<Reader> Tail(const std::string& token = "",
                               TestKey key = kDemo, bool all_tenants = false) {
    auto reader = std::make_unique<Reader>(*stub_, key, token, all_tenants);
    return reader;
  }

  std::unique_ptr<Reader> TailFromNow(TestKey key = kDemo,
                                      bool all_tenants = false) {
    auto reader = Tail("", key, all_tenants);
    EXPECT_TRUE(reader->Next().has_value());
    return reader;
  }

  // So many changes of a contact, each the next version, in the feed.
  void Change(uint64_t tenant_id, int count = 1) {
    std::vector<changes::v1::Change> changes;
    for (int i = 0; i < count; ++i) {
      changes::v1::Change& change = changes.emplace_back();
      change.set_owner(kOwner);
      change.set_owner_version(++version_);
      change.mutable_contact_updated();
    }
    ASSERT_THAT(AddChanges({testing::ContextOf(tenant_id), session_, now_},
                           std::move(changes)),
                IsOk());
    std::string after;
    do {
      const auto page = SequencePage(session_, 1, after, now_);
      ASSERT_THAT(page, IsOk());
      after = page->last_id;
    } while (!after.empty());
  }

  testing::TestDatabase database_{testing::FeedSchema()};
  mysql::Session session_{database_.options()};
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  uint64_t version_ = 0;
  rpc::CallGate gate_{Api::service_full_name(), testing::TestKeys()};
  std::unique_ptr<mysql::WorkerPool> pool_ =
      std::make_unique<mysql::WorkerPool>(mysql::WorkerPool::Options{
          .workers = 2, .queue_limit = 10, .session = database_.options()});
  std::unique_ptr<ChangesService> service_ = std::make_unique<ChangesService>(
      gate_, *pool_,
      ChangesService::Options{.feed = "kith.test",
                              .session = database_.options(),
                              .heartbeat = absl::Milliseconds(20)});
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Api::Stub> stub_;
};

TEST_F(ChangesServiceTest, FromNowOnTellsWhatComes) {
  Change(1);
  const auto reader = TailFromNow();
  Change(1);
  EXPECT_THAT(reader->Changes(1), ElementsAre("1:2"));
  Change(1, 2);
  EXPECT_THAT(reader->Changes(2), ElementsAre("1:3", "1:4"));
}

TEST_F(ChangesServiceTest, ATokenGoesOnWhereItsMessageEnded) {
  auto reader = TailFromNow();
  const std::string start = reader->token();
  Change(1, 3);
  EXPECT_THAT(reader->Changes(3), ElementsAre("1:1", "1:2", "1:3"));
  const std::string end = reader->token();
  reader.reset();
  Change(1);
  EXPECT_THAT(Tail(end)->Changes(1), ElementsAre("1:4"));
  EXPECT_THAT(Tail(start)->Changes(4), ElementsAre("1:1", "1:2", "1:3", "1:4"));
}

TEST_F(ChangesServiceTest, OneThatIsFarBehindGetsAllPages) {
  const std::string start = TailFromNow()->token();
  Change(1, 1700);
  const auto other = TailFromNow();
  const auto reader = Tail(start);
  EXPECT_EQ(reader->Changes(1700).back(), "1:1700");
  Change(1);
  EXPECT_THAT(reader->Changes(1), ElementsAre("1:1701"));
  EXPECT_THAT(other->Changes(1), ElementsAre("1:1701"));
}

TEST_F(ChangesServiceTest, ATenantSeesItsOwnChangesAlone) {
  const std::string start = TailFromNow()->token();
  const auto live = TailFromNow(kOther);
  Change(1, 600);
  Change(2);
  Change(1);
  EXPECT_THAT(live->Changes(1), ElementsAre("2:601"));
  // Pages with nothing to tell are passed over.
  EXPECT_THAT(Tail(start, kOther)->Changes(1), ElementsAre("2:601"));
}

TEST_F(ChangesServiceTest, ATokenMovesOnOverWhatOthersDo) {
  const auto reader = TailFromNow(kOther);
  const std::string start = reader->token();
  Change(1);
  while (reader->token() == start) {
    const auto message = reader->Next();
    ASSERT_TRUE(message.has_value());
    EXPECT_THAT(message->changes(), IsEmpty());
  }
}

TEST_F(ChangesServiceTest, AllTenantsNeedsItsScope) {
  EXPECT_THAT(Tail("", kDemo, true)->End(),
              StatusIs(StatusCode::kPermissionDenied, "changes.tail_all"));
  const auto reader = TailFromNow(kDemoAllTenants, true);
  const auto own = TailFromNow(kDemoAllTenants, false);
  Change(2);
  Change(1);
  EXPECT_THAT(reader->Changes(2), ElementsAre("2:1", "1:2"));
  EXPECT_THAT(own->Changes(1), ElementsAre("1:2"));
}

TEST_F(ChangesServiceTest, TheGateIsTheSameAsForOtherCalls) {
  EXPECT_THAT(Tail("", kNobody)->End(), StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Tail("", kDemoNoScopes)->End(),
              StatusIs(StatusCode::kPermissionDenied, "changes.tail"));
}

TEST_F(ChangesServiceTest, ATokenOfAnotherIsRefused) {
  for (const std::string& token :
       {std::string("nonsense"), std::string("AAAAAAAAAAA"),
        api::MakePageToken("1", "kith.other")}) {
    EXPECT_THAT(Tail(token)->End(),
                StatusIs(StatusCode::kInvalidArgument, "token: "));
  }
}

TEST_F(ChangesServiceTest, ATokenThatIsTooOldIsOutOfRange) {
  const std::string start = TailFromNow()->token();
  Change(1, 3);
  const auto reader = Tail(start);
  EXPECT_THAT(reader->Changes(3), ElementsAre("1:1", "1:2", "1:3"));
  EXPECT_THAT(SweepChanges(session_, now_ + absl::Hours(24 * 8)), IsOk());
  EXPECT_THAT(Tail(start)->End(),
              StatusIs(StatusCode::kOutOfRange, "take a token"));
  Change(1);
  EXPECT_THAT(Tail(reader->token())->Changes(1), ElementsAre("1:4"));
}

TEST_F(ChangesServiceTest, ATokenOfADatabaseThatWasSetBackIsOutOfRange) {
  const auto reader = TailFromNow();
  Change(1);
  reader->Changes(1);
  database_.Execute("DELETE FROM changes");
  EXPECT_THAT(Tail(reader->token())->End(), StatusIs(StatusCode::kOutOfRange));
}

// A database is set back under readers as little as under writers. But one that
// takes over from it may be behind it, and sessions are opened again.
TEST_F(ChangesServiceTest, ATokenStaysOutOfRangeWhereItsNumberIsGivenAgain) {
  auto early = TailFromNow();
  Change(1);
  early->Changes(1);
  const std::string kept = early->token();
  Change(1, 2);
  early->Changes(2);
  const std::string lost = early->token();
  database_.Execute("DELETE FROM changes WHERE seq > 1");
  // A stream that is open is told to come again.
  EXPECT_THAT(early->End(), StatusIs(StatusCode::kUnavailable, "set back"));
  now_ += absl::Seconds(1);
  Change(1, 5);
  EXPECT_THAT(Tail(lost)->End(),
              StatusIs(StatusCode::kOutOfRange, "was set back"));
  EXPECT_THAT(Tail(kept)->Changes(5),
              ElementsAre("1:4", "1:5", "1:6", "1:7", "1:8"));
}

TEST_F(ChangesServiceTest, AStreamThatIsOpenDoesNotGoOnOverNumbersGivenAgain) {
  const auto reader = TailFromNow();
  Change(1, 3);
  reader->Changes(3);
  const std::string lost = reader->token();
  // As if 2 and 3 were other changes, which are there at the next look.
  database_.Execute(
      "UPDATE changes SET sequence_micros = sequence_micros + 1 WHERE seq > 1");
  Change(1);
  EXPECT_THAT(reader->End(), StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(reader->token(), lost);
}

TEST_F(ChangesServiceTest, WhatIsSweptUnderASlowReaderEndsItsStream) {
  const std::string start = TailFromNow()->token();
  Change(1, 700);
  database_.Execute("DELETE FROM changes WHERE seq BETWEEN 501 AND 600");
  const auto reader = Tail(start);
  EXPECT_EQ(reader->Changes(500).size(), 500);
  EXPECT_THAT(reader->End(), StatusIs(StatusCode::kOutOfRange));
}

TEST_F(ChangesServiceTest, OnDrainAStreamEndsWithItsTokenAndAReason) {
  const auto reader = TailFromNow();
  Change(1);
  service_->EndStreams();
  EXPECT_THAT(reader->End(), StatusIs(StatusCode::kUnavailable, "token"));
  EXPECT_NE(reader->token(), "");
  EXPECT_THAT(Tail()->End(), StatusIs(StatusCode::kUnavailable));
}

TEST_F(ChangesServiceTest, ADatabaseThatComesBackAtOnceIsNotNoticed) {
  const auto reader = TailFromNow();
  database_.KillSessions();
  session_.Drop();
  Change(1);
  EXPECT_THAT(reader->Changes(1), ElementsAre("1:1"));
}

TEST_F(ChangesServiceTest, WithoutTheFeedStreamsEndAndCanGoOnLater) {
  const auto reader = TailFromNow();
  Change(1);
  EXPECT_THAT(reader->Changes(1), ElementsAre("1:1"));
  database_.Execute("RENAME TABLE changes TO gone");
  EXPECT_THAT(reader->End(), StatusIs(StatusCode::kUnavailable));
  database_.Execute("RENAME TABLE gone TO changes");
  Change(1);
  EXPECT_THAT(Tail(reader->token())->Changes(1), ElementsAre("1:2"));
}

TEST_F(ChangesServiceTest, AFullQueueRefusesAStream) {
  const auto release = std::make_shared<absl::Notification>();
  const auto entered = std::make_shared<absl::BlockingCounter>(2);
  for (int worker = 0; worker < 2; ++worker) {
    pool_->TrySubmit([=](mysql::Session&) {
      entered->DecrementCount();
      release->WaitForNotification();
    });
  }
  entered->Wait();
  while (pool_->TrySubmit([](mysql::Session&) {})) {
  }
  EXPECT_THAT(Tail()->End(), StatusIs(StatusCode::kResourceExhausted));
  release->Notify();
}

TEST_F(ChangesServiceTest, AStreamHasNoneOfTheDeadlinesOfOtherCalls) {
  const auto release = std::make_shared<absl::Notification>();
  const auto entered = std::make_shared<absl::BlockingCounter>(2);
  for (int worker = 0; worker < 2; ++worker) {
    pool_->TrySubmit([=](mysql::Session& session) {
      session.SetDeadline(absl::Now());
      entered->DecrementCount();
      release->WaitForNotification();
    });
  }
  entered->Wait();
  release->Notify();
  EXPECT_TRUE(Tail()->Next().has_value());
}

TEST_F(ChangesServiceTest, AMessageSaysWhereItsTokenStands) {
  Change(1, 3);
  const auto reader = Tail();
  const auto message = reader->Next();
  EXPECT_EQ(message->sequence(), 3);
  EXPECT_EQ(base::FromProto(message->sequence_time()), now_);
  Change(2);
  Change(1);
  EXPECT_THAT(reader->Changes(1), ElementsAre("1:5"));
  EXPECT_EQ(Tail()->Next()->sequence(), 5);
}

TEST_F(ChangesServiceTest, AStreamHoldsNoWorker) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 20; ++i) readers.push_back(TailFromNow());
  Change(1);
  for (const auto& reader : readers) {
    EXPECT_THAT(reader->Changes(1), ElementsAre("1:1"));
  }
}

TEST_F(ChangesServiceTest, AReaderThatDoesNotReadHoldsUpNobody) {
  const auto slow = TailFromNow();
  const auto quick = TailFromNow();
  Change(1, 20'000);
  EXPECT_EQ(quick->Changes(20'000).back(), "1:20000");
  EXPECT_EQ(slow->Changes(20'000).back(), "1:20000");
}

}  // namespace
}  // namespace kith::feed
