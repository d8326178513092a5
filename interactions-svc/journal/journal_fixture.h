#ifndef KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_FIXTURE_H_
#define KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_FIXTURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/testing/matchers.h"
#include "common/testing/test_keys.h"
#include "interactions-svc/interactions_fixture.h"
#include "interactions-svc/journal/entry_rules.h"
#include "kith/interactions/v1/journal.pb.h"

namespace kith::interactions {

// What the tests of the journal share: requests that are short to write.

// One of the source "shop", by the sender's id.
inline v1::RecordEntryRequest Hook(absl::string_view id,
                                   absl::string_view body = "email=a%40b.c",
                                   absl::string_view source = "shop") {
  v1::RecordEntryRequest request;
  v1::Entry& entry = *request.mutable_entry();
  entry.set_source(std::string(source));
  entry.set_idempotency_key(std::string(id));
  entry.set_method("POST");
  entry.set_target("/hooks/demo/shop?utm_source=ads");
  entry.set_body(std::string(body));
  entry.set_verdict(v1::SIGNATURE_VERDICT_SIGNED);
  return request;
}

// How the last attempt of a leased entry has ended.
inline v1::SettleEntryRequest ResultOf(const v1::Entry& entry,
                                       v1::EntryState state) {
  v1::SettleEntryRequest request;
  request.set_entry_id(entry.entry_id());
  request.set_attempt(entry.attempt_count());
  request.set_state(state);
  if (state == v1::ENTRY_STATE_FAILED) {
    request.set_failure(v1::ENTRY_FAILURE_MAPPING);
  }
  if (state != v1::ENTRY_STATE_DONE) request.set_reason("email: missing");
  return request;
}

class JournalFixture : public InteractionsTest {
 protected:
  absl::Time Now() { return harness_.clock().Now(); }

  absl::StatusOr<v1::RecordEntryResponse> RecordEntry(
      const v1::RecordEntryRequest& request, TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::RecordEntry, request, key);
  }

  // Records one that is not known.
  v1::Entry Receive(const v1::RecordEntryRequest& request,
                    TestKey key = testing::kDemo) {
    const auto recorded = RecordEntry(request, key);
    EXPECT_THAT(recorded, testing::IsOk());
    if (!recorded.ok()) return {};
    EXPECT_FALSE(recorded->known());
    return recorded->entry();
  }

  std::vector<v1::Entry> Lease(int32_t count = 0,
                               TestKey key = testing::kDemo) {
    v1::LeaseEntriesRequest request;
    request.set_entry_count(count);
    const auto leased = harness_.Call(&Stub::LeaseEntries, request, key);
    EXPECT_THAT(leased, testing::IsOk());
    if (!leased.ok()) return {};
    return {leased->entries().begin(), leased->entries().end()};
  }

  absl::StatusOr<v1::Entry> Settle(const v1::Entry& entry, v1::EntryState state,
                                   TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::SettleEntry, ResultOf(entry, state), key);
  }

  // Records one that is FAILED.
  v1::Entry ReceiveFailed(absl::string_view id,
                          absl::string_view source = "shop") {
    const v1::Entry entry = Receive(Hook(id, "x", source));
    const auto failed = Settle(entry, v1::ENTRY_STATE_FAILED);
    EXPECT_THAT(failed, testing::IsOk());
    return failed.ok() ? *failed : v1::Entry();
  }

  absl::StatusOr<v1::Entry> Get(const std::string& entry_id,
                                TestKey key = testing::kDemo) {
    v1::GetEntryRequest request;
    request.set_entry_id(entry_id);
    return harness_.Call(&Stub::GetEntry, request, key);
  }

  v1::EntryState StateOf(const std::string& entry_id) {
    const auto entry = Get(entry_id);
    EXPECT_THAT(entry, testing::IsOk());
    return entry.ok() ? entry->state() : v1::ENTRY_STATE_UNSPECIFIED;
  }

  absl::StatusOr<v1::Entry> Discard(const std::string& entry_id,
                                    const std::string& agent = "Dana",
                                    TestKey key = testing::kDemo) {
    v1::DiscardEntryRequest request;
    request.set_entry_id(entry_id);
    request.set_reason("spam");
    request.set_agent(agent);
    return harness_.Call(&Stub::DiscardEntry, request, key);
  }
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_FIXTURE_H_
