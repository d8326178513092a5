// How long the journal keeps what, and what it tells of what waits.

#include "interactions-svc/journal/journal_sweep.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/mysql/session.h"
#include "common/ops/metrics.h"
#include "common/testing/lookup_tables.h"
#include "gmock/gmock.h"
#include "interactions-svc/journal/journal_fixture.h"
#include "interactions-svc/journal/journal_gauges.h"
#include "interactions-svc/lookups.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::LookupTables;
using ::kith::testing::StatusIs;
using ::testing::SizeIs;

constexpr absl::Duration kOneDay = absl::Hours(24);

class JournalSweepTest : public JournalFixture {
 protected:
  JournalSweepTest() {
    const config::v1::TenantsFile file = testing::TestTenantsFile();
    for (const config::v1::Tenant& tenant : file.tenants()) {
      tenants_.push_back(std::make_shared<const config::v1::Tenant>(tenant));
    }
  }

  void Sweep() {
    EXPECT_THAT(SweepJournal(session_, tenants_, Now()), IsOk());
    LookupTables(harness_.database(), harness_.clock(), Lookups())
        .ExpectAllClean();
  }

  void Export() {
    EXPECT_THAT(gauges_.Export(session_, tenants_, Now()), IsOk());
  }

  static double Value(const char* name, const std::string& tenant = "demo") {
    return ops::Gauge(name, "", {{"tenant", tenant}}).Value();
  }
  static double Failed(const std::string& tenant = "demo") {
    return Value("kith_journal_failed_entries", tenant);
  }
  static double FirstDue(const std::string& tenant = "demo") {
    return Value("kith_journal_first_due_timestamp_seconds", tenant);
  }

  mysql::Session session_{harness_.database().options()};
  std::vector<std::shared_ptr<const config::v1::Tenant>> tenants_;
  JournalGauges gauges_;
};

TEST_F(JournalSweepTest, WhatIsSettledIsKeptForItsTimeAndNoLonger) {
  const v1::Entry done = Receive(Hook("done"));
  EXPECT_THAT(Settle(done, v1::ENTRY_STATE_DONE), IsOk());
  const v1::Entry failed = ReceiveFailed("failed");
  const v1::Entry discarded = ReceiveFailed("discarded");
  EXPECT_THAT(Discard(discarded.entry_id()), IsOk());
  harness_.clock().Advance(7 * kOneDay - absl::Microseconds(1));
  Sweep();
  EXPECT_THAT(Get(done.entry_id()), IsOk());
  harness_.clock().Advance(absl::Microseconds(1));
  Sweep();
  EXPECT_THAT(Get(done.entry_id()), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Get(failed.entry_id()), IsOk());
  harness_.clock().Advance(83 * kOneDay - absl::Microseconds(1));
  Sweep();
  EXPECT_THAT(Get(failed.entry_id()), IsOk());
  EXPECT_THAT(Get(discarded.entry_id()), IsOk());
  harness_.clock().Advance(absl::Microseconds(1));
  Sweep();
  EXPECT_EQ(Rows("journal"), 0);
  EXPECT_EQ(Rows("journal_due"), 0);
}

TEST_F(JournalSweepTest, WhatIsReceivedIsNeverDeleted) {
  const v1::Entry entry = Receive(Hook("a", "the body"));
  harness_.clock().Advance(1'000 * kOneDay);
  Sweep();
  const auto kept = Get(entry.entry_id());
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->body(), "the body");
}

TEST_F(JournalSweepTest, AnAddressIsDeletedAfterThirtyDays) {
  v1::RecordEntryRequest request = Hook("a");
  request.mutable_entry()->set_address("192.0.2.1");
  const v1::Entry entry = Receive(request);
  EXPECT_THAT(Settle(entry, v1::ENTRY_STATE_FAILED), IsOk());
  harness_.clock().Advance(30 * kOneDay - absl::Microseconds(1));
  Sweep();
  EXPECT_EQ(Get(entry.entry_id())->address(), "192.0.2.1");
  harness_.clock().Advance(absl::Microseconds(1));
  Sweep();
  const auto kept = Get(entry.entry_id());
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->address(), "");
  EXPECT_EQ(kept->state(), v1::ENTRY_STATE_FAILED);
}

// The place of an entry that was replayed meanwhile leads to one that lives.
TEST_F(JournalSweepTest, AReplayedEntryIsNotDeleted) {
  const v1::Entry entry = ReceiveFailed("a");
  harness_.clock().Advance(89 * kOneDay);
  v1::ReplayEntriesRequest replay;
  replay.mutable_filter()->set_state(v1::ENTRY_STATE_FAILED);
  EXPECT_THAT(harness_.Call(&Stub::ReplayEntries, replay), IsOk());
  harness_.clock().Advance(2 * kOneDay);
  Sweep();
  EXPECT_EQ(StateOf(entry.entry_id()), v1::ENTRY_STATE_RECEIVED);
}

TEST_F(JournalSweepTest, AKeyIsKnownForNinetyDays) {
  const v1::Entry entry = Receive(Hook("a"));
  EXPECT_THAT(Settle(entry, v1::ENTRY_STATE_DONE), IsOk());
  harness_.clock().Advance(90 * kOneDay - absl::Microseconds(1));
  Sweep();
  EXPECT_EQ(Rows("journal"), 0);
  EXPECT_TRUE(RecordEntry(Hook("a"))->known());
  harness_.clock().Advance(absl::Microseconds(2));
  Sweep();
  EXPECT_EQ(Rows("journal_keys"), 0);
  EXPECT_FALSE(RecordEntry(Hook("a"))->known());
}

TEST_F(JournalSweepTest, EachTenantIsSwept) {
  for (const auto key : {testing::kDemo, testing::kOther}) {
    const v1::Entry entry = Receive(Hook("a"), key);
    EXPECT_THAT(Settle(entry, v1::ENTRY_STATE_DONE, key), IsOk());
  }
  harness_.clock().Advance(7 * kOneDay);
  Sweep();
  EXPECT_EQ(Rows("journal"), 0);
}

TEST_F(JournalSweepTest, WhatNoGatewayBeginsIsExported) {
  Export();
  EXPECT_EQ(FirstDue(), 0);
  Receive(Hook("a"));
  Export();
  EXPECT_EQ(FirstDue(), 0) << "its lease goes on";
  const absl::Time due = Now() + kAttemptLease;
  harness_.clock().Advance(absl::Minutes(1));
  Export();
  EXPECT_EQ(FirstDue(), absl::ToDoubleSeconds(due - absl::UnixEpoch()));
  EXPECT_EQ(FirstDue("other"), 0);
  EXPECT_THAT(Lease(), SizeIs(1));
  Export();
  EXPECT_EQ(FirstDue(), 0);
}

TEST_F(JournalSweepTest, WhatHasFailedIsExported) {
  for (int i = 0; i < 3; ++i) ReceiveFailed(std::to_string(i));
  Export();
  EXPECT_EQ(Failed(), 3);
  EXPECT_EQ(Failed("other"), 0);
  for (int i = 3; i < 103; ++i) ReceiveFailed(std::to_string(i));
  Export();
  EXPECT_EQ(Failed(), 101);
  tenants_.clear();
  Export();
  EXPECT_EQ(Failed(), 0);
}

}  // namespace
}  // namespace kith::interactions
