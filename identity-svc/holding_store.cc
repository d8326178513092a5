#include "identity-svc/holding_store.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "identity-svc/claim_plan.h"
#include "identity-svc/consent/consent_move.h"
#include "identity-svc/holding_plan.h"
#include "identity-svc/holding_request.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_candidates.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/locked_identity.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;

// The key of a request, without the fields that may differ in a retry.
mysql::IdempotencyKey KeyOf(const Tx& tx, v1::LinkIdentityRequest request) {
  request.clear_member_ids();
  request.clear_absent_contact_ids();
  return mysql::KeyOf(tx, request);
}
mysql::IdempotencyKey KeyOf(const Tx& tx, v1::UnlinkIdentityRequest request) {
  request.clear_member_ids();
  request.clear_absent_contact_ids();
  return mysql::KeyOf(tx, request);
}
mysql::IdempotencyKey KeyOf(const Tx& tx, v1::VerifyHoldingRequest request) {
  request.clear_member_ids();
  return mysql::KeyOf(tx, request);
}
mysql::IdempotencyKey KeyOf(const Tx& tx, v1::MoveIdentityRequest request) {
  request.clear_from_member_ids();
  request.clear_to_member_ids();
  return mysql::KeyOf(tx, request);
}

// True if the request says that the holder is no contact.
template <typename Request>
bool IsNamedAbsent(const Request& request, const Holding& holding) {
  return absl::c_any_of(request.absent_contact_ids(),
                        [&](const std::string& id) {
                          return Uuid::Parse(id) == holding.contact_id;
                        });
}

// True if the request says so, and the holding is not of a touch that still
// makes its contact.
template <typename Request>
absl::StatusOr<bool> IsAbsent(const Tx& tx, const std::string& key,
                              const Request& request, const Holding& holding) {
  if (!IsNamedAbsent(request, holding)) return false;
  KITH_ASSIGN_OR_RETURN(const int64_t create_micros,
                        SelectCreateMicros(tx, key));
  return !MayBeInTheMaking(holding, create_micros, absl::ToUnixMicros(tx.now));
}

// Gives the value to the contact of the request, where nobody holds it. Answers
// the bytes of the holder, who is one of its `ids`.
absl::StatusOr<std::string> Hold(const Tx& tx, LockedIdentity& locked,
                                 const v1::LinkIdentityRequest& request,
                                 const CustomerIds& ids) {
  if (ids.empty()) return mysql::NothingToRepeatError();
  const std::string& key = locked.identity.identity_key();
  KITH_ASSIGN_OR_RETURN(Holdings holdings, SelectHoldingsOf(tx, key));
  if (const Holding* const open = OpenHolding(holdings); open != nullptr) {
    if (ids.contains(open->contact_id)) {
      Holding known = *open;
      if (RaiseAssurance(tx.context.principal->assurance,
                         tx.context.principal->key_id, known)) {
        KITH_RETURN_IF_ERROR(ChangeHolding(tx, key, known, known.start_micros));
        KITH_RETURN_IF_ERROR(AddHoldingChange(tx, locked, known));
      }
      return std::string(known.contact_id.bytes());
    }
    // What people share is theirs, whether or not its stand-in is made yet.
    if (IsShared(*open)) return SharedError(*open);
    KITH_ASSIGN_OR_RETURN(const bool absent, IsAbsent(tx, key, request, *open));
    if (!absent) {
      return absl::AlreadyExistsError(absl::StrCat(
          "value: held by the contact ", open->contact_id.ToString()));
    }
    KITH_ASSIGN_OR_RETURN(holdings.back(), EndHoldingNow(tx, locked, *open));
  }
  const Holding begun{
      .contact_id = *Uuid::Parse(request.contact_id()),
      .start_micros = StartOfNext(holdings, absl::ToUnixMicros(tx.now)),
      .end_micros = std::nullopt,
      .assurance = tx.context.principal->assurance,
      .source = tx.context.principal->key_id};
  KITH_RETURN_IF_ERROR(InsertHolding(tx, key, begun));
  KITH_RETURN_IF_ERROR(AddHoldingChange(tx, locked, begun));
  return std::string(begun.contact_id.bytes());
}

std::string EndOf(const Holding& holding) {
  return holding.end_micros.has_value() ? absl::StrCat(*holding.end_micros)
                                        : "";
}

HoldingEnding EndingOf(const Tx& tx, const v1::UnlinkIdentityRequest& request) {
  HoldingEnding ending;
  ending.holders = IdsOf(request.contact_id(), request.member_ids());
  ending.now_micros = absl::ToUnixMicros(tx.now);
  if (request.has_end_time()) {
    ending.end_micros = base::ToMicros(request.end_time());
  }
  ending.source = tx.context.principal->key_id;
  ending.reason = request.reason();
  return ending;
}

// Ends the holding of the value by one of the request's contacts; answers EndOf
// it.
absl::StatusOr<std::string> End(const Tx& tx, LockedIdentity& locked,
                                const v1::UnlinkIdentityRequest& request) {
  const HoldingEnding ending = EndingOf(tx, request);
  if (ending.holders.empty()) return mysql::NothingToRepeatError();
  const std::string& key = locked.identity.identity_key();
  KITH_ASSIGN_OR_RETURN(const Holdings holdings, SelectHoldingsOf(tx, key));
  KITH_ASSIGN_OR_RETURN(const Holding ended, PlanEnd(holdings, ending));
  KITH_ASSIGN_OR_RETURN(const bool absent, IsAbsent(tx, key, request, ended));
  if (IsNamedAbsent(request, ended) && !absent) {
    return absl::NotFoundError(
        "value: its holder has no contact yet, which a touch may be making");
  }
  KITH_RETURN_IF_ERROR(EndHolding(tx, key, ended));
  KITH_RETURN_IF_ERROR(AddHoldingChange(tx, locked, ended));
  return EndOf(ended);
}

HoldingMove MoveOf(const Tx& tx, const v1::MoveIdentityRequest& request) {
  HoldingMove move;
  move.from = IdsOf(request.from_contact_id(), request.from_member_ids());
  move.to = IdsOf(request.to_contact_id(), request.to_member_ids());
  if (!request.to_contact_id().empty()) {
    move.to_contact_id = *Uuid::Parse(request.to_contact_id());
  }
  if (request.has_from_time()) {
    move.from_micros = base::ToMicros(request.from_time());
  }
  move.never_theirs = request.never_theirs();
  move.now_micros = absl::ToUnixMicros(tx.now);
  move.assurance = tx.context.principal->assurance;
  move.source = tx.context.principal->key_id;
  move.reason = request.reason();
  return move;
}

// Writes changes of one value.
absl::Status WriteOf(const Tx& tx, const std::vector<HoldingChange>& changes,
                     const LockedIdentity& locked) {
  std::map<std::string, LockedIdentity> by_key;
  by_key[locked.identity.identity_key()] = locked;
  return WriteChanges(tx, changes, by_key);
}

HoldingProof ProofOf(const Tx& tx, const v1::VerifyHoldingRequest& request) {
  HoldingProof proof;
  proof.holders = IdsOf(request.contact_id(), request.member_ids());
  if (!request.contact_id().empty()) {
    proof.contact_id = *Uuid::Parse(request.contact_id());
  }
  proof.is_browser = request.value().channel() == v1::CHANNEL_VISITOR;
  proof.now_micros = absl::ToUnixMicros(tx.now);
  proof.verify_micros = proof.now_micros;
  if (request.has_verify_time()) {
    proof.verify_micros =
        std::min(base::ToMicros(request.verify_time()), proof.now_micros);
  }
  proof.method = request.method();
  proof.source = tx.context.principal->key_id;
  return proof;
}

// Gives the value to the contact of the proof; answers the bytes of the holder.
absl::StatusOr<std::string> Prove(const Tx& tx, const LockedIdentity& locked,
                                  const HoldingProof& proof) {
  if (proof.holders.empty()) return mysql::NothingToRepeatError();
  const std::string& key = locked.identity.identity_key();
  KITH_ASSIGN_OR_RETURN(const Holdings holdings, SelectHoldingsOf(tx, key));
  KITH_ASSIGN_OR_RETURN(const ProvenHolding proven,
                        PlanVerify(key, holdings, proof));
  KITH_RETURN_IF_ERROR(WriteOf(tx, proven.changes, locked));
  return std::string(proven.holder.bytes());
}

// Moves the holding of the value; answers the start of the new one.
absl::StatusOr<std::string> MoveHolding(const Tx& tx,
                                        const LockedIdentity& locked,
                                        const HoldingMove& move) {
  if (move.from.empty() || move.to.empty()) {
    return mysql::NothingToRepeatError();
  }
  const std::string& key = locked.identity.identity_key();
  KITH_ASSIGN_OR_RETURN(const Holdings holdings, SelectHoldingsOf(tx, key));
  KITH_ASSIGN_OR_RETURN(const MovedHolding moved, PlanMove(holdings, move));
  KITH_RETURN_IF_ERROR(
      WriteOf(tx, {{key, moved.ended, {}}, {key, moved.begun, {}}}, locked));
  if (move.never_theirs) {
    KITH_RETURN_IF_ERROR(
        CopyConsents(tx, key, moved.ended.contact_id, moved.begun.contact_id));
  }
  return absl::StrCat(moved.begun.start_micros);
}

// Answers the holding that begins at `start`, and the one before.
absl::Status AnswerMove(const Tx& tx, const std::string& key,
                        const std::string& start,
                        v1::MoveIdentityResponse& response) {
  KITH_ASSIGN_OR_RETURN(const StoredValue stored, SelectValue(tx, key));
  const auto begun = absl::c_find_if(stored.holdings, [&](const Holding& one) {
    return absl::StrCat(one.start_micros) == start;
  });
  if (begun == stored.holdings.begin() || begun == stored.holdings.end()) {
    return absl::NotFoundError("value: its holdings have moved since");
  }
  *response.mutable_identity() = Shown(stored.identity, *begun);
  *response.mutable_former_identity() =
      Shown(stored.identity, *std::prev(begun));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::LinkIdentityResponse> HoldingStore::Link(
    const Tx& tx, const v1::LinkIdentityRequest& request) const {
  KITH_ASSIGN_OR_RETURN(const Reading reading,
                        ReadIdentity(tx, request.value()));
  mysql::IdempotencyKey log = KeyOf(tx, request);
  // Without a request_id nothing is stored: a repeat finds its own holding.
  log.request_id = request.request_id();
  const CustomerIds ids = IdsOf(request.contact_id(), request.member_ids());
  v1::LinkIdentityResponse response;
  v1::Identity& identity = *response.mutable_identity();
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(LockedIdentity locked,
                          LockOrInsert(tx, reading.identity));
    const std::string& key = locked.identity.identity_key();
    KITH_ASSIGN_OR_RETURN(const std::string holder, Once(tx, log, [&] {
                            return Hold(tx, locked, request, ids);
                          }));
    KITH_ASSIGN_OR_RETURN(identity,
                          WithHolding(tx, key, [&](const Holding& holding) {
                            return holding.contact_id.bytes() == holder;
                          }));
    return absl::OkStatus();
  }));
  KITH_RETURN_IF_ERROR(AddCandidates(tx, response));
  return response;
}

absl::StatusOr<v1::UnlinkIdentityResponse> HoldingStore::Unlink(
    const Tx& tx, const v1::UnlinkIdentityRequest& request) const {
  const Reading reading = Read(request.value(), *tx.context.principal->tenant);
  const mysql::IdempotencyKey log = KeyOf(tx, request);
  v1::UnlinkIdentityResponse response;
  v1::Identity& identity = *response.mutable_identity();
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(LockedIdentity locked, Lock(tx, reading.identity));
    const std::string& key = locked.identity.identity_key();
    // The holding is known again by its end, which no other has.
    KITH_ASSIGN_OR_RETURN(const std::string end, Once(tx, log, [&] {
                            return End(tx, locked, request);
                          }));
    KITH_ASSIGN_OR_RETURN(identity,
                          WithHolding(tx, key, [&](const Holding& holding) {
                            return !IsVoid(holding) && EndOf(holding) == end;
                          }));
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::MoveIdentityResponse> HoldingStore::Move(
    const Tx& tx, const v1::MoveIdentityRequest& request) const {
  KITH_ASSIGN_OR_RETURN(const Reading reading,
                        ReadIdentity(tx, request.value()));
  const mysql::IdempotencyKey log = KeyOf(tx, request);
  const HoldingMove move = MoveOf(tx, request);
  v1::MoveIdentityResponse response;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(const LockedIdentity locked,
                          Lock(tx, reading.identity));
    const std::string key = locked.identity.identity_key();
    KITH_ASSIGN_OR_RETURN(const std::string start, Once(tx, log, [&] {
                            return MoveHolding(tx, locked, move);
                          }));
    return AnswerMove(tx, key, start, response);
  }));
  return response;
}

absl::StatusOr<v1::VerifyHoldingResponse> HoldingStore::Verify(
    const Tx& tx, const v1::VerifyHoldingRequest& request) const {
  KITH_ASSIGN_OR_RETURN(const Reading reading,
                        ReadIdentity(tx, request.value()));
  const mysql::IdempotencyKey log = KeyOf(tx, request);
  const HoldingProof proof = ProofOf(tx, request);
  v1::VerifyHoldingResponse response;
  v1::Identity& identity = *response.mutable_identity();
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(const LockedIdentity locked,
                          LockOrInsert(tx, reading.identity));
    KITH_ASSIGN_OR_RETURN(const std::string holder, Once(tx, log, [&] {
                            return Prove(tx, locked, proof);
                          }));
    KITH_ASSIGN_OR_RETURN(
        identity, WithHolding(tx, locked.identity.identity_key(),
                              [&](const Holding& holding) {
                                return holding.contact_id.bytes() == holder;
                              }));
    return absl::OkStatus();
  }));
  KITH_RETURN_IF_ERROR(AddCandidates(tx, response));
  return response;
}

}  // namespace kith::identity
