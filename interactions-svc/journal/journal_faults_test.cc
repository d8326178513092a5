// What writes the journal, cut off before each of its statements in turn:
// nothing is half done, and nothing that was acknowledged is lost.

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/mysql/session.h"
#include "common/mysql/tx.h"
#include "common/testing/cut_everywhere.h"
#include "common/testing/database_proxy.h"
#include "common/testing/lookup_tables.h"
#include "gmock/gmock.h"
#include "interactions-svc/journal/entry_list.h"
#include "interactions-svc/journal/journal_fixture.h"
#include "interactions-svc/journal/journal_store.h"
#include "interactions-svc/lookups.h"

namespace kith::interactions {
namespace {

using ::kith::testing::DatabaseProxy;
using ::kith::testing::IsOk;
using ::kith::testing::LookupTables;
using mysql::Tx;

class JournalFaultsTest : public JournalFixture {
 protected:
  using CutCall = std::function<absl::Status(const Tx&)>;

  // Makes the call again and again, cut off one message later each time.
  void ExpectNothingHalfDone(const CutCall& call, int least_cuts) {
    const int cuts = testing::CutEverywhere(
        harness_.database().options(),
        [&](mysql::Session& session, absl::Time deadline) {
          const mysql::TenantTx tx(session, 1, Now(), deadline);
          return call(tx);
        },
        [&] { return State(); });
    EXPECT_GT(cuts, least_cuts);
    LookupTables(harness_.database(), harness_.clock(), Lookups())
        .ExpectAllClean();
  }

 private:
  // All that is written, once the server has rolled back who was cut off.
  std::string State() {
    harness_.database().SelectInt(
        "SELECT entry_id FROM journal_keys FOR UPDATE");
    harness_.database().SelectInt("SELECT entry_id FROM journal FOR UPDATE");
    std::string state;
    mysql::Session session(harness_.database().options());
    EXPECT_THAT(session.Query("CHECKSUM TABLE journal, journal_due, "
                              "journal_keys",
                              {},
                              [&](const mysql::Row& row) {
                                absl::StrAppend(&state, row.Bytes(0), " ",
                                                row.Int(1), "\n");
                              }),
                IsOk());
    return state;
  }
};

TEST_F(JournalFaultsTest, NoHalfEntry) {
  ExpectNothingHalfDone(
      [](const Tx& tx) {
        return JournalStore().Record(tx, Hook("msg_1")).status();
      },
      8);
  EXPECT_EQ(Rows("journal"), 1);
  EXPECT_EQ(Rows("journal_due"), 1);
  EXPECT_EQ(Rows("journal_keys"), 1);
}

TEST_F(JournalFaultsTest, NoHalfLease) {
  Receive(Hook("msg_1"));
  harness_.clock().Advance(kAttemptLease);
  ExpectNothingHalfDone(
      [](const Tx& tx) { return JournalStore().Lease(tx, {}).status(); }, 6);
}

TEST_F(JournalFaultsTest, NoHalfResult) {
  const v1::SettleEntryRequest request =
      ResultOf(Receive(Hook("msg_1")), v1::ENTRY_STATE_DONE);
  ExpectNothingHalfDone(
      [&](const Tx& tx) { return JournalStore().Settle(tx, request).status(); },
      6);
}

TEST_F(JournalFaultsTest, NoHalfDiscard) {
  v1::DiscardEntryRequest request;
  request.set_entry_id(ReceiveFailed("msg_1").entry_id());
  request.set_reason("spam");
  request.set_agent("Dana");
  ExpectNothingHalfDone(
      [&](const Tx& tx) {
        return JournalStore().Discard(tx, request).status();
      },
      6);
}

TEST_F(JournalFaultsTest, NoHalfReplayOfAnEntry) {
  ReceiveFailed("msg_1");
  v1::ReplayEntriesRequest request;
  request.mutable_filter()->set_state(v1::ENTRY_STATE_FAILED);
  ExpectNothingHalfDone(
      [&](const Tx& tx) { return ReplayJournal(tx, request).status(); }, 8);
}

// The caller has the lease of the entry whether or not the first COMMIT was
// one: no repeat of its own is taken for another's.
TEST_F(JournalFaultsTest, ACommitInDoubtMakesOneEntryThatIsNew) {
  int entries = 0;
  for (const auto cut :
       {DatabaseProxy::Cut::kBeforeCommit, DatabaseProxy::Cut::kAfterCommit}) {
    DatabaseProxy proxy(harness_.database().options().address);
    mysql::SessionOptions options = harness_.database().options();
    options.address = proxy.address();
    mysql::Session session(options);
    ASSERT_THAT(session.Connect(), IsOk());
    proxy.CutNext(cut);
    const mysql::TenantTx tx(session, 1, Now());
    const auto recorded =
        JournalStore().Record(tx, Hook(absl::StrCat("msg_", entries)));
    ASSERT_THAT(recorded, IsOk());
    EXPECT_FALSE(recorded->known());
    EXPECT_THAT(Get(recorded->entry().entry_id()), IsOk());
    EXPECT_EQ(Rows("journal"), ++entries);
  }
}

}  // namespace
}  // namespace kith::interactions
