// BatchGetActivity: the summary is right, whatever was recorded.

#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "gmock/gmock.h"
#include "interactions-svc/interactions_fixture.h"

namespace kith::interactions {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::kDemoPublic;
using ::kith::testing::kOther;
using ::kith::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using ActivityTest = InteractionsTest;

constexpr char kNobodyKnown[] = "0192f0c1-2a3b-7c4d-8e5f-ffffffffffff";

v1::RecordInteractionRequest Mail(absl::Time time, absl::string_view id) {
  auto request = Outbound(At(time, Reported(v1::KIND_EMAIL, id)));
  request.mutable_interaction()->set_purpose(v1::PURPOSE_MARKETING);
  return request;
}

TEST_F(ActivityTest, SaysWhenWeLastCalledAndWhatWeSold) {
  const auto hours_ago = [](int hours) { return Noon() - absl::Hours(hours); };
  const auto call = [&](int hours, absl::string_view id) {
    return At(hours_ago(hours), Reported(v1::KIND_CALL, id));
  };
  auto returned = Paid("EUR", 5'000'000, Reported(v1::KIND_RETURN, "r"));
  returned.mutable_interaction()->add_items()->set_sku("shoe");
  returned.mutable_interaction()->set_order_id("o-1");
  const auto response = BatchRecord(
      {Revision(1, v1::OUTCOME_ANSWERED, Outbound(call(5, "c-1"))),
       Revision(1, v1::OUTCOME_MISSED, Outbound(call(3, "c-2"))),
       Revision(1, v1::OUTCOME_ANSWERED, call(1, "c-3")),
       Paid("EUR", 20'000'000, Reported(v1::KIND_PURCHASE, "p-1")),
       Paid("EUR", 30'500'000, Reported(v1::KIND_PURCHASE, "p-2")),
       Paid("USD", 7'000'000, Reported(v1::KIND_PURCHASE, "p-3")), returned});
  ASSERT_THAT(response, IsOk());
  const v1::ActivitySummary summary = Summary({kAda});
  EXPECT_EQ(base::FromProto(summary.last_called_time()), hours_ago(3));
  ASSERT_THAT(summary.sales(), SizeIs(2));
  EXPECT_EQ(summary.sales(0).currency_code(), "EUR");
  EXPECT_EQ(summary.sales(0).sold_micros(), 50'500'000);
  EXPECT_EQ(summary.sales(0).returned_micros(), 5'000'000);
  EXPECT_EQ(summary.sales(0).net_micros(), 45'500'000);
  EXPECT_EQ(summary.sales(1).sold_micros(), 7'000'000);
  ASSERT_THAT(summary.returned_items(), SizeIs(1));
  EXPECT_EQ(summary.returned_items(0).item().sku(), "shoe");
  EXPECT_EQ(summary.returned_items(0).order_id(), "o-1");
  EXPECT_EQ(summary.returned_items(0).interaction_id(),
            response->results(6).response().interaction().interaction_id());
}

TEST_F(ActivityTest, AMissedCallIsNotAnAnsweredOne) {
  const auto call = Outbound(Reported(v1::KIND_CALL, "c"));
  ASSERT_THAT(Record(Revision(1, v1::OUTCOME_MISSED, call)), IsOk());
  ASSERT_THAT(Record(Revision(2, v1::OUTCOME_FAILED,
                              At(Noon() - absl::Hours(9), call))),
              IsOk());
  const v1::ActivitySummary summary = Summary({kAda});
  ASSERT_THAT(summary.counts(), SizeIs(1));
  EXPECT_EQ(summary.counts(0).outcome(), v1::OUTCOME_FAILED);
  EXPECT_EQ(base::FromProto(summary.last_called_time()),
            Noon() - absl::Hours(9));
}

TEST_F(ActivityTest, MarketingWindowsMoveWithTheClockInTheTenantsZone) {
  // 23:59 and 00:01 in Los Angeles, around the beginning of June 15.
  const absl::Time midnight = Noon() - absl::Hours(5);
  ASSERT_THAT(Record(Mail(midnight - absl::Minutes(1), "m-1")), IsOk());
  ASSERT_THAT(Record(Mail(midnight + absl::Minutes(1), "m-2")), IsOk());
  EXPECT_EQ(Summary({kAda}).marketing().last_7_days(), 2);
  EXPECT_THAT(Summary({kAda}).marketing().days(), SizeIs(2));
  const auto at_day = [&](int days, absl::Duration more) {
    harness_.clock().Set(midnight + days * absl::Hours(24) + more);
    return Summary({kAda}).marketing();
  };
  const absl::Duration just_before = absl::Hours(24) - absl::Minutes(1);
  EXPECT_EQ(at_day(5, just_before).last_7_days(), 2);
  EXPECT_EQ(at_day(6, absl::Minutes(1)).last_7_days(), 1);
  EXPECT_EQ(at_day(7, absl::Minutes(1)).last_7_days(), 0);
  EXPECT_EQ(at_day(28, just_before).last_30_days(), 2);
  EXPECT_EQ(at_day(29, absl::Minutes(1)).last_30_days(), 1);
  EXPECT_EQ(at_day(88, just_before).last_90_days(), 2);
  // The clocks go back only in November: days have 24 hours until then.
  EXPECT_EQ(at_day(89, absl::Minutes(1)).last_90_days(), 1);
  const v1::MarketingTouches gone = at_day(90, absl::Minutes(1));
  EXPECT_EQ(gone.last_90_days(), 0);
  EXPECT_THAT(gone.days(), IsEmpty());
}

TEST_F(ActivityTest, AnAdOfTomorrowCountsTomorrow) {
  auto ad = At(Noon() + absl::Hours(23), Reported(v1::KIND_AD, "ad"));
  ASSERT_THAT(Record(ad), IsOk());
  EXPECT_EQ(Summary({kAda}).marketing().last_7_days(), 0);
  harness_.clock().Advance(absl::Hours(24));
  EXPECT_EQ(Summary({kAda}).marketing().last_7_days(), 1);
}

TEST_F(ActivityTest, OldMarketingDaysAreNotKept) {
  ASSERT_THAT(Record(Mail(Noon() - 200 * absl::Hours(24), "old")), IsOk());
  EXPECT_THAT(Summary({kAda}).marketing().days(), IsEmpty());
  for (int day = 0; day < 200; ++day) {
    harness_.clock().Advance(absl::Hours(24));
    ASSERT_THAT(
        Record(Mail(harness_.clock().Now(), absl::StrCat("mail-", day))),
        IsOk());
  }
  EXPECT_EQ(Summary({kAda}).marketing().last_90_days(), 90);
  EXPECT_EQ(Summary({kAda}).purposes(0).count(), 201);
  EXPECT_LT(
      harness_.database().SelectInt("SELECT LENGTH(details) FROM summaries"),
      1'500)
      << "bounded, however long the history";
}

TEST_F(ActivityTest, ACorrectedReturnMakesRoomForOlderItems) {
  for (int i = 0; i < 30; ++i) {
    auto returned = At(Noon() + absl::Minutes(i - 30),
                       Reported(v1::KIND_RETURN, absl::StrCat("r-", i)));
    returned.mutable_interaction()->add_items()->set_sku(absl::StrCat(i));
    ASSERT_THAT(Record(returned), IsOk());
  }
  auto mistake =
      At(Noon() - absl::Minutes(1), Reported(v1::KIND_RETURN, "r-29"));
  mistake.mutable_interaction()->set_source_revision(1);
  ASSERT_THAT(Record(mistake), IsOk());
  const v1::ActivitySummary summary = Summary({kAda});
  ASSERT_THAT(summary.returned_items(), SizeIs(20));
  EXPECT_EQ(summary.returned_items(0).item().sku(), "28");
  EXPECT_EQ(summary.returned_items(19).item().sku(), "9");
}

TEST_F(ActivityTest, WhatAFormSaysIsKeptAndNoSale) {
  ASSERT_THAT(Record(Paid("EUR", 5'000'000, Own(v1::KIND_PURCHASE, "p"))),
              IsOk());
  const v1::ActivitySummary before = Summary({kAda});
  auto said = Paid("EUR", 999'000'000, Own(v1::KIND_PURCHASE, "p"));
  // Nobody says this of themselves.
  said.mutable_interaction()->set_assurance(config::v1::ASSURANCE_VERIFIED);
  const auto recorded = Record(said, kDemoPublic);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->interaction().assurance(),
            config::v1::ASSURANCE_UNAUTHENTICATED);
  auto returned = Paid("EUR", 1'000'000, Own(v1::KIND_RETURN, "r"));
  returned.mutable_interaction()->add_items()->set_sku("shoe");
  ASSERT_THAT(Record(returned, kDemoPublic), IsOk());
  const v1::ActivitySummary after = Summary({kAda});
  ASSERT_THAT(after.sales(), SizeIs(1));
  EXPECT_THAT(after.sales(0), testing::EqualsProto(before.sales(0)));
  EXPECT_THAT(after.returned_items(), IsEmpty());
  EXPECT_EQ(Total(after), 3);
  const auto all = ListAll({kAda});
  ASSERT_THAT(all, SizeIs(3));
  int reported = 0;
  for (const v1::Interaction& one : all) {
    reported += one.assurance() == config::v1::ASSURANCE_REPORTED ? 1 : 0;
  }
  EXPECT_EQ(reported, 1);
}

TEST_F(ActivityTest, WhatAFormSaysThatTheBusinessDidCountsInNothing) {
  auto call = Own(v1::KIND_CALL, "c");
  call.mutable_interaction()->set_direction(v1::DIRECTION_OUTBOUND);
  ASSERT_THAT(Record(call, kDemoPublic), IsOk());
  ASSERT_THAT(Record(Own(v1::KIND_AD, "a"), kDemoPublic), IsOk());
  const v1::ActivitySummary said = Summary({kAda});
  EXPECT_FALSE(said.has_last_called_time());
  EXPECT_EQ(said.marketing().last_7_days(), 0);
  EXPECT_EQ(Total(said), 0);
  EXPECT_THAT(ListAll({kAda}), SizeIs(2));
  // What others say still does, and what the customer did.
  call.set_request_id("reported");
  ASSERT_THAT(Record(call), IsOk());
  call.mutable_interaction()->set_direction(v1::DIRECTION_INBOUND);
  call.set_request_id("inbound");
  ASSERT_THAT(Record(call, kDemoPublic), IsOk());
  EXPECT_TRUE(Summary({kAda}).has_last_called_time());
  EXPECT_EQ(Total(Summary({kAda})), 2);
}

TEST_F(ActivityTest, FormsHideNoReturnedItems) {
  auto returned =
      Revision(1, v1::OUTCOME_UNSPECIFIED,
               At(Noon() - absl::Hours(2), Reported(v1::KIND_RETURN, "r")));
  for (int i = 0; i < 20; ++i) {
    returned.mutable_interaction()->add_items()->set_sku("shoe");
  }
  auto older = At(Noon() - absl::Hours(3), Reported(v1::KIND_RETURN, "old"));
  older.mutable_interaction()->add_items()->set_sku("hat");
  ASSERT_THAT(BatchRecord({returned, older}), IsOk());
  std::vector<v1::RecordInteractionRequest> forms;
  for (int i = 0; i < 150; ++i) {
    forms.push_back(Own(v1::KIND_RETURN, absl::StrCat("form-", i)));
    forms.back().mutable_interaction()->add_items()->set_sku("none");
  }
  ASSERT_THAT(BatchRecord(forms, kDemoPublic), IsOk());
  // The newest returns are read again.
  returned = Revision(2, v1::OUTCOME_UNSPECIFIED, returned);
  returned.mutable_interaction()->clear_items();
  returned.mutable_interaction()->add_items()->set_sku("sock");
  ASSERT_THAT(Record(returned), IsOk());
  const auto items = Summary({kAda}).returned_items();
  ASSERT_THAT(items, SizeIs(2));
  EXPECT_EQ(items[0].item().sku(), "sock");
  EXPECT_EQ(items[1].item().sku(), "hat");
}

TEST_F(ActivityTest, AGroupsSumsAddUp) {
  ASSERT_THAT(Record(Outbound(Reported(v1::KIND_CALL, "a", kAda))), IsOk());
  ASSERT_THAT(Record(At(Noon() + absl::Hours(1),
                        Outbound(Reported(v1::KIND_CALL, "b", kBob)))),
              IsOk());
  harness_.clock().Advance(absl::Hours(1));
  const v1::ActivitySummary group = Summary({kAda, kBob, kNobodyKnown, kAda});
  EXPECT_EQ(Total(group), 2) << "an id given twice counts once";
  EXPECT_EQ(base::FromProto(group.last_called_time()), Noon() + absl::Hours(1));
  EXPECT_EQ(base::FromProto(group.counts(0).first_time()), Noon());
}

TEST_F(ActivityTest, AGroupMayBeAsGreatAsThereAre) {
  ASSERT_THAT(Record(Reported(v1::KIND_CALL, "a", kAda)), IsOk());
  ASSERT_THAT(Record(Reported(v1::KIND_CALL, "b", kBob)), IsOk());
  v1::BatchGetActivityRequest request;
  auto* set = request.add_sets();
  set->add_contact_ids(kBob);
  for (int i = 0; i < 9'998; ++i) {
    set->add_contact_ids(base::Uuid::Make(Noon()).ToString());
  }
  set->add_contact_ids(kAda);
  const auto activity = GetActivity(request);
  ASSERT_THAT(activity, IsOk());
  EXPECT_EQ(Total(activity->results(0).summary()), 2);
  EXPECT_THAT(activity->results(0).interactions(), SizeIs(2));
}

TEST_F(ActivityTest, PartsCanBeLeftOut) {
  ASSERT_THAT(Record(Reported(v1::KIND_CALL, "a")), IsOk());
  v1::BatchGetActivityRequest request;
  request.add_sets()->add_contact_ids(kAda);
  request.mutable_read_mask()->add_paths("interactions");
  auto response = GetActivity(request);
  EXPECT_FALSE(response->results(0).has_summary());
  EXPECT_THAT(response->results(0).interactions(), SizeIs(1));
  request.mutable_read_mask()->set_paths(0, "summary");
  response = GetActivity(request);
  EXPECT_TRUE(response->results(0).has_summary());
  EXPECT_THAT(response->results(0).interactions(), IsEmpty());
  request.mutable_read_mask()->add_paths("notes");
  EXPECT_THAT(GetActivity(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "read_mask: \"notes\" is no part"));
}

// The summary as anybody would work it out from the whole list.
struct Recomputed {
  explicit Recomputed(const std::vector<v1::Interaction>& newest_first,
                      absl::Time now) {
    for (const v1::Interaction& one : newest_first) {
      if (base::FromProto(one.occurred_time()) <= now) Add(one, now);
    }
  }

  void Add(const v1::Interaction& one, absl::Time now) {
    const int64_t micros = base::ToMicros(one.occurred_time());
    const bool is_call = one.kind() == v1::KIND_CALL;
    auto& [count, first, last] =
        counts[{one.kind(), one.direction(), is_call ? one.outcome() : 0}];
    last = count++ == 0 ? micros : last;
    first = micros;
    const bool outbound = one.direction() == v1::DIRECTION_OUTBOUND;
    if (is_call && outbound && last_called == 0) last_called = micros;
    if (one.purpose() != v1::PURPOSE_UNSPECIFIED) ++purposes[one.purpose()];
    AddAmounts(one);
    if (one.outcome() != v1::OUTCOME_FAILED &&
        (one.kind() == v1::KIND_AD ||
         (outbound && one.purpose() == v1::PURPOSE_MARKETING))) {
      const int64_t age = DayOf(now) - DayOf(absl::FromUnixMicros(micros));
      for (const int window : {7, 30, 90}) {
        if (age >= 0 && age < window) ++windows[window];
      }
    }
    if (one.kind() != v1::KIND_RETURN) return;
    for (const v1::Item& item : one.items()) {
      if (returned.size() < 20) returned.push_back(item.sku());
    }
  }

  void AddAmounts(const v1::Interaction& one) {
    const auto add = [&](const common::v1::Money& money) {
      auto& [sold, back] = sales[money.currency_code()];
      (one.kind() == v1::KIND_PURCHASE ? sold : back) += money.amount_micros();
    };
    if (one.has_amount()) return add(one.amount());
    for (const v1::Item& item : one.items()) {
      if (item.has_amount()) add(item.amount());
    }
  }

  static int64_t DayOf(absl::Time time) {
    absl::TimeZone zone;
    absl::LoadTimeZone("America/Los_Angeles", &zone);
    return absl::ToCivilDay(time, zone) - absl::CivilDay(1970, 1, 1);
  }

  std::map<std::tuple<int, int, int>, std::tuple<int64_t, int64_t, int64_t>>
      counts;
  std::map<int, int64_t> purposes;
  std::map<std::string, std::pair<int64_t, int64_t>> sales;
  std::map<int, int64_t> windows;
  std::vector<std::string> returned;
  int64_t last_called = 0;
};

void ExpectSame(const v1::ActivitySummary& summary,
                const Recomputed& recomputed) {
  std::map<std::tuple<int, int, int>, std::tuple<int64_t, int64_t, int64_t>>
      counts;
  for (const auto& count : summary.counts()) {
    counts[{count.kind(), count.direction(), count.outcome()}] = {
        count.count(), base::ToMicros(count.first_time()),
        base::ToMicros(count.last_time())};
  }
  EXPECT_EQ(counts, recomputed.counts);
  std::map<int, int64_t> purposes;
  for (const auto& one : summary.purposes()) {
    purposes[one.purpose()] = one.count();
  }
  EXPECT_EQ(purposes, recomputed.purposes);
  std::map<std::string, std::pair<int64_t, int64_t>> sales;
  for (const auto& one : summary.sales()) {
    sales[one.currency_code()] = {one.sold_micros(), one.returned_micros()};
    EXPECT_EQ(one.net_micros(), one.sold_micros() - one.returned_micros());
  }
  EXPECT_EQ(sales, recomputed.sales);
  std::map<int, int64_t> windows = {{7, summary.marketing().last_7_days()},
                                    {30, summary.marketing().last_30_days()},
                                    {90, summary.marketing().last_90_days()}};
  std::erase_if(windows, [](const auto& window) { return window.second == 0; });
  EXPECT_EQ(windows, recomputed.windows);
  std::vector<std::string> returned;
  for (const auto& one : summary.returned_items()) {
    returned.push_back(one.item().sku());
  }
  EXPECT_EQ(returned, recomputed.returned);
  EXPECT_EQ(base::ToMicros(summary.last_called_time()), recomputed.last_called);
}

// Interactions as chance has it: of every kind, of three contacts, at any time
// of the last half year and the next day, and corrections of a few external
// ids.
class Chance {
 public:
  explicit Chance(uint32_t seed) : random_(seed) {}

  v1::RecordInteractionRequest Next(absl::Time now) {
    const char* const contacts[] = {kAda, kBob, kNobodyKnown};
    const int id = Below(120);
    auto request = Reported(static_cast<v1::Kind>(1 + Below(9)),
                            absl::StrCat("x-", id), contacts[id % 3]);
    v1::Interaction& sent = *request.mutable_interaction();
    sent.set_source_revision(++revision_);
    sent.set_direction(static_cast<v1::Direction>(Below(3)));
    sent.set_purpose(static_cast<v1::Purpose>(Below(5)));
    sent.set_outcome(static_cast<v1::Outcome>(Below(5)));
    *sent.mutable_occurred_time() =
        base::ToProto(now + absl::Hours(23) -
                      absl::Hours(Below(2) == 0 ? Below(48) : Below(4'400)));
    if (sent.kind() != v1::KIND_PURCHASE && sent.kind() != v1::KIND_RETURN) {
      return request;
    }
    const char* const currency = Below(2) == 0 ? "EUR" : "USD";
    if (Below(2) != 0) request = Paid(currency, Below(1'000), request);
    for (int items = Below(4); items > 0; --items) {
      v1::Item& item = *request.mutable_interaction()->add_items();
      item.set_sku(absl::StrCat(revision_, "-", items));
      if (Below(2) == 0) continue;
      item.mutable_amount()->set_currency_code(currency);
      item.mutable_amount()->set_amount_micros(Below(1'000));
    }
    return request;
  }

  int Below(int limit) {
    return static_cast<int>(random_() % static_cast<uint32_t>(limit));
  }

 private:
  std::mt19937 random_;
  int64_t revision_ = 0;
};

TEST_F(ActivityTest, TheSummaryIsWhatTheWholeListComesTo) {
  for (const uint32_t seed : {1u, 2u, 3u}) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Chance chance(seed);
    for (int round = 0; round < 12; ++round) {
      std::vector<v1::RecordInteractionRequest> requests;
      for (int i = 0; i < 40; ++i) {
        requests.push_back(chance.Next(harness_.clock().Now()));
        requests.back().mutable_interaction()->set_source(
            absl::StrCat("seed-", seed));
        if (chance.Below(5) == 0) requests.push_back(requests.back());
      }
      const auto response = BatchRecord(requests);
      ASSERT_THAT(response, IsOk());
      for (const auto& result : response->results()) {
        EXPECT_TRUE(result.has_response()) << result.error().message();
      }
      harness_.clock().Advance(absl::Hours(chance.Below(200)));
    }
    const absl::Time now = harness_.clock().Now();
    for (const char* id : {kAda, kBob, kNobodyKnown}) {
      ExpectSame(Summary({id}), Recomputed(ListAll({id}), now));
    }
    ExpectSame(Summary({kAda, kBob, kNobodyKnown}),
               Recomputed(ListAll({kAda, kBob, kNobodyKnown}), now));
  }
}

TEST_F(ActivityTest, AnotherTenantSeesAndTouchesNothing) {
  const auto mine = Own(v1::KIND_CALL, "r-1");
  const auto call = Reported(v1::KIND_CALL, "call-1");
  ASSERT_THAT(Record(mine), IsOk());
  ASSERT_THAT(Record(call), IsOk());
  EXPECT_FALSE(Lookup(mine, kOther)->has_known());
  EXPECT_FALSE(Lookup(call, kOther)->has_known());
  EXPECT_EQ(Lookup(call, kOther)->contact_id(), "");
  v1::BatchFindRecordingsRequest lookups;
  *lookups.add_requests()->mutable_request() = call;
  const auto found = harness_.Call(&Stub::BatchFindRecordings, lookups, kOther);
  EXPECT_FALSE(found->results(0).response().has_known());
  v1::ListInteractionsRequest list;
  list.add_sets()->add_contact_ids(kAda);
  EXPECT_THAT(List(list, kOther)->results(0).interactions(), IsEmpty());
  v1::BatchGetActivityRequest activity;
  activity.add_sets()->add_contact_ids(kAda);
  const auto seen = GetActivity(activity, kOther);
  EXPECT_THAT(seen->results(0).interactions(), IsEmpty());
  EXPECT_EQ(Total(seen->results(0).summary()), 0);
  // The same keys and the same contact id mean something else there.
  EXPECT_EQ(Record(mine, kOther)->outcome(), v1::RECORD_OUTCOME_RECORDED);
  EXPECT_EQ(BatchRecord({call}, kOther)->results(0).response().outcome(),
            v1::RECORD_OUTCOME_RECORDED);
  EXPECT_EQ(Total(Summary({kAda})), 2);
  EXPECT_EQ(Total(Summary({kAda}, kOther)), 2);
}

}  // namespace
}  // namespace kith::interactions
