#include "gateway/hooks/journal/journal_flow.h"

#include <string>

#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using Stub = v1::GatewayService::Stub;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class JournalFlowTest : public ::testing::Test {
 protected:
  GatewayHarness gateway_;
};

TEST_F(JournalFlowTest, AnEntryIsReadWithItsBodyByTheKeyOfTheCaller) {
  gateway_.interactions.get_entry = [](const auto& request, auto& response) {
    response.set_entry_id(request.entry_id());
    response.set_body("a=1");
    return absl::OkStatus();
  };
  v1::GetEntryRequest request;
  request.set_entry_id(kAda);
  const auto entry = gateway_.Call(&Stub::GetEntry, request);
  ASSERT_THAT(entry.status(), IsOk());
  EXPECT_EQ(entry->entry_id(), kAda);
  EXPECT_EQ(entry->body(), "a=1");
  EXPECT_EQ(gateway_.record.metadata("authorization"),
            testing::Authorization(testing::kDemo));
}

TEST_F(JournalFlowTest, TheFilterAndThePageGoOnToTheService) {
  gateway_.interactions.list_entries = [](const auto& request, auto& response) {
    EXPECT_EQ(request.filter().state(), interactions::v1::ENTRY_STATE_FAILED);
    EXPECT_EQ(request.filter().source(), "form");
    EXPECT_EQ(request.page_size(), 7);
    EXPECT_EQ(request.page_token(), "here");
    response.add_entries()->set_entry_id(kAda);
    response.set_next_page_token("there");
    return absl::OkStatus();
  };
  v1::ListEntriesRequest request;
  request.mutable_filter()->set_state(interactions::v1::ENTRY_STATE_FAILED);
  request.mutable_filter()->set_source("form");
  request.set_page_size(7);
  request.set_page_token("here");
  const auto listed = gateway_.Call(&Stub::ListEntries, request);
  ASSERT_THAT(listed.status(), IsOk());
  ASSERT_THAT(listed->entries(), SizeIs(1));
  EXPECT_EQ(listed->entries(0).entry_id(), kAda);
  EXPECT_EQ(listed->next_page_token(), "there");
}

TEST_F(JournalFlowTest, AReplaySaysWhatItReplaysOrWould) {
  gateway_.interactions.replay_entries = [](const auto& request,
                                            auto& response) {
    EXPECT_EQ(request.filter().failure(),
              interactions::v1::ENTRY_FAILURE_MAPPING);
    EXPECT_TRUE(request.dry_run());
    EXPECT_EQ(request.page_size(), 7);
    EXPECT_EQ(request.page_token(), "here");
    response.add_entry_ids(kAda);
    response.set_next_page_token("there");
    return absl::OkStatus();
  };
  v1::ReplayEntriesRequest request;
  request.mutable_filter()->set_failure(
      interactions::v1::ENTRY_FAILURE_MAPPING);
  request.set_dry_run(true);
  request.set_page_size(7);
  request.set_page_token("here");
  const auto replayed = gateway_.Call(&Stub::ReplayEntries, request);
  ASSERT_THAT(replayed.status(), IsOk());
  EXPECT_THAT(replayed->entry_ids(), ElementsAre(kAda));
  EXPECT_EQ(replayed->next_page_token(), "there");
}

TEST_F(JournalFlowTest, WhoDiscardsAnEntrySaysWhy) {
  gateway_.interactions.discard_entry = [](const auto& request,
                                           auto& response) {
    response.set_entry_id(request.entry_id());
    response.set_reason(request.reason());
    response.set_discarded_by(request.agent());
    return absl::OkStatus();
  };
  v1::DiscardEntryRequest request;
  request.set_entry_id(kAda);
  request.set_reason("spam");
  request.set_agent("Dana");
  const auto entry = gateway_.Call(&Stub::DiscardEntry, request);
  ASSERT_THAT(entry.status(), IsOk());
  EXPECT_EQ(entry->entry_id(), kAda);
  EXPECT_EQ(entry->reason(), "spam");
  EXPECT_EQ(entry->discarded_by(), "Dana");
}

TEST_F(JournalFlowTest, ErrorsOfTheServiceAreThoseOfTheCaller) {
  absl::Status refused = absl::FailedPreconditionError("it is DONE");
  gateway_.interactions.get_entry = [&](const auto& /*request*/,
                                        auto& /*response*/) { return refused; };
  gateway_.interactions.list_entries =
      [&](const auto& /*request*/, auto& /*response*/) { return refused; };
  gateway_.interactions.replay_entries =
      [&](const auto& /*request*/, auto& /*response*/) { return refused; };
  gateway_.interactions.discard_entry =
      [&](const auto& /*request*/, auto& /*response*/) { return refused; };
  const auto is_refused = StatusIs(refused.code(), "it is DONE");
  EXPECT_THAT(gateway_.Call(&Stub::GetEntry, v1::GetEntryRequest()).status(),
              is_refused);
  EXPECT_THAT(
      gateway_.Call(&Stub::ListEntries, v1::ListEntriesRequest()).status(),
      is_refused);
  EXPECT_THAT(
      gateway_.Call(&Stub::ReplayEntries, v1::ReplayEntriesRequest()).status(),
      is_refused);
  EXPECT_THAT(
      gateway_.Call(&Stub::DiscardEntry, v1::DiscardEntryRequest()).status(),
      is_refused);
}

}  // namespace
}  // namespace kith::gateway
