// ListInteractions, and the cost of what it reads.

#include "interactions-svc/activity/timeline.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/mysql/transaction.h"
#include "gmock/gmock.h"
#include "interactions-svc/activity/interaction_row.h"
#include "interactions-svc/interaction_store.h"
#include "interactions-svc/interactions_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class TimelineTest : public InteractionsTest {
 protected:
  // `count` notes and calls of two contacts, several at each minute.
  void Fill(int count) {
    std::vector<v1::RecordInteractionRequest> requests;
    for (int i = 0; i < count; ++i) {
      const v1::Kind kind = i % 3 == 0 ? v1::KIND_CALL : v1::KIND_NOTE;
      auto request =
          At(Noon() - absl::Minutes(i / 7 * 7 % 11),
             Reported(kind, absl::StrCat("x-", i), i % 2 == 0 ? kAda : kBob));
      if (i % 4 == 0) {
        request.mutable_interaction()->set_identity_key(kIdentity);
      }
      requests.push_back(request);
    }
    const auto response = BatchRecord(requests);
    ASSERT_THAT(response, IsOk());
    for (const auto& result : response->results()) {
      ASSERT_TRUE(result.has_response());
    }
  }

  static void ExpectNewestFirst(const std::vector<v1::Interaction>& timeline) {
    const auto newer = [](const v1::Interaction& a, const v1::Interaction& b) {
      return std::tuple(base::ToMicros(a.occurred_time()), a.interaction_id()) >
             std::tuple(base::ToMicros(b.occurred_time()), b.interaction_id());
    };
    EXPECT_TRUE(std::is_sorted(timeline.begin(), timeline.end(), newer));
    std::set<std::string> ids;
    for (const auto& interaction : timeline) {
      ids.insert(interaction.interaction_id());
    }
    EXPECT_EQ(ids.size(), timeline.size()) << "repeats";
  }

  static v1::ListInteractionsRequest OfAda(int32_t page_size) {
    v1::ListInteractionsRequest request;
    request.set_page_size(page_size);
    request.add_sets()->add_contact_ids(kAda);
    return request;
  }
};

TEST_F(TimelineTest, PagesOfAGroupHaveNoGapsAndNoRepeats) {
  Fill(60);
  for (const int32_t size : {1, 2, 7, 29, 30, 60, 500}) {
    const auto timeline = ListAll({kAda, kBob}, size);
    EXPECT_THAT(timeline, SizeIs(60)) << "pages of " << size;
    ExpectNewestFirst(timeline);
  }
  EXPECT_THAT(ListAll({kBob}, 7), SizeIs(30));
  EXPECT_THAT(ListAll({kAda, kAda}, 7), SizeIs(30)) << "an id given twice";
}

TEST_F(TimelineTest, EachRowNamesItsMember) {
  Fill(4);
  for (const auto& interaction : ListAll({kAda})) {
    EXPECT_EQ(interaction.contact_id(), kAda);
  }
}

TEST_F(TimelineTest, FiltersByKind) {
  Fill(60);
  v1::ListInteractionsRequest calls;
  calls.set_kind(v1::KIND_CALL);
  const auto timeline = ListAll({kAda, kBob}, 3, calls);
  EXPECT_THAT(timeline, SizeIs(20));
  ExpectNewestFirst(timeline);
  for (const auto& call : timeline) EXPECT_EQ(call.kind(), v1::KIND_CALL);
}

TEST_F(TimelineTest, FiltersByIdentity) {
  Fill(60);
  v1::ListInteractionsRequest by_identity;
  by_identity.set_identity_key(kIdentity);
  const auto timeline = ListAll({kAda, kBob}, 4, by_identity);
  EXPECT_THAT(timeline, SizeIs(15));
  ExpectNewestFirst(timeline);
  for (const auto& one : timeline) EXPECT_EQ(one.identity_key(), kIdentity);
}

TEST_F(TimelineTest, LateEventsFindTheirPlace) {
  Fill(10);
  ASSERT_THAT(
      Record(At(Noon() - absl::Hours(9'000), Own(v1::KIND_NOTE, "late"))),
      IsOk());
  const auto timeline = ListAll({kAda, kBob}, 3);
  ASSERT_THAT(timeline, SizeIs(11));
  EXPECT_EQ(base::FromProto(timeline.back().occurred_time()),
            Noon() - absl::Hours(9'000));
}

TEST_F(TimelineTest, WhatIsRecordedBetweenPagesDoesNotDisturb) {
  Fill(40);
  auto request = OfAda(5);
  const auto first = List(request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(Record(At(Noon() + absl::Hours(1), Own(v1::KIND_NOTE, "new"))),
              IsOk());
  request.mutable_sets(0)->set_page_token(first->results(0).next_page_token());
  const auto second = List(request);
  ASSERT_THAT(second, IsOk());
  std::set<std::string> ids;
  for (const auto& response : {*first, *second}) {
    for (const auto& one : response.results(0).interactions()) {
      ids.insert(one.interaction_id());
    }
  }
  EXPECT_THAT(ids, SizeIs(10));
}

TEST_F(TimelineTest, PageSizesAreStandardAndBounded) {
  Fill(60);
  EXPECT_THAT(List(OfAda(0))->results(0).interactions(), SizeIs(20));
  EXPECT_THAT(List(OfAda(100'000))->results(0).interactions(), SizeIs(30));
}

TEST_F(TimelineTest, SetsAreAnsweredInTheirOrder) {
  Fill(10);
  v1::ListInteractionsRequest request;
  request.add_sets()->add_contact_ids(kBob);
  request.add_sets()->add_contact_ids("0192f0c1-2a3b-7c4d-8e5f-ffffffffffff");
  request.add_sets()->add_contact_ids(kAda);
  const auto response = List(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->results(0).interactions(0).contact_id(), kBob);
  EXPECT_THAT(response->results(1).interactions(), IsEmpty());
  EXPECT_EQ(response->results(2).interactions(0).contact_id(), kAda);
}

TEST_F(TimelineTest, ATokenIsBoundToItsRequest) {
  Fill(40);
  auto request = OfAda(3);
  const std::string token = List(request)->results(0).next_page_token();
  request.mutable_sets(0)->set_page_token(token);
  EXPECT_THAT(List(request), IsOk());
  request.set_page_size(7);
  EXPECT_THAT(List(request), IsOk()) << "the size may change";
  EXPECT_THAT(List(request, testing::kOther),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
  auto filtered = request;
  filtered.set_kind(v1::KIND_CALL);
  EXPECT_THAT(List(filtered), StatusIs(StatusCode::kInvalidArgument));
  request.mutable_sets(0)->add_contact_ids(kBob);
  EXPECT_THAT(List(request), StatusIs(StatusCode::kInvalidArgument));
  request.mutable_sets(0)->set_page_token("made up");
  EXPECT_THAT(List(request), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(TimelineTest, ActivityGivesTheFirstPageAndATokenForTheNext) {
  Fill(40);
  v1::BatchGetActivityRequest activity;
  activity.set_page_size(3);
  auto* set = activity.add_sets();
  set->add_contact_ids(kBob);
  set->add_contact_ids(kAda);
  const auto first = GetActivity(activity);
  ASSERT_THAT(first, IsOk());
  v1::ListInteractionsRequest rest;
  rest.set_page_size(500);
  *rest.add_sets() = *set;
  rest.mutable_sets(0)->set_page_token(first->results(0).next_page_token());
  const auto second = List(rest);
  ASSERT_THAT(second, IsOk());
  std::vector<v1::Interaction> timeline(
      first->results(0).interactions().begin(),
      first->results(0).interactions().end());
  timeline.insert(timeline.end(), second->results(0).interactions().begin(),
                  second->results(0).interactions().end());
  EXPECT_THAT(timeline, SizeIs(40));
  ExpectNewestFirst(timeline);
}

TEST_F(TimelineTest, APageOfLongTextsIsCutToWhatAMessageHolds) {
  std::vector<v1::RecordInteractionRequest> requests;
  for (int i = 0; i < 100; ++i) {
    auto request = Reported(v1::KIND_EMAIL, absl::StrCat("mail-", i));
    request.mutable_interaction()->set_body(std::string(50'000, 'x'));
    requests.push_back(request);
    if (requests.size() < 50) continue;
    ASSERT_THAT(BatchRecord(requests), IsOk());
    requests.clear();
  }
  const auto page = List(OfAda(500));
  ASSERT_THAT(page, IsOk());
  EXPECT_LT(page->results(0).interactions_size(), 100);
  EXPECT_LT(page->ByteSizeLong(), size_t{4} << 20);
  EXPECT_THAT(ListAll({kAda}), SizeIs(100));
}

// Many contacts, each with many long bodies.
class LargeTimelinesTest : public TimelineTest {
 protected:
  static constexpr int kContacts = 36;
  static constexpr int kEach = 18;

  static std::string Contact(int i) {
    return absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-6071829300", 10 + i);
  }

  void SetUp() override {
    const std::string body(50'000, 'x');
    for (int i = 0; i < kContacts; ++i) {
      std::vector<v1::RecordInteractionRequest> batch;
      for (int n = 0; n < kEach; ++n) {
        batch.push_back(
            Own(v1::KIND_NOTE, absl::StrCat("r-", i, "-", n), Contact(i)));
        batch.back().mutable_interaction()->set_body(body);
      }
      ASSERT_THAT(BatchRecord(batch), IsOk());
    }
  }
};

TEST_F(LargeTimelinesTest, OnceAnAnswerIsFullNoBodiesAreRead) {
  mysql::Session session(harness_.database().options());
  ASSERT_THAT(session.ExecuteText("FLUSH STATUS"), IsOk());
  const mysql::TenantTx tx(session, 1, Noon());
  std::vector<TimelineSet> sets;
  for (int i = 0; i < kContacts; ++i) {
    sets.push_back({{*base::Uuid::Parse(Contact(i))}, Location::Newest()});
  }
  const auto pages = ReadTimelinePages(tx, sets, {}, kEach);
  ASSERT_THAT(pages, IsOk());
  size_t shown = 0;
  for (const TimelinePage& page : *pages) {
    shown += page.interactions.size();
    EXPECT_EQ(page.next.has_value(), page.interactions.size() < kEach);
  }
  EXPECT_GT(shown, size_t{kEach});
  // The first 16 contacts, which are read at once, and a row for each other.
  EXPECT_LT(RowsRead(session), kContacts * (kEach + 1) / 2);
}

TEST_F(LargeTimelinesTest, EachContactSaysThatItsPageIsCutShort) {
  v1::BatchGetActivityRequest request;
  for (int i = 0; i < kContacts; ++i) {
    request.add_sets()->add_contact_ids(Contact(i));
  }
  const auto activity = GetActivity(request);
  ASSERT_THAT(activity, IsOk());
  EXPECT_LE(activity->ByteSizeLong(), kAnswerBytes + 100'000);
  for (const auto& result : activity->results()) {
    EXPECT_EQ(result.next_page_token().empty(),
              result.interactions_size() == kEach);
    EXPECT_EQ(Total(result.summary()), kEach);
  }
}

// What BatchGetActivity shows comes from the row of the summary, and what
// ListInteractions shows from the rows of the interactions.
class RecentTimelineTest : public TimelineTest {
 protected:
  int64_t RowsOfView(const std::string& contact) {
    mysql::Session session(harness_.database().options());
    EXPECT_THAT(session.ExecuteText("FLUSH STATUS"), IsOk());
    const mysql::TenantTx tx(session, 1, Noon());
    EXPECT_THAT(InteractionStore().GetActivity(
                    tx, {{{*base::Uuid::Parse(contact)}, Location::Newest()}},
                    {.summary = false, .interactions = true, .page_size = 20}),
                IsOk());
    return RowsRead(session);
  }
};

TEST_F(RecentTimelineTest, WhatIsKeptIsWhatIsStoredWhateverWasCorrected) {
  std::mt19937_64 random(9);
  std::map<std::string, int64_t> revisions;
  for (int step = 0; step < 150; ++step) {
    const std::string id = absl::StrCat("x-", random() % 60);
    auto request =
        At(Noon() - absl::Minutes(random() % 500),
           Reported(v1::KIND_NOTE, id, random() % 2 == 0 ? kAda : kBob));
    request.mutable_interaction()->set_source_revision(++revisions[id]);
    request.mutable_interaction()->set_body(
        std::string(random() % 5 == 0 ? 3'000 : 10, 'x'));
    ASSERT_THAT(Record(request), IsOk());
    const auto size = static_cast<int32_t>(1 + random() % 25);
    ExpectViewAsListed({kAda}, size);
    ExpectViewAsListed({kAda, kBob}, size);
  }
}

TEST_F(RecentTimelineTest, AViewReadsOneRow) {
  Fill(300);
  EXPECT_LE(RowsOfView(kAda), 2);
}

TEST_F(RecentTimelineTest, ARowFromBeforeTheColumnIsReadAsBefore) {
  Fill(60);
  harness_.database().Execute("UPDATE summaries SET recent = NULL");
  EXPECT_GE(RowsOfView(kAda), 21);
  ExpectViewAsListed({kAda, kBob}, 20);
  // The next change brings it up to date.
  ASSERT_THAT(Record(At(Noon(), Reported(v1::KIND_NOTE, "new", kAda))), IsOk());
  EXPECT_LE(RowsOfView(kAda), 2);
  ExpectViewAsListed({kAda, kBob}, 20);
}

TEST_F(RecentTimelineTest, WhatAnOlderProgramHasChangedSinceIsSeen) {
  Fill(60);
  // It knows nothing of the column.
  harness_.database().Execute("DELETE FROM interactions WHERE kind = 1");
  harness_.database().Execute("UPDATE summaries SET version = version + 1");
  ExpectViewAsListed({kAda}, 20);
  ASSERT_THAT(Record(At(Noon(), Reported(v1::KIND_NOTE, "new", kAda))), IsOk());
  EXPECT_LE(RowsOfView(kAda), 2);
  ExpectViewAsListed({kAda}, 20);
}

class TimelineCostTest : public TimelineTest {
 protected:
  void SetUp() override {
    v1::Interaction interaction;
    interaction.set_contact_id(kAda);
    interaction.set_identity_key(kIdentity);
    ASSERT_THAT(mysql::Transact(session_, absl::InfiniteFuture(),
                                [&]() -> absl::Status {
                                  for (int i = 0; i < 3'000; ++i) {
                                    if (absl::Status s = Add(i, interaction);
                                        !s.ok()) {
                                      return s;
                                    }
                                  }
                                  return absl::OkStatus();
                                }),
                IsOk());
  }

  absl::Status Add(int i, v1::Interaction& interaction) {
    interaction.set_interaction_id(base::Uuid::Make(Noon()).ToString());
    interaction.set_kind(i % 100 == 0 ? v1::KIND_CALL : v1::KIND_NOTE);
    *interaction.mutable_occurred_time() =
        base::ToProto(Noon() + absl::Seconds(i));
    return InsertInteraction(tx_, interaction, {});
  }

  template <typename Read>
  int64_t CostOf(Read read) {
    EXPECT_THAT(session_.ExecuteText("FLUSH STATUS"), IsOk());
    read();
    return RowsRead(session_);
  }

  mysql::Session session_{harness_.database().options()};
  const mysql::TenantTx tx_{session_, 1, Noon()};
};

TEST_F(TimelineCostTest, APageIsOneSeekHoweverLongTheHistory) {
  const base::Uuid ada = *base::Uuid::Parse(kAda);
  Location middle = Location::Newest();
  middle.occurred_micros = absl::ToUnixMicros(Noon() + absl::Seconds(1'500));
  TimelineFilter calls;
  calls.kind = v1::KIND_CALL;
  TimelineFilter by_identity;
  by_identity.identity_key = kIdentity;
  for (const TimelineFilter& filter : {TimelineFilter(), calls, by_identity}) {
    for (const Location& after : {Location::Newest(), middle}) {
      const int64_t rows = CostOf([&] {
        const auto pages = ReadTimelinePages(tx_, {{{ada}, after}}, filter, 10);
        ASSERT_THAT(pages, IsOk());
        EXPECT_THAT(pages->front().interactions, SizeIs(10));
      });
      EXPECT_LT(rows, 60) << "kind " << filter.kind;
    }
  }
}

TEST_F(TimelineCostTest, AFirstOrLastTimeIsOneSeek) {
  v1::Interaction call;
  call.set_contact_id(kAda);
  call.set_kind(v1::KIND_CALL);
  const int64_t rows = CostOf([&] {
    EXPECT_EQ(**FirstMicros(tx_, call), absl::ToUnixMicros(Noon()));
    EXPECT_EQ(**LastMicros(tx_, call, INT64_MAX),
              absl::ToUnixMicros(Noon() + absl::Seconds(2'900)));
  });
  EXPECT_LT(rows, 20);
}

}  // namespace
}  // namespace kith::interactions
