#include "interactions-svc/journal/journal_validation.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "gtest/gtest.h"
#include "interactions-svc/journal/entry_rules.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

constexpr char kEntry[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";

v1::RecordEntryRequest GoodRecord() {
  v1::RecordEntryRequest request;
  v1::Entry& entry = *request.mutable_entry();
  entry.set_source("shop");
  entry.set_idempotency_key("msg_1");
  entry.set_method("POST");
  entry.set_target("/hooks/shop");
  entry.set_verdict(v1::SIGNATURE_VERDICT_UNSIGNED);
  return request;
}

void AddHeader(v1::Entry& entry, const std::string& name, size_t bytes) {
  v1::EntryHeader& header = *entry.add_headers();
  header.set_name(name);
  header.set_value(std::string(bytes, '\xff'));
}

template <typename Request>
struct LimitRow {
  const char* fault;  // empty: it is good
  std::function<void(Request&)> change;
};

template <typename Request>
void ExpectLimits(const Request& good,
                  const std::vector<LimitRow<Request>>& rows) {
  EXPECT_THAT(Validate(good), IsOk());
  for (const LimitRow<Request>& row : rows) {
    Request request = good;
    row.change(request);
    if (row.fault[0] == '\0') {
      EXPECT_THAT(Validate(request), IsOk()) << request.ShortDebugString();
    } else {
      EXPECT_THAT(Validate(request),
                  StatusIs(StatusCode::kInvalidArgument, row.fault));
    }
  }
}

TEST(JournalValidationTest, LimitsOfAnEntry) {
  using Record = v1::RecordEntryRequest;
  ExpectLimits<Record>(
      GoodRecord(),
      {{"entry.source", [](Record& r) { r.mutable_entry()->clear_source(); }},
       {"entry.source", [](Record& r) { r.mutable_entry()->set_source("S"); }},
       {"", [](Record& r) { r.mutable_entry()->set_source("5nine"); }},
       {"entry.idempotency_key: not set",
        [](Record& r) { r.mutable_entry()->clear_idempotency_key(); }},
       {"",
        [](Record& r) {
          r.mutable_entry()->set_idempotency_key(std::string(200, 'k'));
        }},
       {"201 characters, want at most 200",
        [](Record& r) {
          r.mutable_entry()->set_idempotency_key(std::string(201, 'k'));
        }},
       {"entry.method", [](Record& r) { r.mutable_entry()->clear_method(); }},
       {"entry.method",
        [](Record& r) { r.mutable_entry()->set_method("post"); }},
       {"entry.method",
        [](Record& r) { r.mutable_entry()->set_method(std::string(17, 'A')); }},
       {"entry.address",
        [](Record& r) {
          r.mutable_entry()->set_address(std::string(65, '1'));
        }},
       {"entry.verdict",
        [](Record& r) { r.mutable_entry()->clear_verdict(); }}});
}

TEST(JournalValidationTest, LimitsOfTargetAndBody) {
  using Record = v1::RecordEntryRequest;
  ExpectLimits<Record>(
      GoodRecord(),
      {{"entry.target", [](Record& r) { r.mutable_entry()->clear_target(); }},
       {"",
        [](Record& r) {
          r.mutable_entry()->set_target(std::string(8'192, '\xff'));
        }},
       {"8193 bytes",
        [](Record& r) {
          r.mutable_entry()->set_target(std::string(8'193, '/'));
        }},
       {"",
        [](Record& r) {
          r.mutable_entry()->set_body(std::string(1 << 20, '\0'));
        }},
       {"1048577 bytes", [](Record& r) {
          r.mutable_entry()->set_body(std::string((1 << 20) + 1, '\0'));
        }}});
}

TEST(JournalValidationTest, LimitsOfHeaders) {
  using Record = v1::RecordEntryRequest;
  ExpectLimits<Record>(
      GoodRecord(),
      {{"", [](Record& r) { AddHeader(*r.mutable_entry(), "a", 16'383); }},
       {"16385 bytes",
        [](Record& r) { AddHeader(*r.mutable_entry(), "a", 16'384); }},
       {"entry.headers[0].name",
        [](Record& r) { AddHeader(*r.mutable_entry(), "Host", 1); }},
       {"entry.headers[0].name",
        [](Record& r) {
          AddHeader(*r.mutable_entry(), std::string(101, 'a'), 1);
        }},
       {"entry.headers: 101 given", [](Record& r) {
          for (int i = 0; i < 101; ++i) AddHeader(*r.mutable_entry(), "a", 1);
        }}});
}

TEST(JournalValidationTest, LimitsOfTheWindow) {
  using Record = v1::RecordEntryRequest;
  constexpr int64_t kLongest = 7'776'000;  // 90 days.
  const auto window = [](int64_t seconds) {
    return [seconds](Record& r) {
      r.mutable_repeat_window()->set_seconds(seconds);
    };
  };
  ExpectLimits<Record>(GoodRecord(), {{"", window(1)},
                                      {"", window(kLongest)},
                                      {"repeat_window", window(0)},
                                      {"repeat_window", window(-1)},
                                      {"repeat_window", window(kLongest + 1)}});
  EXPECT_EQ(RepeatWindow(GoodRecord()), absl::Hours(24) * 90);
}

TEST(JournalValidationTest, LimitsOfALease) {
  using Lease = v1::LeaseEntriesRequest;
  ExpectLimits<Lease>(
      {}, {{"", [](Lease& r) { r.set_entry_count(50); }},
           {"entry_count", [](Lease& r) { r.set_entry_count(51); }},
           {"entry_count", [](Lease& r) { r.set_entry_count(-1); }}});
}

v1::EntryEffect EffectOf(int index) {
  v1::EntryEffect effect;
  effect.set_touch_index(index);
  effect.set_interaction_id(kEntry);
  return effect;
}

TEST(JournalValidationTest, LimitsOfAResult) {
  using Settle = v1::SettleEntryRequest;
  Settle good;
  good.set_entry_id(kEntry);
  good.set_attempt(1);
  good.set_state(v1::ENTRY_STATE_DONE);
  ExpectLimits<Settle>(
      good,
      {{"entry_id", [](Settle& r) { r.set_entry_id("x"); }},
       {"attempt", [](Settle& r) { r.set_attempt(0); }},
       {"state", [](Settle& r) { r.clear_state(); }},
       {"state", [](Settle& r) { r.set_state(v1::ENTRY_STATE_DISCARDED); }},
       {"reason: not set",
        [](Settle& r) { r.set_state(v1::ENTRY_STATE_RECEIVED); }},
       {"failure: not set",
        [](Settle& r) { r.set_state(v1::ENTRY_STATE_FAILED); }},
       {"failure: want it only",
        [](Settle& r) { r.set_failure(v1::ENTRY_FAILURE_MAPPING); }},
       {"1001 characters",
        [](Settle& r) { r.set_reason(std::string(1'001, 'r')); }},
       {"", [](Settle& r) { *r.add_effects() = EffectOf(49'999); }},
       {"effects[0].touch_index",
        [](Settle& r) { *r.add_effects() = EffectOf(50'000); }},
       {"effects[1].touch_index: is there twice",
        [](Settle& r) {
          *r.add_effects() = EffectOf(1);
          *r.add_effects() = EffectOf(1);
        }},
       {"effects[0].interaction_id",
        [](Settle& r) { r.add_effects()->set_touch_index(1); }},
       {"effects: 1001 given", [](Settle& r) {
          for (int i = 0; i < 1'001; ++i) *r.add_effects() = EffectOf(i);
        }}});
}

TEST(JournalValidationTest, LimitsOfFilters) {
  using List = v1::ListEntriesRequest;
  ExpectLimits<List>(
      {}, {{"filter.source",
            [](List& r) { r.mutable_filter()->set_source("Shop!"); }},
           {"filter.state",
            [](List& r) {
              r.mutable_filter()->set_state(static_cast<v1::EntryState>(9));
            }},
           {"filter.failure",
            [](List& r) {
              r.mutable_filter()->set_failure(static_cast<v1::EntryFailure>(9));
            }},
           {"filter.received_until_time",
            [](List& r) {
              r.mutable_filter()->mutable_received_until_time()->set_nanos(-1);
            }},
           {"page_size", [](List& r) { r.set_page_size(-1); }}});
  using Replay = v1::ReplayEntriesRequest;
  Replay good;
  good.mutable_filter()->set_state(v1::ENTRY_STATE_FAILED);
  ExpectLimits<Replay>(
      good,
      {{"",
        [](Replay& r) {
          r.mutable_filter()->set_state(v1::ENTRY_STATE_DISCARDED);
        }},
       {"filter.state", [](Replay& r) { r.clear_filter(); }},
       {"filter.state",
        [](Replay& r) { r.mutable_filter()->set_state(v1::ENTRY_STATE_DONE); }},
       {"page_size", [](Replay& r) { r.set_page_size(-1); }}});
}

TEST(JournalValidationTest, LimitsOfADiscard) {
  using Discard = v1::DiscardEntryRequest;
  Discard good;
  good.set_entry_id(kEntry);
  good.set_reason("spam");
  ExpectLimits<Discard>(
      good, {{"entry_id", [](Discard& r) { r.clear_entry_id(); }},
             {"reason: not set", [](Discard& r) { r.clear_reason(); }},
             {"reason: blank", [](Discard& r) { r.set_reason(" "); }},
             {"agent: blank", [](Discard& r) { r.set_agent(" "); }},
             {"501 characters",
              [](Discard& r) { r.set_reason(std::string(501, 'r')); }},
             {"321 characters",
              [](Discard& r) { r.set_agent(std::string(321, 'a')); }}});
}

}  // namespace
}  // namespace kith::interactions
