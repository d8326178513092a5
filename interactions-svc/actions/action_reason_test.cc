#include "interactions-svc/actions/action_reason.h"

#include <string>
#include <utility>
#include <vector>

#include "common/base/times.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using internal::v1::StoredAction;

// Wednesday, 10:00 in Berlin.
absl::Time Now() {
  return absl::FromCivil(absl::CivilSecond(2026, 6, 17, 8, 0, 0),
                         absl::UTCTimeZone());
}

absl::TimeZone Berlin() {
  absl::TimeZone zone;
  absl::LoadTimeZone("Europe/Berlin", &zone);
  return zone;
}

StoredAction Because(
    const std::string& code,
    const std::vector<std::pair<std::string, std::string>>& parameters,
    absl::Duration ago) {
  StoredAction stored;
  v1::Action& action = *stored.mutable_action();
  action.set_kind(config::v1::ACTION_KIND_REPLY);
  *action.mutable_opened_time() = base::ToProto(Now() - ago);
  action.mutable_reason()->set_code(code);
  for (const auto& [name, value] : parameters) {
    (*action.mutable_reason()->mutable_parameters())[name] = value;
  }
  return stored;
}

std::string Say(const StoredAction& stored) {
  return ShowAction(stored, Now(), Berlin()).reason().text();
}

TEST(ActionReasonTest, SaysWhyInASentence) {
  const absl::Duration hour = absl::Hours(1);
  const std::vector<std::pair<StoredAction, std::string>> cases = {
      {Because("CUSTOMER_WRITES", {{"kind", "e-mail"}}, hour),
       "Wrote by e-mail today at 09:00, and waits for an answer"},
      {Because("CUSTOMER_WRITES", {{"kind", "call"}}, 11 * hour),
       "Called yesterday, and waits for an answer"},
      {Because("CUSTOMER_WRITES", {}, 48 * hour),
       "Got in touch on Monday, and waits for an answer"},
      {Because("REOPENED", {}, 240 * hour),
       "Came back on 7 June 2026 to what was resolved"},
      {Because("PROBLEM_AGAIN", {{"count", "3"}, {"topic", "delivery"}}, hour),
       "Has a problem about delivery for the third time"},
      {Because("PROBLEM_AGAIN", {{"count", "4"}}, hour),
       "Has a problem for the 4th time"},
      {Because("CALLED", {{"count", "1"}}, hour),
       "Called today at 09:00; nobody answered"},
      {Because("CALLED", {{"count", "2"}}, 24 * hour),
       "Called twice, last yesterday; nobody answered"},
      {Because("VOICEMAIL", {{"count", "5"}}, 24 * hour),
       "Called 5 times, last yesterday, and left a message; nobody answered"},
      {Because("LEAD", {{"topic", "solar"}}, 24 * hour),
       "Is interested in solar since yesterday; nobody has answered"},
  };
  for (const auto& [stored, text] : cases) EXPECT_EQ(Say(stored), text);
}

TEST(ActionReasonTest, WhatAPersonHasSaidStays) {
  StoredAction stored = Because("SAID", {}, absl::Hours(1));
  stored.mutable_action()->mutable_reason()->set_text("Call Ada");
  EXPECT_EQ(Say(stored), "Call Ada");
}

TEST(ActionReasonTest, AReplyPastTheDueTimeOfItsProblemIsASolve) {
  StoredAction stored =
      Because("CUSTOMER_WRITES", {{"topic", "delivery"}}, absl::Hours(1));
  stored.set_solve_micros(absl::ToUnixMicros(Now()));
  const v1::Action now = ShowAction(stored, Now(), Berlin());
  EXPECT_EQ(now.kind(), config::v1::ACTION_KIND_SOLVE);
  EXPECT_EQ(now.reason().text(),
            "The problem about delivery should have been solved today at "
            "10:00");
  EXPECT_EQ(ShowAction(stored, Now() - absl::Seconds(1), Berlin()).kind(),
            config::v1::ACTION_KIND_REPLY);
}

TEST(ActionReasonTest, TheLastOfSeveralCallsIsNamed) {
  StoredAction stored = Because("CALLED", {}, absl::Hours(48));
  stored.mutable_action()->set_kind(config::v1::ACTION_KIND_CALL_BACK);
  for (const int hours : {48, 24}) {
    stored.add_causes()->set_occurred_micros(
        absl::ToUnixMicros(Now() - absl::Hours(hours)));
  }
  stored.set_cause_count(2);
  SetReasonByCauses(stored);
  EXPECT_EQ(Say(stored), "Called twice, last yesterday; nobody answered");
}

}  // namespace
}  // namespace kith::interactions
