#include "interactions-svc/action_validation.h"

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::StatusIs;

// White space, a character without a width.
constexpr const char* kBlankTexts[] = {" ", "\n", "\xE2\x80\x8B"};

template <typename Request>
void ExpectFault(const Request& request, const std::string& fault) {
  EXPECT_THAT(Validate(request, absl::UnixEpoch()),
              StatusIs(StatusCode::kInvalidArgument, fault));
}

TEST(ActionValidationTest, TextsForPeopleAreNotBlank) {
  v1::CreateActionRequest create;
  v1::DismissActionsRequest dismiss;
  v1::LeaseActionsRequest lease;
  v1::ReleaseActionsRequest release;
  ExpectFault(create, "action.reason.text: not set, want what is to be done");
  ExpectFault(dismiss, "note: not set, want why");
  for (const char* blank : kBlankTexts) {
    create.mutable_action()->mutable_reason()->set_text(blank);
    ExpectFault(create, "action.reason.text: blank");
    dismiss.set_note(blank);
    ExpectFault(dismiss, "note: blank");
    lease.set_take_over_reason(blank);
    ExpectFault(lease, "take_over_reason: blank");
    release.set_skip_reason(blank);
    ExpectFault(release, "skip_reason: blank");
  }
}

TEST(ActionValidationTest, PeopleHaveANameInOneLine) {
  v1::SnoozeActionsRequest snooze;
  v1::ReassignActionsRequest reassign;
  v1::CreateActionRequest create;
  for (const char* blank : kBlankTexts) {
    snooze.set_agent(blank);
    ExpectFault(snooze, "agent: blank");
    reassign.set_assignee(blank);
    ExpectFault(reassign, "assignee: blank");
    create.mutable_action()->set_assignee(blank);
    ExpectFault(create, "action.assignee: blank");
  }
  snooze.set_agent("a\nb");
  ExpectFault(snooze, "agent: has a control character");
  reassign.set_assignee("a\nb");
  ExpectFault(reassign, "assignee: has a control character");
}

}  // namespace
}  // namespace kith::interactions
