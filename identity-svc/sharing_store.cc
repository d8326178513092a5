#include "identity-svc/sharing_store.h"

#include <iterator>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "identity-svc/claim_plan.h"
#include "identity-svc/holding.h"
#include "identity-svc/holding_plan.h"
#include "identity-svc/holding_request.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/locked_identity.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;

// The key of a request, without the fields that may differ in a retry.
mysql::IdempotencyKey LogKeyOf(const Tx& tx,
                               v1::UnshareIdentityRequest request) {
  request.clear_remove_member_ids();
  return mysql::KeyOf(tx, request);
}

HoldingSharing SharingOf(const Tx& tx,
                         const v1::ShareIdentityRequest& request) {
  HoldingSharing sharing;
  for (const std::string& id : request.contact_ids()) {
    sharing.contact_ids.push_back(*Uuid::Parse(id));
  }
  sharing.stand_in_id = *Uuid::Parse(request.proposed_stand_in_contact_id());
  sharing.now_micros = absl::ToUnixMicros(tx.now);
  sharing.assurance = tx.context.principal->assurance;
  sharing.source = tx.context.principal->key_id;
  sharing.reason = request.reason();
  return sharing;
}

HoldingUnsharing UnsharingOf(const Tx& tx,
                             const v1::UnshareIdentityRequest& request) {
  HoldingUnsharing unsharing;
  if (!request.keep_contact_id().empty()) {
    unsharing.keeper = *Uuid::Parse(request.keep_contact_id());
  }
  unsharing.removed =
      IdsOf(request.remove_contact_id(), request.remove_member_ids());
  unsharing.now_micros = absl::ToUnixMicros(tx.now);
  unsharing.assurance = tx.context.principal->assurance;
  unsharing.source = tx.context.principal->key_id;
  unsharing.reason = request.reason();
  return unsharing;
}

// FAILED_PRECONDITION if the contact holds or shares any value, as a person's
// does. Takes no lock: of callers who propose one id for two values at once,
// both get it, and it holds nothing but shared values all the same.
absl::Status CheckHoldsNothing(const Tx& tx, const Uuid& stand_in) {
  KITH_ASSIGN_OR_RETURN(const auto keys,
                        SelectKeysOfContacts(tx, {{stand_in, ""}}, 1));
  if (keys.front().empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "proposed_stand_in_contact_id: the contact holds another value");
}

// Has people share the value; answers the bytes of the contact whose holding
// has ended.
absl::StatusOr<std::string> ShareHolding(const Tx& tx, LockedIdentity& locked,
                                         const HoldingSharing& sharing) {
  if (sharing.contact_ids.empty()) return mysql::NothingToRepeatError();
  const std::string& key = locked.identity.identity_key();
  KITH_ASSIGN_OR_RETURN(const Holdings holdings, SelectHoldingsOf(tx, key));
  KITH_ASSIGN_OR_RETURN(const SharedHolding plan, PlanShare(holdings, sharing));
  if (!plan.begins) {
    if (plan.added.empty()) return "";
    KITH_RETURN_IF_ERROR(ChangeSharers(tx, key, plan.shared, plan.added, {}));
    KITH_RETURN_IF_ERROR(AddSharingChange(tx, locked, plan.shared, {}));
    return "";
  }
  KITH_RETURN_IF_ERROR(CheckHoldsNothing(tx, plan.shared.contact_id));
  if (plan.ended.has_value()) {
    KITH_RETURN_IF_ERROR(EndHolding(tx, key, *plan.ended));
    KITH_RETURN_IF_ERROR(AddHoldingChange(tx, locked, *plan.ended));
  }
  KITH_RETURN_IF_ERROR(InsertHolding(tx, key, plan.shared));
  KITH_RETURN_IF_ERROR(AddHoldingChange(tx, locked, plan.shared));
  return plan.ended.has_value() ? std::string(plan.ended->contact_id.bytes())
                                : "";
}

// Ends the sharing, or takes some from those who share the value; answers the
// start of the stand-in's holding, which tells it from others, and behind a '/'
// the contact that keeps the value, if one does.
absl::StatusOr<std::string> UnshareHolding(const Tx& tx, LockedIdentity& locked,
                                           const HoldingUnsharing& unsharing) {
  const std::string& key = locked.identity.identity_key();
  KITH_ASSIGN_OR_RETURN(const Holdings holdings, SelectHoldingsOf(tx, key));
  KITH_ASSIGN_OR_RETURN(const UnsharedHolding plan,
                        PlanUnshare(holdings, unsharing));
  if (!plan.removed.empty()) {
    KITH_RETURN_IF_ERROR(ChangeSharers(tx, key, plan.shared, {}, plan.removed));
    KITH_RETURN_IF_ERROR(
        AddSharingChange(tx, locked, plan.shared, plan.removed));
  } else {
    KITH_RETURN_IF_ERROR(EndHolding(tx, key, plan.shared));
    KITH_RETURN_IF_ERROR(AddHoldingChange(tx, locked, plan.shared));
  }
  if (plan.begun.has_value()) {
    KITH_RETURN_IF_ERROR(InsertHolding(tx, key, *plan.begun));
    KITH_RETURN_IF_ERROR(AddHoldingChange(tx, locked, *plan.begun));
  }
  const std::string start = absl::StrCat(plan.shared.start_micros);
  return plan.begun.has_value()
             ? absl::StrCat(start, "/", plan.begun->contact_id.ToString())
             : start;
}

// Answers the stand-in's holding that the result of UnshareHolding names, or
// the one after it if that is the keeper's. A repeat may name no keeper.
absl::Status AnswerUnshare(const Tx& tx, const std::string& key,
                           const std::string& result,
                           v1::UnshareIdentityResponse& response) {
  KITH_ASSIGN_OR_RETURN(const StoredValue stored, SelectValue(tx, key));
  const std::vector<std::string> parts = absl::StrSplit(result, '/');
  const auto shared = absl::c_find_if(stored.holdings, [&](const Holding& one) {
    return absl::StrCat(one.start_micros) == parts.front();
  });
  if (shared == stored.holdings.end()) {
    return absl::NotFoundError("value: its holdings have moved since");
  }
  response.set_stand_in_contact_id(shared->contact_id.ToString());
  const auto next = std::next(shared);
  const bool kept = parts.size() > 1 && next != stored.holdings.end() &&
                    next->contact_id == Uuid::Parse(parts.back());
  *response.mutable_identity() = Shown(stored.identity, kept ? *next : *shared);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ShareIdentityResponse> SharingStore::Share(
    const Tx& tx, const v1::ShareIdentityRequest& request) const {
  KITH_ASSIGN_OR_RETURN(const Reading reading,
                        ReadIdentity(tx, request.value()));
  const mysql::IdempotencyKey log = mysql::KeyOf(tx, request);
  const HoldingSharing sharing = SharingOf(tx, request);
  v1::ShareIdentityResponse response;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    response.Clear();
    KITH_ASSIGN_OR_RETURN(LockedIdentity locked,
                          LockOrInsert(tx, reading.identity));
    const std::string key = locked.identity.identity_key();
    KITH_ASSIGN_OR_RETURN(const std::string former, Once(tx, log, [&] {
                            return ShareHolding(tx, locked, sharing);
                          }));
    if (!former.empty()) {
      response.set_former_contact_id(Uuid::FromBytes(former).ToString());
    }
    KITH_ASSIGN_OR_RETURN(*response.mutable_identity(),
                          WithHolding(tx, key, IsShared));
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::UnshareIdentityResponse> SharingStore::Unshare(
    const Tx& tx, const v1::UnshareIdentityRequest& request) const {
  const Reading reading = Read(request.value(), *tx.context.principal->tenant);
  const mysql::IdempotencyKey log = LogKeyOf(tx, request);
  const HoldingUnsharing unsharing = UnsharingOf(tx, request);
  v1::UnshareIdentityResponse response;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    response.Clear();
    KITH_ASSIGN_OR_RETURN(LockedIdentity locked, Lock(tx, reading.identity));
    const std::string key = locked.identity.identity_key();
    KITH_ASSIGN_OR_RETURN(const std::string result, Once(tx, log, [&] {
                            return UnshareHolding(tx, locked, unsharing);
                          }));
    return AnswerUnshare(tx, key, result, response);
  }));
  return response;
}

}  // namespace kith::identity
