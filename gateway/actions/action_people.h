#ifndef KITH_GATEWAY_ACTIONS_ACTION_PEOPLE_H_
#define KITH_GATEWAY_ACTIONS_ACTION_PEOPLE_H_

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/actions/lease_dispute.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/gateway/v1/action.pb.h"
#include "kith/interactions/v1/action.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {

// As many contacts as a call of interactions-svc leases or gives back.
inline constexpr size_t kContactsOfCall = 100;

// Returns a contact that does not exist. It stands for itself, and counts as
// deleted.
contacts::v1::Contact MissingContact(const std::string& contact_id);

// True if somebody else has leased what was to be leased.
bool IsLeasedByOther(const absl::Status& status);

// The people whom one agent deals with. interactions-svc leases contacts, and
// knows no groups: this leases the rest of each group, so that no two agents
// deal with one person. For one coroutine at a time.
class ActionPeople {
 public:
  // All arguments must outlive the object.
  ActionPeople(const Backends& backends, const CustomerFlow& customers,
               const base::RequestContext& context, const std::string& agent)
      : backends_(backends),
        customers_(customers),
        context_(context),
        agent_(agent) {}

  // Adds the people of contacts that are leased to the agent, of which some may
  // be known, and leases all else that has an action of them. Fails if a
  // service does. Of whom others have leased a part, it tries again a few times
  // (see LeaseDispute), then keeps its part, or leaves out the person and gives
  // back what it has of them.
  Task<absl::Status> Add(
      const interactions::v1::LeaseNextActionsResponse& leased);

  // Adds a customer who is the first, and leases all that has an action of
  // them. Fails if a service does, also if another has leased them and no
  // reason is given.
  Task<absl::Status> TakeOver(contacts::v1::Contact customer,
                              std::string take_over_reason);

  // The contacts of those who were left out, as far as they have an action; at
  // most as many as a call excludes.
  const std::set<std::string>& excluded() const { return excluded_; }

  // The number of people who have something to do and are leased to the agent.
  int size() const;

  // The number of contacts that are leased to the agent.
  int leased_count() const { return static_cast<int>(leases_.size()); }

  // Gives back the contacts of those who do not count in size(). Returns their
  // number. What fails ends with the lease.
  Task<int> GiveBackOthers();

  // Gives back what the agent had not leased before, as far as that is known;
  // what was is the agent's still. Returns its number. What fails ends with the
  // lease.
  Task<int> GiveBackNew();

  // Returns those who count in size(), in the order in which they were added,
  // with what was said and done last, as far as that is available in time.
  Task<std::vector<v1::Person>> Describe();

  // The same for the first, whether or not they count.
  Task<v1::Person> DescribeFirst();

 private:
  struct One {
    contacts::v1::Contact contact;
    std::vector<interactions::v1::Action> actions = {};
    bool more_actions = false;
    // The newest interactions, newest first, and whether there are older ones.
    std::vector<interactions::v1::Interaction> newest = {};
    bool older = false;
    // Why the rest of the group could not be leased.
    absl::Status leased = absl::OkStatus();

    bool counts() const { return leased.ok() && !actions.empty(); }
    const interactions::v1::Action* first_action() const;
  };

  struct AskedLast {
    interactions::v1::Kind kind;
    std::vector<size_t> indexes;
    PendingCall<interactions::v1::ListInteractionsResponse> call;
  };

  struct AskedWords {
    size_t index;
    PendingCall<interactions::v1::GetThreadResponse> call;
  };

  // Adds the person of a contact, unless they are known. Returns true if not.
  bool Join(contacts::v1::Contact contact);

  // Reads what is to be done of these people, and leases it.
  Task<absl::Status> ReadAndLease(std::vector<size_t> indexes,
                                  std::string take_over_reason);
  Task<absl::Status> Read(std::vector<size_t> indexes);

  // Dismisses the REVIEWs that ask to undelete a contact which is there again.
  // Returns their number. What fails is left to the agent.
  Task<int> DismissSettled(std::vector<size_t> indexes);

  // Settles who deals with those of the people who could not be leased whole.
  Task<absl::Status> Settle(std::vector<size_t> indexes);
  // The contacts of a person that are leased to the agent.
  std::set<std::string> Held(const One& one) const;
  LeaseDispute DisputeAbout(const One& one, int tries) const;
  // Gives back what the agent has of a person. Returns the number of contacts.
  Task<int> LeaveOut(const One& one);
  void Exclude(const std::string& contact_id);

  // Returns the contacts of a person that have an action and are not leased.
  std::vector<std::string> NotLeased(const One& one) const;
  PendingCall<interactions::v1::LeaseActionsResponse> Lease(
      const std::vector<std::string>& contact_ids,
      const std::string& take_over_reason);
  void NoteLease(const interactions::v1::LeasedContact& leased);
  Task<int> Release(std::vector<std::string> ids);

  Task<std::vector<v1::Person>> DescribeThese(std::vector<const One*> these);
  v1::Person PersonOf(const One& one) const;

  // Ask for what the newest interactions do not show, and fill it in. The
  // indexes are those of `people`.
  AskedLast AskLast(interactions::v1::Kind kind,
                    const std::vector<const One*>& these,
                    const std::vector<v1::Person>& people) const;
  static void FillLast(const AskedLast& asked,
                       const interactions::v1::ListInteractionsResponse& listed,
                       std::vector<v1::Person>& people);
  std::vector<AskedWords> AskWords(const std::vector<const One*>& these,
                                   const std::vector<v1::Person>& people) const;

  const Backends& backends_;
  const CustomerFlow& customers_;
  const base::RequestContext& context_;
  const std::string& agent_;
  std::vector<One> people_;
  // By canonical id, the index of a person.
  absl::flat_hash_map<std::string, size_t> by_canonical_id_;
  // By contact.
  absl::flat_hash_map<std::string, interactions::v1::ActionLease> leases_;
  // Contacts that the agent has leased, or may have, by this object alone.
  absl::flat_hash_set<std::string> new_;
  std::set<std::string> excluded_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_ACTIONS_ACTION_PEOPLE_H_
