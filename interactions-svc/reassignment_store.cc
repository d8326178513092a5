#include "interactions-svc/reassignment_store.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "interactions-svc/activity/interaction_fields.h"
#include "interactions-svc/activity/interaction_row.h"
#include "interactions-svc/activity/location.h"
#include "interactions-svc/activity/locked_contacts.h"
#include "interactions-svc/activity/moved_interactions.h"
#include "interactions-svc/recorded_requests.h"
#include "interactions-svc/threads/thread_transfer.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Tx;

Location LocationAt(const Uuid& contact_id, const v1::InteractionName& name) {
  return {
      .contact_id = contact_id,
      .occurred_micros = base::ToMicros(name.occurred_time()),
      .interaction_id = Uuid::Parse(name.interaction_id()).value_or(Uuid())};
}

// One run of the transaction.
class ReassignmentRun {
 public:
  ReassignmentRun(const Tx& tx, const v1::ReassignInteractionsRequest& request)
      : tx_(tx),
        request_(request),
        from_id_(*Uuid::Parse(request.contact_id())),
        to_id_(*Uuid::Parse(request.to_contact_id())),
        contacts_(tx) {}

  // Returns the contact that the interactions went to: another one than the
  // request names if it is a repeat, and what named the customer has moved.
  absl::StatusOr<Uuid> Run(const mysql::IdempotencyKey& key);

 private:
  // Reads what moves, in the order of time.
  absl::StatusOr<std::vector<v1::Interaction>> ReadLeaving() const;
  absl::Status MoveThreads(const std::vector<v1::Interaction>& leaving);
  absl::Status MoveOne(const v1::Interaction& old);

  // Sets the thread of an interaction at its new contact.
  absl::StatusOr<ThreadEntry> Enter(v1::Interaction& interaction);

  const Tx& tx_;
  const v1::ReassignInteractionsRequest& request_;
  const Uuid from_id_;
  const Uuid to_id_;
  LockedContacts contacts_;
  // By the thread that is left.
  std::map<std::string, Transfer> transfers_;
};

absl::StatusOr<Uuid> ReassignmentRun::Run(const mysql::IdempotencyKey& key) {
  KITH_RETURN_IF_ERROR(contacts_.Lock({from_id_, to_id_}));
  // Looked for under the locks: of two copies the second finds the first.
  KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                        mysql::FindRequest(tx_, key));
  if (known.has_value()) return Uuid::FromBytes(*known);
  KITH_ASSIGN_OR_RETURN(const std::vector<v1::Interaction> leaving,
                        ReadLeaving());
  KITH_RETURN_IF_ERROR(MoveThreads(leaving));
  for (const v1::Interaction& old : leaving) {
    KITH_RETURN_IF_ERROR(MoveOne(old));
  }
  KITH_RETURN_IF_ERROR(contacts_.Write());
  KITH_RETURN_IF_ERROR(mysql::AddRequest(tx_, key, to_id_.bytes()));
  return to_id_;
}

absl::StatusOr<std::vector<v1::Interaction>> ReassignmentRun::ReadLeaving()
    const {
  std::vector<v1::Interaction> leaving;
  for (const v1::InteractionName& name : request_.interactions()) {
    KITH_ASSIGN_OR_RETURN(std::optional<v1::Interaction> interaction,
                          ReadInteraction(tx_, LocationAt(from_id_, name)));
    if (!interaction.has_value()) {
      return absl::NotFoundError(
          absl::StrCat("interactions: the contact has no interaction ",
                       name.interaction_id(), " with this occurred_time"));
    }
    leaving.push_back(*std::move(interaction));
  }
  std::sort(leaving.begin(), leaving.end(),
            [](const v1::Interaction& a, const v1::Interaction& b) {
              return std::tuple(base::ToMicros(a.occurred_time()),
                                absl::string_view(a.interaction_id())) <
                     std::tuple(base::ToMicros(b.occurred_time()),
                                absl::string_view(b.interaction_id()));
            });
  return leaving;
}

absl::Status ReassignmentRun::MoveThreads(
    const std::vector<v1::Interaction>& leaving) {
  std::map<std::string, std::vector<v1::Interaction>> by_thread;
  for (const v1::Interaction& old : leaving) {
    if (!old.thread_id().empty()) by_thread[old.thread_id()].push_back(old);
  }
  for (const auto& [thread_id, interactions] : by_thread) {
    KITH_ASSIGN_OR_RETURN(
        transfers_[thread_id],
        TransferInteractions(tx_, interactions, to_id_, contacts_.threads()));
  }
  return absl::OkStatus();
}

absl::StatusOr<ThreadEntry> ReassignmentRun::Enter(
    v1::Interaction& interaction) {
  const auto it = transfers_.find(interaction.thread_id());
  if (it == transfers_.end()) {
    return contacts_.threads().Receive(
        contacts_.summaries().LiveThreads(interaction.contact_id()),
        interaction);
  }
  interaction.set_thread_id(it->second.thread_id.ToString());
  return it->second.entries[Location::Of(interaction).interaction_id];
}

absl::Status ReassignmentRun::MoveOne(const v1::Interaction& old) {
  v1::Interaction moved = ReassignedInteraction(old, to_id_, request_.agent(),
                                                request_.reason(), tx_.now);
  KITH_ASSIGN_OR_RETURN(const ThreadEntry entry, Enter(moved));
  KITH_RETURN_IF_ERROR(
      ReplaceInteraction(tx_, Location::Of(old), moved, entry));
  KITH_RETURN_IF_ERROR(contacts_.Move(old, moved, entry));
  KITH_RETURN_IF_ERROR(MoveRecording(tx_, moved));
  return NoteMove(tx_, moved);
}

// Carries the request out, or finds what it has done; returns the contact that
// the interactions went to.
absl::StatusOr<Uuid> ReassignOnce(
    const Tx& tx, const v1::ReassignInteractionsRequest& request) {
  const mysql::IdempotencyKey key = mysql::KeyOf(tx, request);
  if (request.to_contact_id().empty()) {
    KITH_ASSIGN_OR_RETURN(const std::string result,
                          mysql::FindRepeated(tx, key));
    return Uuid::FromBytes(result);
  }
  Uuid to_contact_id;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(to_contact_id, ReassignmentRun(tx, request).Run(key));
    return absl::OkStatus();
  }));
  return to_contact_id;
}

// Has the response know the purchase if it is the earliest.
void AddPurchase(const v1::Interaction& moved,
                 v1::ReassignInteractionsResponse& response) {
  if (moved.kind() != v1::KIND_PURCHASE || IsOfForm(moved)) return;
  if (response.has_purchase_time() &&
      base::ToMicros(response.purchase_time()) <=
          base::ToMicros(moved.occurred_time())) {
    return;
  }
  *response.mutable_purchase_time() = moved.occurred_time();
}

}  // namespace

absl::StatusOr<v1::ReassignInteractionsResponse> ReassignmentStore::Reassign(
    const Tx& tx, const v1::ReassignInteractionsRequest& request) const {
  KITH_ASSIGN_OR_RETURN(const Uuid to_contact_id, ReassignOnce(tx, request));
  v1::ReassignInteractionsResponse response;
  response.set_contact_id(to_contact_id.ToString());
  for (const v1::InteractionName& name : request.interactions()) {
    KITH_ASSIGN_OR_RETURN(const std::optional<v1::Interaction> moved,
                          ReadInteraction(tx, LocationAt(to_contact_id, name)));
    if (!moved.has_value()) continue;
    auto& shown = *response.add_interactions();
    shown.set_interaction_id(moved->interaction_id());
    shown.set_thread_id(moved->thread_id());
    AddPurchase(*moved, response);
  }
  return response;
}

}  // namespace kith::interactions
