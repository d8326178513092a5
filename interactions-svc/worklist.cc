#include "interactions-svc/worklist.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/mysql/transaction.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "common/status/whole_characters.h"
#include "interactions-svc/action_store.h"
#include "interactions-svc/actions/action_causes.h"
#include "interactions-svc/actions/action_row.h"
#include "interactions-svc/actions/queue_head.h"
#include "interactions-svc/activity/locked_contacts.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::ContactWork;
using mysql::Tx;

constexpr absl::Duration kLeaseLength = absl::Minutes(5);
constexpr absl::Duration kSkipLength = absl::Minutes(15);
constexpr int kManySkips = 3;

// So many characters of the reason of a skip are in the REVIEW that it opens.
constexpr size_t kReasonShown = 200;

// So many places of the head of each queue are read at first. If nobody there
// is to be had, as others lease them or the agent has skipped them, as many
// more behind them, so many times in all.
constexpr size_t kHeadRead = 50;
constexpr int kHeadReads = 4;
constexpr size_t kMostHeld = 10;
constexpr int32_t kCounted = 101;

constexpr int64_t kEver = std::numeric_limits<int64_t>::max();

absl::Status LeasedByOtherError(const Uuid& contact_id,
                                const ContactWork& work) {
  return status::WithReason(
      "LEASED_BY_OTHER",
      absl::FailedPreconditionError(absl::StrCat(
          "contact_ids: ", contact_id.ToString(), " is leased by ",
          work.agent(), "; want a take_over_reason, or another contact")));
}

// The contact as its lease is answered.
absl::StatusOr<v1::LeasedContact> Show(const Tx& tx, const Uuid& contact_id,
                                       LockedActions& actions) {
  KITH_ASSIGN_OR_RETURN(const ContactWork* const work,
                        actions.Work(contact_id));
  KITH_ASSIGN_OR_RETURN(const OpenActions* const open,
                        actions.Open(contact_id));
  v1::LeasedContact leased;
  leased.set_contact_id(contact_id.ToString());
  if (work->agent().empty()) return leased;
  *leased.mutable_lease() = ShowLease(*work);
  std::vector<const internal::v1::StoredAction*> shown;
  for (const auto& [cause, stored] : *open) {
    if (!IsHidden(stored, tx.now)) shown.push_back(&stored);
  }
  for (const auto* stored : MostUrgent(std::move(shown))) {
    *leased.add_actions() = ShowAction(tx, contact_id, *stored, *work);
  }
  return leased;
}

// Leases a contact that the transaction has locked, and writes it.
absl::StatusOr<v1::LeasedContact> LeaseLocked(const Tx& tx,
                                              const std::string& agent,
                                              const Uuid& contact_id,
                                              LockedContacts& contacts,
                                              const std::string& reason = "") {
  KITH_ASSIGN_OR_RETURN(ContactWork* const work,
                        contacts.actions().Work(contact_id));
  const int64_t epoch = work->epoch();
  if (work->action_count() > 0) {
    Lease(agent, tx.now, tx.now + kLeaseLength, *work);
    KITH_RETURN_IF_ERROR(contacts.TellLease(contact_id, reason));
  }
  KITH_ASSIGN_OR_RETURN(v1::LeasedContact leased,
                        Show(tx, contact_id, contacts.actions()));
  leased.set_newly_leased(work->epoch() != epoch);
  return leased;
}

// Leases the contact if it is free and waits in one of the queues; else, or if
// somebody else has locked it, `leased` stays without a lease.
absl::Status TryLease(const Tx& tx, const std::string& agent,
                      const std::set<std::string>& queues,
                      const Uuid& contact_id, v1::LeasedContact& leased) {
  leased.Clear();
  LockedContacts contacts(tx);
  KITH_ASSIGN_OR_RETURN(const bool locked, contacts.TryLock(contact_id));
  if (!locked) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(const ContactWork* const work,
                        contacts.actions().Work(contact_id));
  if (IsHeldByOther(*work, agent, tx.now) || HasSkipped(*work, agent, tx.now)) {
    return absl::OkStatus();
  }
  KITH_ASSIGN_OR_RETURN(const OpenActions* const open,
                        contacts.actions().Open(contact_id));
  if (!WaitsIn(queues, tx.now, *open)) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(leased, LeaseLocked(tx, agent, contact_id, contacts));
  return contacts.Write();
}

// The contacts that the agent has leased.
absl::StatusOr<std::vector<Uuid>> HeldBy(const Tx& tx,
                                         const std::string& agent) {
  KITH_ASSIGN_OR_RETURN(const std::vector<WaitingContact> held,
                        ReadQueues(tx,
                                   {{.queue = QueueOfHolder(agent),
                                     .state = QueueState::kLater,
                                     .least = absl::ToUnixMicros(tx.now) + 1,
                                     .most = kEver}},
                                   kMostHeld));
  std::vector<Uuid> ids;
  for (const WaitingContact& contact : held) ids.push_back(contact.contact_id);
  return ids;
}

absl::Status RenewOnce(const Tx& tx, const std::string& agent,
                       const Uuid& contact_id, v1::LeasedContact& leased) {
  leased.Clear();
  LockedContacts contacts(tx);
  KITH_RETURN_IF_ERROR(contacts.Lock({contact_id}));
  KITH_ASSIGN_OR_RETURN(const ContactWork* const work,
                        contacts.actions().Work(contact_id));
  if (work->agent() != agent) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(leased, LeaseLocked(tx, agent, contact_id, contacts));
  return contacts.Write();
}

absl::Status LeaseOnce(const Tx& tx, const v1::LeaseActionsRequest& request,
                       const std::vector<Uuid>& contact_ids,
                       v1::LeaseActionsResponse& response) {
  response.Clear();
  LockedContacts contacts(tx);
  KITH_RETURN_IF_ERROR(contacts.Lock({contact_ids.begin(), contact_ids.end()}));
  for (const Uuid& id : contact_ids) {
    KITH_ASSIGN_OR_RETURN(const ContactWork* const work,
                          contacts.actions().Work(id));
    if (IsHeldByOther(*work, request.agent(), tx.now) &&
        request.take_over_reason().empty()) {
      return LeasedByOtherError(id, *work);
    }
    KITH_ASSIGN_OR_RETURN(*response.add_contacts(),
                          LeaseLocked(tx, request.agent(), id, contacts,
                                      request.take_over_reason()));
  }
  return contacts.Write();
}

// Opens a REVIEW of a contact that nobody wants.
absl::Status AddSkipReview(const Tx& tx, const Uuid& contact_id,
                           const std::string& reason, LockedActions& actions) {
  v1::Action review;
  review.set_kind(config::v1::ACTION_KIND_REVIEW);
  review.mutable_reason()->set_text(
      absl::StrCat("Skipped by ", kManySkips, " agents, the last one: ",
                   status::FirstCharacters(reason, kReasonShown)));
  v1::ReviewSubject subject;
  subject.set_review_cause(v1::REVIEW_CAUSE_SKIPPED);
  const absl::Status created =
      actions
          .Create(contact_id, Uuid::Make(tx.now), review, kSkipsCause, subject)
          .status();
  // One with too many actions has a REVIEW already.
  return absl::IsFailedPrecondition(created) ? absl::OkStatus() : created;
}

absl::Status ReleaseOne(const Tx& tx, const v1::ReleaseActionsRequest& request,
                        const Uuid& contact_id, LockedContacts& contacts,
                        int32_t& released) {
  KITH_ASSIGN_OR_RETURN(ContactWork* const work,
                        contacts.actions().Work(contact_id));
  if (!Release(request.agent(), *work)) return absl::OkStatus();
  ++released;
  if (!request.skip_reason().empty() &&
      Skip(request.agent(), tx.now + kSkipLength, *work) >= kManySkips) {
    KITH_RETURN_IF_ERROR(AddSkipReview(tx, contact_id, request.skip_reason(),
                                       contacts.actions()));
  }
  return contacts.TellLease(contact_id, request.skip_reason());
}

std::vector<Uuid> Ids(
    const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::vector<Uuid> ids;
  for (const std::string& text : texts) {
    const Uuid id = *Uuid::Parse(text);
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  return ids;
}

}  // namespace

absl::StatusOr<v1::LeaseNextActionsResponse> Worklist::LeaseNext(
    const Tx& tx, const v1::LeaseNextActionsRequest& request) const {
  const size_t wanted = std::max(request.contact_count(), 1);
  v1::LeaseNextActionsResponse response;
  KITH_ASSIGN_OR_RETURN(const std::vector<Uuid> held,
                        HeldBy(tx, request.agent()));
  v1::LeasedContact leased;
  for (const Uuid& id : held) {
    KITH_RETURN_IF_ERROR(mysql::Transact(
        tx, [&] { return RenewOnce(tx, request.agent(), id, leased); }));
    if (leased.has_lease()) *response.add_contacts() = leased;
  }
  const auto count = [&] {
    return static_cast<size_t>(response.contacts_size());
  };
  if (count() >= wanted) return response;
  std::vector<std::string> queues = {QueueOfAssignee(request.agent())};
  queues.insert(queues.end(), request.queues().begin(), request.queues().end());
  const std::set<std::string> seen(queues.begin(), queues.end());
  const std::vector<Uuid> excluded = Ids(request.excluded_contact_ids());
  QueueHead head(tx, queues, excluded);
  for (int read = 0; read < kHeadReads && !head.is_over(); ++read) {
    if (count() >= wanted) break;
    KITH_ASSIGN_OR_RETURN(const std::vector<Uuid> candidates,
                          head.ReadOn(kHeadRead));
    for (const Uuid& id : candidates) {
      if (count() >= wanted) break;
      KITH_RETURN_IF_ERROR(mysql::Transact(
          tx, [&] { return TryLease(tx, request.agent(), seen, id, leased); }));
      if (leased.has_lease()) *response.add_contacts() = leased;
    }
  }
  return response;
}

absl::StatusOr<v1::LeaseActionsResponse> Worklist::Lease(
    const Tx& tx, const v1::LeaseActionsRequest& request) const {
  const std::vector<Uuid> ids = Ids(request.contact_ids());
  v1::LeaseActionsResponse response;
  KITH_RETURN_IF_ERROR(mysql::Transact(
      tx, [&] { return LeaseOnce(tx, request, ids, response); }));
  return response;
}

absl::StatusOr<v1::ReleaseActionsResponse> Worklist::Release(
    const Tx& tx, const v1::ReleaseActionsRequest& request) const {
  const std::vector<Uuid> ids = Ids(request.contact_ids());
  v1::ReleaseActionsResponse response;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    int32_t released = 0;
    LockedContacts contacts(tx);
    KITH_RETURN_IF_ERROR(contacts.Lock({ids.begin(), ids.end()}));
    for (const Uuid& id : ids) {
      KITH_RETURN_IF_ERROR(ReleaseOne(tx, request, id, contacts, released));
    }
    response.set_released_count(released);
    return contacts.Write();
  }));
  return response;
}

absl::StatusOr<v1::CountWaitingActionsResponse> Worklist::Count(
    const Tx& tx, const v1::CountWaitingActionsRequest& request) const {
  const std::vector<std::string> queues(request.queues().begin(),
                                        request.queues().end());
  KITH_ASSIGN_OR_RETURN(const std::vector<WaitingContact> waiting,
                        ReadQueues(tx, HeadsOf(queues, tx.now), kCounted));
  std::vector<absl::flat_hash_set<Uuid>> contacts(queues.size());
  v1::CountWaitingActionsResponse response;
  for (size_t i = 0; i < queues.size(); ++i) response.add_results();
  for (const WaitingContact& place : waiting) {
    const size_t queue = place.queue / kHeadRanges;
    contacts[queue].insert(place.contact_id);
    auto& result = *response.mutable_results(static_cast<int>(queue));
    if (!result.has_first_rank_time() ||
        base::ToMicros(result.first_rank_time()) > place.rank_micros) {
      *result.mutable_first_rank_time() = base::ToProto(place.rank_micros);
    }
  }
  for (size_t i = 0; i < queues.size(); ++i) {
    response.mutable_results(static_cast<int>(i))
        ->set_contact_count(
            std::min(static_cast<int32_t>(contacts[i].size()), kCounted));
  }
  return response;
}

}  // namespace kith::interactions
