#ifndef KITH_GATEWAY_ACTIONS_ACTION_FIXTURE_H_
#define KITH_GATEWAY_ACTIONS_ACTION_FIXTURE_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/status/rpc_status.h"
#include "gateway/gateway_harness.h"
#include "gtest/gtest.h"

namespace kith::gateway {

inline constexpr char kDora[] = "0192f0c1-2a3b-7c4d-8e5f-00000000000d";

// Fakes interactions-svc with a queue whose contacts have an action each, and
// are leased as there. For tests of actions.
class ActionFixture : public ::testing::Test {
 protected:
  ActionFixture() {
    FakeContacts();
    FakeQueue();
    FakeLeases();
    gateway_.interactions.activity = [this](const auto& request,
                                            auto& response) {
      const absl::MutexLock lock(&mutex_);
      for (const auto& set : request.sets()) {
        AddActivity(set, *response.add_results());
      }
      return absl::OkStatus();
    };
  }

  // The contacts are one customer; the first is canonical.
  void Merge(const std::vector<std::string>& members) {
    for (const std::string& id : members) groups_[id] = members;
  }

  static interactions::v1::Interaction Said(const std::string& body,
                                            const std::string& thread_id = "") {
    interactions::v1::Interaction interaction;
    interaction.set_kind(interactions::v1::KIND_EMAIL);
    interaction.set_direction(interactions::v1::DIRECTION_INBOUND);
    interaction.set_body(body);
    interaction.set_thread_id(thread_id);
    return interaction;
  }

  static interactions::v1::Interaction Done(interactions::v1::Kind kind,
                                            const std::string& subject) {
    interactions::v1::Interaction interaction;
    interaction.set_kind(kind);
    interaction.set_direction(interactions::v1::DIRECTION_OUTBOUND);
    interaction.set_subject(subject);
    return interaction;
  }

  absl::StatusOr<v1::NextActionsResponse> Next(
      int person_count, const std::string& agent = "Dana") {
    v1::NextActionsRequest request;
    request.add_queues("service");
    request.set_agent(agent);
    request.set_person_count(person_count);
    return gateway_.Call(&v1::GatewayService::Stub::NextActions, request);
  }

  static std::vector<std::string> PeopleOf(
      const absl::StatusOr<v1::NextActionsResponse>& next) {
    std::vector<std::string> ids;
    if (!next.ok()) return {next.status().ToString()};
    for (const auto& person : next->people()) {
      ids.push_back(person.canonical_id());
    }
    return ids;
  }

  // The contacts that Dana has leased.
  std::vector<std::string> Leased() const {
    std::vector<std::string> ids;
    for (const auto& [id, agent] : leased_to_) {
      if (agent == "Dana") ids.push_back(id);
    }
    return ids;
  }

  GatewayHarness gateway_;
  // By rank.
  std::vector<std::string> queue_ = {kAda, kBob, kCleo, kDora};
  std::map<std::string, std::vector<std::string>> groups_;
  std::vector<std::string> missing_;
  // By contact, the name of an agent.
  std::map<std::string, std::string> leased_to_;
  std::map<std::string, std::string> threads_;
  // By contact, newest first; of the first contact of a set.
  std::map<std::string, std::vector<interactions::v1::Interaction>> newest_;
  bool older_ = false;
  std::vector<int> counts_;
  // Of the last call that excluded any.
  std::vector<std::string> excluded_;
  std::vector<std::string> skipped_;
  // Who may be the same customer as another.
  std::vector<std::string> suggested_;

 private:
  void FakeContacts() {
    gateway_.contacts.batch_get = [this](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        if (absl::c_linear_search(missing_, id)) {
          response.add_missing_ids(id);
          continue;
        }
        const auto group = groups_.find(id);
        const std::vector<std::string> members =
            group == groups_.end() ? std::vector<std::string>{id}
                                   : group->second;
        contacts::v1::Contact& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(members.front());
        contact.mutable_member_ids()->Add(members.begin(), members.end());
        contact.set_display_name(absl::StrCat("name of ", members.front()));
        contact.set_stage(contacts::v1::STAGE_CUSTOMER);
      }
      return absl::OkStatus();
    };
    gateway_.contacts.list_suggestions = [this](const auto& request,
                                                auto& response) {
      const absl::MutexLock lock(&mutex_);
      if (absl::c_linear_search(suggested_, request.contact_id())) {
        response.add_suggestions()->set_contact_id(request.contact_id());
      }
      return absl::OkStatus();
    };
  }

  void FakeQueue() {
    gateway_.interactions.lease_next = [this](const auto& request,
                                              auto& response) {
      const absl::MutexLock lock(&mutex_);
      counts_.push_back(request.contact_count());
      const auto& excluded = request.excluded_contact_ids();
      if (!excluded.empty()) excluded_ = {excluded.begin(), excluded.end()};
      for (const bool before : {true, false}) {
        for (const std::string& id : queue_) {
          const auto leased = leased_to_.find(id);
          const bool own =
              leased != leased_to_.end() && leased->second == request.agent();
          const bool free = leased == leased_to_.end();
          if (before ? !own : !free) continue;
          if (!before && absl::c_linear_search(excluded, id)) continue;
          if (!before && response.contacts_size() >= request.contact_count()) {
            continue;
          }
          LeaseTo(request.agent(), id, *response.add_contacts());
        }
      }
      return absl::OkStatus();
    };
  }

  void FakeLeases() {
    gateway_.interactions.lease = [this](const auto& request, auto& response) {
      const absl::MutexLock lock(&mutex_);
      for (const std::string& id : request.contact_ids()) {
        const auto leased = leased_to_.find(id);
        if (leased != leased_to_.end() && leased->second != request.agent() &&
            request.take_over_reason().empty()) {
          return status::WithReason(
              "LEASED_BY_OTHER",
              absl::FailedPreconditionError("contact_ids: leased by another"));
        }
      }
      for (const std::string& id : request.contact_ids()) {
        LeaseTo(request.agent(), id, *response.add_contacts());
      }
      return absl::OkStatus();
    };
    gateway_.interactions.release = [this](const auto& request,
                                           auto& response) {
      const absl::MutexLock lock(&mutex_);
      int released = 0;
      for (const std::string& id : request.contact_ids()) {
        const auto leased = leased_to_.find(id);
        if (leased == leased_to_.end()) continue;
        if (leased->second != request.agent()) continue;
        leased_to_.erase(leased);
        ++released;
        if (!request.skip_reason().empty()) skipped_.push_back(id);
      }
      response.set_released_count(released);
      return absl::OkStatus();
    };
  }

  void LeaseTo(const std::string& agent, const std::string& id,
               interactions::v1::LeasedContact& leased) {
    leased.set_contact_id(id);
    if (!absl::c_linear_search(queue_, id)) return;
    leased.set_newly_leased(!leased_to_.contains(id) ||
                            leased_to_[id] != agent);
    leased_to_[id] = agent;
    leased.mutable_lease()->set_agent(agent);
    leased.mutable_lease()->set_epoch(7);
  }

  template <typename Result>
  void AddActivity(const common::v1::ContactSet& set, Result& result) {
    for (const std::string& id : queue_) {
      if (!absl::c_linear_search(set.contact_ids(), id)) continue;
      interactions::v1::Action& action = *result.add_actions();
      action.set_contact_id(id);
      action.set_state(interactions::v1::ACTION_STATE_OPEN);
      action.mutable_reason()->set_text(absl::StrCat("why ", id));
      action.set_thread_id(threads_[id]);
      const auto leased = leased_to_.find(id);
      if (leased != leased_to_.end()) {
        action.mutable_lease()->set_agent(leased->second);
      }
    }
    for (const auto& interaction : newest_[set.contact_ids(0)]) {
      *result.add_interactions() = interaction;
    }
    if (older_) result.set_next_page_token("older");
  }

  absl::Mutex mutex_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_ACTIONS_ACTION_FIXTURE_H_
