// Lists of entries, and replays.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/mysql/tx.h"
#include "gmock/gmock.h"
#include "interactions-svc/journal/journal_fixture.h"
#include "interactions-svc/journal/journal_store.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class JournalListTest : public JournalFixture {
 protected:
  absl::StatusOr<v1::ListEntriesResponse> ListPage(
      const v1::ListEntriesRequest& request, TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::ListEntries, request, key);
  }

  // The keys of all pages. Sets `pages_`.
  std::vector<std::string> ListKeys(v1::ListEntriesRequest request,
                                    TestKey key = testing::kDemo) {
    std::vector<std::string> keys;
    pages_ = 0;
    do {
      const auto page = ListPage(request, key);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      ++pages_;
      for (const v1::Entry& entry : page->entries()) {
        EXPECT_EQ(entry.body(), "");
        keys.push_back(entry.idempotency_key());
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return keys;
  }

  v1::ReplayEntriesResponse Replay(const v1::ReplayEntriesRequest& request,
                                   TestKey key = testing::kDemo) {
    const auto replayed = harness_.Call(&Stub::ReplayEntries, request, key);
    EXPECT_THAT(replayed, IsOk());
    return replayed.ok() ? *replayed : v1::ReplayEntriesResponse();
  }

  int pages_ = 0;
};

v1::ListEntriesRequest Listing(v1::EntryState state, int32_t page_size = 0) {
  v1::ListEntriesRequest request;
  request.mutable_filter()->set_state(state);
  request.set_page_size(page_size);
  return request;
}

v1::ReplayEntriesRequest Replaying(
    v1::EntryState state = v1::ENTRY_STATE_FAILED, int32_t page_size = 0) {
  v1::ReplayEntriesRequest request;
  request.mutable_filter()->set_state(state);
  request.set_page_size(page_size);
  return request;
}

TEST_F(JournalListTest, AllAreListedTheNewestFirst) {
  for (int i = 0; i < 7; ++i) {
    Receive(Hook(absl::StrCat("m", i)));
    harness_.clock().Advance(absl::Seconds(1));
  }
  v1::ListEntriesRequest request;
  request.set_page_size(3);
  EXPECT_THAT(ListKeys(request),
              ElementsAre("m6", "m5", "m4", "m3", "m2", "m1", "m0"));
  EXPECT_EQ(pages_, 3);
}

TEST_F(JournalListTest, AStateIsListedByWhatIsNextTheLatestFirst) {
  std::vector<v1::Entry> entries;
  for (int i = 0; i < 5; ++i)
    entries.push_back(Receive(Hook(std::to_string(i))));
  for (const int i : {3, 0, 4}) {
    harness_.clock().Advance(absl::Seconds(1));
    EXPECT_THAT(Settle(entries[i], v1::ENTRY_STATE_FAILED), IsOk());
  }
  EXPECT_THAT(ListKeys(Listing(v1::ENTRY_STATE_FAILED, 2)),
              ElementsAre("4", "0", "3"));
  EXPECT_THAT(ListKeys(Listing(v1::ENTRY_STATE_RECEIVED)), SizeIs(2));
  EXPECT_THAT(ListKeys(Listing(v1::ENTRY_STATE_DONE)), IsEmpty());
}

TEST_F(JournalListTest, AFilterShowsWhatAgreesAlone) {
  ReceiveFailed("a", "shop");
  harness_.clock().Advance(absl::Seconds(10));
  ReceiveFailed("b", "crm");
  harness_.clock().Advance(absl::Seconds(10));
  ReceiveFailed("c", "shop");
  v1::ListEntriesRequest by_source;
  by_source.mutable_filter()->set_source("shop");
  EXPECT_THAT(ListKeys(by_source), ElementsAre("c", "a"));
  for (const auto state :
       {v1::ENTRY_STATE_UNSPECIFIED, v1::ENTRY_STATE_FAILED}) {
    v1::ListEntriesRequest by_time = Listing(state);
    v1::EntryFilter& filter = *by_time.mutable_filter();
    *filter.mutable_received_from_time() =
        base::ToProto(Noon() + absl::Seconds(10));
    EXPECT_THAT(ListKeys(by_time), ElementsAre("c", "b"));
    *filter.mutable_received_until_time() =
        base::ToProto(Noon() + absl::Seconds(20));
    EXPECT_THAT(ListKeys(by_time), ElementsAre("b"));
  }
}

// One in a thousand is looked for: no page reads more than 500.
TEST_F(JournalListTest, ARareEntryIsFoundPageByPage) {
  constexpr int kEntries = 1'100;
  Receive(Hook("rare", "x", "crm"));
  for (int i = 0; i < kEntries; ++i) {
    harness_.clock().Advance(absl::Milliseconds(2));
    Receive(Hook(absl::StrCat("m", i)));
  }
  v1::ListEntriesRequest request;
  request.mutable_filter()->set_source("crm");
  EXPECT_THAT(ListKeys(request), ElementsAre("rare"));
  EXPECT_EQ(pages_, 3);
}

TEST_F(JournalListTest, APageHasNoMoreThanOneMessageTakes) {
  for (int i = 0; i < 250; ++i) {
    v1::RecordEntryRequest request = Hook(absl::StrCat("m", i));
    request.mutable_entry()->set_target(std::string(8'192, '/'));
    request.mutable_entry()->add_headers()->set_name("cookie");
    request.mutable_entry()->mutable_headers(0)->set_value(
        std::string(16'000, 'x'));
    Receive(request);
  }
  v1::ListEntriesRequest request;
  request.set_page_size(1'000);
  EXPECT_THAT(ListKeys(request), SizeIs(250));
  EXPECT_GE(pages_, 3);
}

TEST_F(JournalListTest, ATokenIsOfItsFilterAndTenantAlone) {
  for (int i = 0; i < 3; ++i) ReceiveFailed(std::to_string(i));
  v1::ListEntriesRequest request = Listing(v1::ENTRY_STATE_FAILED, 1);
  request.set_page_token(ListPage(request)->next_page_token());
  EXPECT_THAT(ListPage(request), IsOk());
  EXPECT_THAT(ListPage(request, testing::kOther),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
  request.mutable_filter()->set_source("shop");
  EXPECT_THAT(ListPage(request),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

TEST_F(JournalListTest, AnotherTenantListsAndReplaysNothing) {
  const v1::Entry entry = ReceiveFailed("a");
  EXPECT_THAT(ListKeys({}, testing::kOther), IsEmpty());
  EXPECT_THAT(Replay(Replaying(), testing::kOther).entry_ids(), IsEmpty());
  EXPECT_EQ(StateOf(entry.entry_id()), v1::ENTRY_STATE_FAILED);
}

TEST_F(JournalListTest, WhatHasFailedIsReplayedByOneCall) {
  const v1::Entry first = ReceiveFailed("a");
  const v1::Entry second = ReceiveFailed("b");
  const v1::Entry done = Receive(Hook("c"));
  EXPECT_THAT(Settle(done, v1::ENTRY_STATE_DONE), IsOk());
  v1::ReplayEntriesRequest request = Replaying();
  request.set_dry_run(true);
  EXPECT_THAT(Replay(request).entry_ids(), SizeIs(2));
  EXPECT_EQ(StateOf(first.entry_id()), v1::ENTRY_STATE_FAILED);
  request.set_dry_run(false);
  const v1::ReplayEntriesResponse replayed = Replay(request);
  EXPECT_THAT(replayed.entry_ids(), SizeIs(2));
  EXPECT_EQ(replayed.next_page_token(), "");
  EXPECT_EQ(StateOf(second.entry_id()), v1::ENTRY_STATE_RECEIVED);
  EXPECT_EQ(StateOf(done.entry_id()), v1::ENTRY_STATE_DONE);
  EXPECT_THAT(Replay(request).entry_ids(), IsEmpty());
  EXPECT_THAT(Lease(), SizeIs(2));
}

TEST_F(JournalListTest, AReplayGoesOnWhereItHasEnded) {
  constexpr int kEntries = 25;
  for (int i = 0; i < kEntries; ++i) ReceiveFailed(std::to_string(i));
  v1::ReplayEntriesRequest request = Replaying(v1::ENTRY_STATE_FAILED, 10);
  std::vector<std::string> ids;
  for (int call = 0; call < 3; ++call) {
    const v1::ReplayEntriesResponse replayed = Replay(request);
    // A repeat of a call whose response was lost does no harm.
    EXPECT_THAT(Replay(request).entry_ids().size(), ::testing::Le(10));
    ids.insert(ids.end(), replayed.entry_ids().begin(),
               replayed.entry_ids().end());
    request.set_page_token(replayed.next_page_token());
    if (request.page_token().empty()) break;
  }
  EXPECT_THAT(ListKeys(Listing(v1::ENTRY_STATE_FAILED)), IsEmpty());
  EXPECT_THAT(ListKeys(Listing(v1::ENTRY_STATE_RECEIVED)), SizeIs(kEntries));
}

// A mapping that is still wrong must not keep the replay busy for ever.
TEST_F(JournalListTest, WhatFailsAgainIsNotReplayedByTheSameReplay) {
  for (int i = 0; i < 4; ++i) ReceiveFailed(std::to_string(i));
  harness_.clock().Advance(absl::Seconds(1));
  v1::ReplayEntriesRequest request = Replaying(v1::ENTRY_STATE_FAILED, 2);
  int replayed = 0;
  int calls = 0;
  do {
    const v1::ReplayEntriesResponse response = Replay(request);
    replayed += response.entry_ids_size();
    harness_.clock().Advance(absl::Seconds(1));
    for (const v1::Entry& entry : Lease()) {
      EXPECT_THAT(Settle(entry, v1::ENTRY_STATE_FAILED), IsOk());
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty() && ++calls < 10);
  EXPECT_EQ(replayed, 4);
  EXPECT_LT(calls, 10);
  EXPECT_THAT(ListKeys(Listing(v1::ENTRY_STATE_FAILED)), SizeIs(4));
}

TEST_F(JournalListTest, AFilterOfAReplayLeavesTheOthers) {
  const v1::Entry shop = ReceiveFailed("a", "shop");
  const v1::Entry crm = ReceiveFailed("b", "crm");
  v1::ReplayEntriesRequest request = Replaying();
  request.mutable_filter()->set_source("crm");
  EXPECT_THAT(Replay(request).entry_ids(), ElementsAre(crm.entry_id()));
  EXPECT_EQ(StateOf(shop.entry_id()), v1::ENTRY_STATE_FAILED);
}

TEST_F(JournalListTest, ADiscardedEntryIsReplayedIfItIsAskedFor) {
  const v1::Entry entry = ReceiveFailed("a");
  EXPECT_THAT(Discard(entry.entry_id()), IsOk());
  EXPECT_THAT(Replay(Replaying()).entry_ids(), IsEmpty());
  EXPECT_THAT(Replay(Replaying(v1::ENTRY_STATE_DISCARDED)).entry_ids(),
              ElementsAre(entry.entry_id()));
  EXPECT_EQ(StateOf(entry.entry_id()), v1::ENTRY_STATE_RECEIVED);
}

// What a lease reads is the head alone, however much is behind it.
TEST_F(JournalListTest, ALeaseCostsTheSameForTenTimesTheVolume) {
  mysql::Session session(harness_.database().options());
  ASSERT_THAT(session.Connect(), IsOk());
  const auto read = [&] {
    harness_.clock().Advance(kAttemptLease);
    const mysql::TenantTx tx(session, 1, Now());
    const int64_t before = RowsRead(session);
    const auto leased = JournalStore().Lease(tx, {});
    EXPECT_THAT(leased, IsOk());
    EXPECT_EQ(leased->entries_size(), 10);
    return RowsRead(session) - before;
  };
  for (int i = 0; i < 60; ++i) Receive(Hook(absl::StrCat("m", i)));
  const int64_t few = read();
  for (int i = 60; i < 600; ++i) Receive(Hook(absl::StrCat("m", i)));
  EXPECT_LE(read(), few + 5);
}

}  // namespace
}  // namespace kith::interactions
