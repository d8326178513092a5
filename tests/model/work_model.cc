#include "tests/model/work_model.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"

namespace kith::model {
namespace {

using interactions::v1::Action;
using interactions::v1::Interaction;

// As many as an agent may hold, so that all could be given at once.
constexpr size_t kMostGiven = 10;

// Who has leased a contact at `now`, as its actions show it; empty if nobody
// has.
std::string HolderOf(const WorkReading& reading, const std::string& contact_id,
                     absl::Time now) {
  const auto it = reading.actions.find(contact_id);
  if (it == reading.actions.end()) return "";
  for (const Action& action : it->second) {
    if (!action.has_lease()) continue;
    if (base::FromProto(action.lease().end_time()) <= now) continue;
    return action.lease().agent();
  }
  return "";
}

bool IsOfThread(const Action& action) {
  return action.kind() == config::v1::ACTION_KIND_REPLY ||
         action.kind() == config::v1::ACTION_KIND_SOLVE;
}

// Whether it says something to a thread, by what the sequences record.
bool IsWord(const Interaction& one) {
  if (one.purpose() == interactions::v1::PURPOSE_MARKETING ||
      one.direction() == interactions::v1::DIRECTION_UNSPECIFIED) {
    return false;
  }
  switch (one.kind()) {
    case interactions::v1::KIND_CALL:
      return one.outcome() == interactions::v1::OUTCOME_ANSWERED ||
             one.outcome() == interactions::v1::OUTCOME_VOICEMAIL;
    case interactions::v1::KIND_EMAIL:
    case interactions::v1::KIND_MESSAGE:
    case interactions::v1::KIND_SOCIAL_POST:
      return one.outcome() != interactions::v1::OUTCOME_FAILED;
    default:
      return false;
  }
}

// Whether the last word of each thread of the contact is the customer's.
std::map<std::string, bool> LastWords(const std::string& contact_id,
                                      const ActivityModel& activity) {
  using Place = std::tuple<int64_t, std::string>;
  std::map<std::string, std::pair<Place, bool>> last;
  for (const Interaction& one : activity.Timeline({contact_id})) {
    if (one.thread_id().empty() || !IsWord(one)) continue;
    // What is said ahead of its time is said when it is recorded.
    const Place place = {std::min(base::ToMicros(one.occurred_time()),
                                  base::ToMicros(one.recorded_time())),
                         one.interaction_id()};
    auto& known = last[one.thread_id()];
    if (place < known.first) continue;
    known = {place, one.direction() == interactions::v1::DIRECTION_INBOUND};
  }
  std::map<std::string, bool> inbound;
  for (const auto& [thread_id, known] : last) {
    inbound[thread_id] = known.second;
  }
  return inbound;
}

// One REPLY or SOLVE of each open thread, and of no other.
Fault CompareReplies(const std::vector<Action>& actions,
                     const std::set<std::string>& open_threads) {
  std::set<std::string> replied;
  for (const Action& action : actions) {
    if (!IsOfThread(action)) continue;
    if (!open_threads.contains(action.thread_id())) {
      return absl::StrCat("an action of a thread that is not open: ",
                          action.ShortDebugString());
    }
    if (!replied.insert(action.thread_id()).second) {
      return absl::StrCat("two actions of thread ", action.thread_id());
    }
  }
  for (const std::string& thread_id : open_threads) {
    if (replied.contains(thread_id)) continue;
    return absl::StrCat("nobody is to answer the open thread ", thread_id);
  }
  return "";
}

}  // namespace

std::string WorkModel::OtherHolder(const std::string& contact_id,
                                   const std::string& agent,
                                   absl::Time now) const {
  if (const auto it = given_.find(contact_id); it != given_.end()) {
    return it->second == agent || gave_back_.contains(it->second) ? ""
                                                                  : it->second;
  }
  const std::string holder = HolderOf(read_, contact_id, now);
  return holder == agent || acted_.contains(holder) ? "" : holder;
}

bool WorkModel::IsFree(const std::set<std::string>& group,
                       const std::string& agent, absl::Time now) const {
  return std::all_of(group.begin(), group.end(), [&](const std::string& id) {
    return OtherHolder(id, agent, now).empty();
  });
}

Fault WorkModel::CreateAction(const gateway::v1::CreateActionRequest& request,
                              const absl::StatusOr<Action>& answer,
                              const Round& round) {
  opens_or_ends_ = true;
  const std::string& id = request.customer().contact_id();
  if (!answer.ok()) return WantOk(answer);
  if (answer->contact_id() != id || !round.customers.Has(id)) {
    return "an action of another contact";
  }
  return answer->queue() == request.action().queue() ? "" : "another queue";
}

bool WorkModel::KeepsPart(const std::string& agent,
                          const std::set<std::string>& group,
                          absl::Time now) const {
  for (const std::string& id : group) {
    if (HolderOf(read_, id, now) == agent) return true;
    if (!OtherHolder(id, agent, now).empty()) return false;
  }
  return false;
}

Fault WorkModel::Give(const std::string& agent,
                      const gateway::v1::Person& person, const Round& round) {
  const std::set<std::string> ids(person.contact_ids().begin(),
                                  person.contact_ids().end());
  if (!IsFree(ids, agent, round.now) && KeepsPart(agent, ids, round.now)) {
    return "";
  }
  for (const std::string& id : ids) {
    const std::string holder = OtherHolder(id, agent, round.now);
    if (!holder.empty() && !taken_over_.contains(id)) {
      return absl::StrCat(id, " is given to ", agent, ", and ", holder,
                          " has it");
    }
    given_[id] = agent;
  }
  if (!round.alone) return "";
  if (ids != round.customers.GroupOf(person.canonical_id())) {
    return "a person is not the whole group";
  }
  for (const Action& action : person.actions()) {
    if (action.lease().agent() == agent) continue;
    return absl::StrCat("given, and not leased: ", action.ShortDebugString());
  }
  return "";
}

Fault WorkModel::NextActions(
    const gateway::v1::NextActionsRequest& request,
    const absl::StatusOr<gateway::v1::NextActionsResponse>& answer,
    const Round& round) {
  if (!answer.ok()) return WantOk(answer);
  std::set<std::string> given;
  for (const gateway::v1::Person& person : answer->people()) {
    if (person.actions().empty()) return "a person with nothing to do";
    if (!given.insert(person.canonical_id()).second) return "a person twice";
    Fault fault = Give(request.agent(), person, round);
    if (!fault.empty()) return fault;
  }
  Fault fault = FindLeftOut(request, given, round);
  acted_.insert(request.agent());
  return fault;
}

// Who waits in the queue and is leased to nobody is given to who asks for all.
Fault WorkModel::FindLeftOut(const gateway::v1::NextActionsRequest& request,
                             const std::set<std::string>& given,
                             const Round& round) const {
  if (!round.alone || round.customers.Ids().size() > kMostGiven ||
      static_cast<size_t>(request.person_count()) < kMostGiven) {
    return "";
  }
  for (const auto& [id, actions] : read_.actions) {
    const bool waits =
        std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
          return action.queue() == request.queues(0);
        });
    const std::set<std::string> group = round.customers.GroupOf(id);
    if (!waits || !IsFree(group, request.agent(), round.now)) continue;
    if (given.contains(round.customers.CanonicalOf(id))) continue;
    return absl::StrCat(id, " waits, is free, and is not given");
  }
  return "";
}

Fault WorkModel::LeaseActions(
    const gateway::v1::LeaseActionsRequest& request,
    const absl::StatusOr<gateway::v1::LeaseActionsResponse>& answer,
    const Round& round) {
  const std::string& agent = request.agent();
  const std::set<std::string> group =
      round.customers.GroupOf(request.customer().contact_id());
  const bool takes_over = !request.take_over_reason().empty();
  if (!answer.ok()) {
    // What it had leased of the group is given back.
    acted_.insert(agent);
    gave_back_.insert(agent);
    if (!round.alone || (!takes_over && !IsFree(group, agent, round.now))) {
      return WantRefused(answer, absl::StatusCode::kFailedPrecondition,
                         "LEASED_BY_OTHER");
    }
    return WantOk(answer);
  }
  const auto& ids = answer->person().contact_ids();
  if (takes_over) taken_over_.insert(ids.begin(), ids.end());
  Fault fault;
  if (!answer->person().actions().empty()) {
    fault = Give(agent, answer->person(), round);
  }
  acted_.insert(agent);
  return fault;
}

Fault WorkModel::ReleaseActions(
    const gateway::v1::ReleaseActionsRequest& request,
    const absl::StatusOr<gateway::v1::ReleaseActionsResponse>& answer,
    const Round&) {
  acted_.insert(request.agent());
  gave_back_.insert(request.agent());
  return WantOk(answer);
}

Fault WorkModel::CompleteActions(
    const gateway::v1::CompleteActionsRequest& request,
    const absl::StatusOr<gateway::v1::CompleteActionsResponse>& answer,
    const Round& round) {
  acted_.insert(request.agent());
  gave_back_.insert(request.agent());
  opens_or_ends_ = true;
  for (const auto& moved : request.threads()) marked_.insert(moved.thread_id());
  if (!round.alone && absl::IsFailedPrecondition(answer.status())) return "";
  if (!answer.ok()) return WantOk(answer);
  for (const Action& action : answer->actions()) {
    if (round.alone && !action.has_end()) return "completed, and still open";
  }
  return "";
}

std::set<std::string> WorkModel::IdsOf(const WorkReading& reading) {
  std::set<std::string> ids;
  for (const auto& [contact_id, actions] : reading.actions) {
    for (const Action& action : actions) {
      if (action.kind() == config::v1::ACTION_KIND_REVIEW) continue;
      ids.insert(absl::StrCat(contact_id, " ", action.action_id()));
    }
  }
  return ids;
}

Fault WorkModel::Compare(const WorkReading& reading,
                         const ActivityModel& activity, absl::Time now) const {
  for (const auto& [contact_id, open] : reading.open_threads) {
    Fault fault = CompareReplies(reading.actions.at(contact_id), open);
    if (!fault.empty()) return absl::StrCat(contact_id, ": ", fault);
    std::map<std::string, bool> words = LastWords(contact_id, activity);
    // Where there is no word, nobody waits.
    for (const std::string& thread_id : open) words.try_emplace(thread_id);
    for (const auto& [thread_id, inbound] : words) {
      if (marked_.contains(thread_id)) continue;
      if (open.contains(thread_id) == inbound) continue;
      return absl::StrCat("thread ", thread_id, ", want it ",
                          inbound ? "open" : "not open");
    }
  }
  if (!opens_or_ends_ && IdsOf(reading) != IdsOf(read_)) {
    return "actions have come or gone by what opens and ends none";
  }
  return CompareLeases(reading, now);
}

Fault WorkModel::CompareLeases(const WorkReading& reading,
                               absl::Time now) const {
  for (const auto& [contact_id, actions] : reading.actions) {
    const std::string holder = HolderOf(reading, contact_id, now);
    for (const Action& action : actions) {
      if (action.lease().agent() == holder) continue;
      return absl::StrCat(contact_id, " is leased in part");
    }
    const std::string before = HolderOf(read_, contact_id, now);
    if (holder == before) continue;
    // A lease is seen by actions alone.
    const auto known = read_.actions.find(contact_id);
    const bool was_seen =
        known != read_.actions.end() && !known->second.empty();
    if (actions.empty() || !was_seen) continue;
    const bool may_end = before.empty() || acted_.contains(before) ||
                         taken_over_.contains(contact_id);
    const bool may_begin = holder.empty() || acted_.contains(holder);
    if (may_end && may_begin) continue;
    return absl::StrCat(contact_id, " was leased to \"", before,
                        "\", and is to \"", holder, "\"");
  }
  return "";
}

void WorkModel::Learn(const WorkReading& reading) {
  read_ = reading;
  acted_.clear();
  gave_back_.clear();
  given_.clear();
  taken_over_.clear();
  opens_or_ends_ = false;
}

}  // namespace kith::model
