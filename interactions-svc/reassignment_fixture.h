#ifndef KITH_INTERACTIONS_SVC_REASSIGNMENT_FIXTURE_H_
#define KITH_INTERACTIONS_SVC_REASSIGNMENT_FIXTURE_H_

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "interactions-svc/actions_fixture.h"

namespace kith::interactions {

// What the tests of moves from contact to contact share.
class ReassignmentFixture : public ActionsFixture {
 protected:
  static v1::ReassignInteractionsRequest MoveOf(
      const std::vector<v1::Interaction>& interactions,
      const std::string& from = kAda, const std::string& to = kBob) {
    v1::ReassignInteractionsRequest request;
    request.set_contact_id(from);
    request.set_to_contact_id(to);
    request.set_reason("it was the neighbour");
    for (const v1::Interaction& interaction : interactions) {
      v1::InteractionName& name = *request.add_interactions();
      name.set_interaction_id(interaction.interaction_id());
      *name.mutable_occurred_time() = interaction.occurred_time();
    }
    return request;
  }

  absl::StatusOr<v1::ReassignInteractionsResponse> Reassign(
      const v1::ReassignInteractionsRequest& request,
      TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::ReassignInteractions, request, key);
  }

  void Move(const std::vector<v1::Interaction>& interactions,
            const std::string& from = kAda, const std::string& to = kBob) {
    const auto moved = Reassign(MoveOf(interactions, from, to));
    ASSERT_THAT(moved, testing::IsOk());
    EXPECT_THAT(moved->interactions(), ::testing::SizeIs(interactions.size()));
    EXPECT_EQ(moved->contact_id(), to);
  }

  // Records it, and returns it as it is stored.
  v1::Interaction Recorded(const v1::RecordInteractionRequest& request) {
    const auto recorded = Record(request);
    EXPECT_THAT(recorded, testing::IsOk());
    return recorded.ok() ? recorded->interaction() : v1::Interaction();
  }

  // The ids of the contact's threads that are listed.
  std::vector<std::string> ThreadIds(const std::string& contact_id) {
    std::vector<std::string> ids;
    const auto listed = ListThreads({contact_id});
    for (const v1::Thread& thread : listed.threads()) {
      ids.push_back(thread.thread_id());
    }
    return ids;
  }
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_REASSIGNMENT_FIXTURE_H_
