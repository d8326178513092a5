#ifndef KITH_TESTS_MODEL_WORK_MODEL_H_
#define KITH_TESTS_MODEL_WORK_MODEL_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kith/gateway/v1/action.pb.h"
#include "kith/interactions/v1/action.pb.h"
#include "tests/model/activity_model.h"
#include "tests/model/customer_model.h"
#include "tests/model/fault.h"

namespace kith::model {

// What is to be done of each contact of a sequence, as the suite lists it.
struct WorkReading {
  // The open actions, by contact.
  std::map<std::string, std::vector<interactions::v1::Action>> actions;
  // The ids of the threads that are OPEN by themselves, by contact.
  std::map<std::string, std::set<std::string>> open_threads;
};

// What the suite knew when a call was made.
struct Round {
  const CustomerModel& customers;
  absl::Time now;
  // Whether no other call was made at the same time.
  bool alone = true;
};

// What must hold of threads, actions and leases whatever is recorded, merged
// and taken apart. It foretells no action: it judges what is read now by what
// was read before and what was called since. Not thread-safe.
class WorkModel {
 public:
  // A touch may open and end actions.
  void NoteTouch() { opens_or_ends_ = true; }

  Fault CreateAction(const gateway::v1::CreateActionRequest& request,
                     const absl::StatusOr<interactions::v1::Action>& answer,
                     const Round& round);
  Fault NextActions(
      const gateway::v1::NextActionsRequest& request,
      const absl::StatusOr<gateway::v1::NextActionsResponse>& answer,
      const Round& round);
  Fault LeaseActions(
      const gateway::v1::LeaseActionsRequest& request,
      const absl::StatusOr<gateway::v1::LeaseActionsResponse>& answer,
      const Round& round);
  Fault ReleaseActions(
      const gateway::v1::ReleaseActionsRequest& request,
      const absl::StatusOr<gateway::v1::ReleaseActionsResponse>& answer,
      const Round& round);
  Fault CompleteActions(
      const gateway::v1::CompleteActionsRequest& request,
      const absl::StatusOr<gateway::v1::CompleteActionsResponse>& answer,
      const Round& round);

  // What is wrong with what is read now.
  Fault Compare(const WorkReading& reading, const ActivityModel& activity,
                absl::Time now) const;

  // Begins the next round of calls after what was read.
  void Learn(const WorkReading& reading);

  const WorkReading& read() const { return read_; }

 private:
  // Who has leased the contact from the agent's point of view: empty if nobody
  // else has.
  std::string OtherHolder(const std::string& contact_id,
                          const std::string& agent, absl::Time now) const;
  // Whether all of the customer's actions could be leased to the agent.
  bool IsFree(const std::set<std::string>& group, const std::string& agent,
              absl::Time now) const;
  // Whether the agent has a part of a customer of whom others have one, and
  // keeps it, as it has the contact of the least id.
  bool KeepsPart(const std::string& agent, const std::set<std::string>& group,
                 absl::Time now) const;
  Fault Give(const std::string& agent, const gateway::v1::Person& person,
             const Round& round);
  Fault FindLeftOut(const gateway::v1::NextActionsRequest& request,
                    const std::set<std::string>& given,
                    const Round& round) const;
  Fault CompareLeases(const WorkReading& reading, absl::Time now) const;
  // Ids of the open actions that no call of the gateway's own has made.
  static std::set<std::string> IdsOf(const WorkReading& reading);

  WorkReading read_;
  // Threads whose state a person has set: what was said last no longer tells
  // it.
  std::set<std::string> marked_;

  // Of the round: who has called for leases or ended any, who has given some
  // back, to whom a contact was given, and which were taken over.
  std::set<std::string> acted_;
  std::set<std::string> gave_back_;
  std::map<std::string, std::string> given_;
  std::set<std::string> taken_over_;
  bool opens_or_ends_ = false;
};

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_WORK_MODEL_H_
