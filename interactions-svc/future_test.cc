// BatchGetActivity: what occurs later counts once its time has come.

#include "interactions-svc/activity/future.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "interactions-svc/interactions_fixture.h"

namespace kith::interactions {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::kith::testing::IsOk;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FutureTest : public InteractionsTest {
 protected:
  static v1::RecordInteractionRequest CallAt(absl::Duration after_noon,
                                             absl::string_view id,
                                             const char* contact_id = kAda) {
    return At(Noon() + after_noon,
              Outbound(Reported(v1::KIND_CALL, id, contact_id)));
  }
};

// mautic/mautic#4709.
TEST_F(FutureTest, LastCalledIsNotInTheTimeToCome) {
  ASSERT_THAT(Record(CallAt(-absl::Hours(48), "past")), IsOk());
  ASSERT_THAT(Record(CallAt(absl::Hours(9), "later")), IsOk());
  const auto last_called = [&] {
    return base::FromProto(Summary({kAda}).last_called_time());
  };
  EXPECT_EQ(last_called(), Noon() - absl::Hours(48));
  EXPECT_EQ(Total(Summary({kAda})), 1);
  harness_.clock().Advance(absl::Hours(9) - absl::Microseconds(1));
  EXPECT_EQ(last_called(), Noon() - absl::Hours(48));
  harness_.clock().Advance(absl::Microseconds(1));
  EXPECT_EQ(last_called(), Noon() + absl::Hours(9));
  EXPECT_EQ(Total(Summary({kAda})), 2);
}

TEST_F(FutureTest, WhoseOnlyInteractionIsToComeHasNone) {
  ASSERT_THAT(Record(CallAt(absl::Hours(9), "later")), IsOk());
  const v1::ActivitySummary summary = Summary({kAda});
  EXPECT_FALSE(summary.has_last_called_time());
  EXPECT_THAT(summary.counts(), IsEmpty());
}

// Each part of a summary: with the interaction of each row recorded ahead, the
// summary is as if it was not recorded; from its time on, as if it was in time.
struct PartCase {
  const char* name;
  v1::Kind kind;
  v1::Direction direction;
  v1::Purpose purpose;
};

const PartCase kPartCases[] = {
    {"Call", v1::KIND_CALL, v1::DIRECTION_OUTBOUND, v1::PURPOSE_SERVICE},
    {"CallOfTheirs", v1::KIND_CALL, v1::DIRECTION_INBOUND, v1::PURPOSE_SALES},
    {"Marketing", v1::KIND_EMAIL, v1::DIRECTION_OUTBOUND,
     v1::PURPOSE_MARKETING},
    {"Ad", v1::KIND_AD, v1::DIRECTION_UNSPECIFIED, v1::PURPOSE_UNSPECIFIED},
    {"Purchase", v1::KIND_PURCHASE, v1::DIRECTION_INBOUND,
     v1::PURPOSE_TRANSACTION},
    {"Return", v1::KIND_RETURN, v1::DIRECTION_INBOUND, v1::PURPOSE_TRANSACTION},
};

v1::RecordInteractionRequest RequestOf(const PartCase& one, absl::Time time,
                                       const std::string& id,
                                       const char* contact_id) {
  auto request = At(time, Reported(one.kind, id, contact_id));
  v1::Interaction& sent = *request.mutable_interaction();
  sent.set_direction(one.direction);
  sent.set_purpose(one.purpose);
  if (one.kind == v1::KIND_PURCHASE || one.kind == v1::KIND_RETURN) {
    request = Paid("EUR", 7, request);
    request.mutable_interaction()->add_items()->set_sku("shoe");
  }
  return request;
}

TEST_F(FutureTest, EachPartCountsWhatHasOccurred) {
  int id = 0;
  const auto record = [&](const PartCase& one, absl::Duration after_noon,
                          const char* contact_id) {
    ASSERT_THAT(Record(RequestOf(one, Noon() + after_noon, absl::StrCat(++id),
                                 contact_id)),
                IsOk());
  };
  // Both have the same past; what is Ada's in the future, Bob never gets.
  for (const PartCase& one : kPartCases) {
    record(one, -absl::Hours(1), kAda);
    record(one, -absl::Hours(1), kBob);
  }
  for (const PartCase& one : kPartCases) {
    record(one, absl::Hours(2), kAda);
    record(one, absl::Hours(3), kAda);
  }
  const auto same = [&] {
    v1::ActivitySummary ada = Summary({kAda});
    v1::ActivitySummary bob = Summary({kBob});
    for (v1::ActivitySummary* each : {&ada, &bob}) {
      for (auto& item : *each->mutable_returned_items()) {
        item.clear_interaction_id();
      }
    }
    MessageDifferencer differencer;
    std::string difference;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(bob, ada)) << difference;
  };
  same();
  for (const PartCase& one : kPartCases) record(one, absl::Hours(2), kBob);
  harness_.clock().Advance(absl::Hours(2));
  same();
  for (const PartCase& one : kPartCases) record(one, absl::Hours(3), kBob);
  harness_.clock().Advance(absl::Hours(1));
  same();
}

TEST_F(FutureTest, AGroupCountsWhatHasOccurred) {
  ASSERT_THAT(Record(CallAt(-absl::Hours(1), "a", kAda)), IsOk());
  ASSERT_THAT(Record(CallAt(absl::Hours(1), "b", kAda)), IsOk());
  ASSERT_THAT(Record(CallAt(absl::Hours(2), "c", kBob)), IsOk());
  EXPECT_EQ(Total(Summary({kAda, kBob})), 1);
  harness_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(Total(Summary({kAda, kBob})), 2);
  harness_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(Total(Summary({kAda, kBob})), 3);
}

TEST_F(FutureTest, OlderReturnedItemsStandInForThoseToCome) {
  std::vector<v1::RecordInteractionRequest> returns;
  for (int i = -20; i < 15; ++i) {
    returns.push_back(At(Noon() + absl::Minutes(i),
                         Reported(v1::KIND_RETURN, absl::StrCat("r", i))));
    returns.back().mutable_interaction()->add_items()->set_sku(absl::StrCat(i));
  }
  ASSERT_THAT(BatchRecord(returns), IsOk());
  const v1::ActivitySummary summary = Summary({kAda});
  ASSERT_THAT(summary.returned_items(), SizeIs(20));
  EXPECT_EQ(summary.returned_items(0).item().sku(), "0");
  EXPECT_EQ(summary.returned_items(19).item().sku(), "-19");
}

TEST_F(FutureTest, MoreThanAPageMayBeToCome) {
  std::vector<v1::RecordInteractionRequest> calls;
  for (int i = -10; i < 250; ++i) {
    calls.push_back(CallAt(absl::Seconds(i), absl::StrCat(i)));
  }
  ASSERT_THAT(BatchRecord(calls), IsOk());
  EXPECT_EQ(Total(Summary({kAda})), 11) << "the one of now has occurred";
  EXPECT_EQ(base::FromProto(Summary({kAda}).last_called_time()), Noon());
}

TEST_F(FutureTest, ACorrectionMayPutItOffOrBringItForward) {
  const auto revision = [&](int64_t number, absl::Duration after_noon) {
    return Revision(number, v1::OUTCOME_ANSWERED, CallAt(after_noon, "call"));
  };
  ASSERT_THAT(Record(revision(1, -absl::Hours(1))), IsOk());
  ASSERT_THAT(Record(revision(2, absl::Hours(5))), IsOk());
  EXPECT_EQ(Total(Summary({kAda})), 0);
  ASSERT_THAT(Record(revision(3, -absl::Hours(2))), IsOk());
  EXPECT_EQ(base::FromProto(Summary({kAda}).last_called_time()),
            Noon() - absl::Hours(2));
}

TEST_F(FutureTest, ReadersSeeWholeSummariesWhileOthersWrite) {
  ASSERT_THAT(Record(CallAt(-absl::Hours(1), "past")), IsOk());
  std::thread writer([&] {
    for (int i = 1; i <= 100; ++i) {
      const auto moved = Revision(i, v1::OUTCOME_UNSPECIFIED,
                                  CallAt(absl::Minutes(i), "moving"));
      ASSERT_THAT(Record(moved), IsOk());
    }
  });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Total(Summary({kAda})), 1);
  writer.join();
}

}  // namespace
}  // namespace kith::interactions
