#include "identity-svc/holding_plan.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/times.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "identity-svc/sharing/sharing.h"

namespace kith::identity {

namespace {

// Returns the first moment after an open holding that ends now.
int64_t EndNow(const Holding& open, int64_t now_micros) {
  return std::max(now_micros, open.start_micros + 1);
}

// Returns the end of an open holding that is asked for. FAILED_PRECONDITION,
// which names `field`, if it is not after the start.
absl::StatusOr<int64_t> EndOfOpen(const Holding& open,
                                  std::optional<int64_t> asked,
                                  int64_t now_micros, absl::string_view field) {
  const int64_t now = EndNow(open, now_micros);
  const int64_t end = std::min(asked.value_or(now), now);
  if (end > open.start_micros) return end;
  return absl::FailedPreconditionError(
      absl::StrCat(field, ": want a time after the start of the holding, ",
                   absl::FormatTime(absl::FromUnixMicros(open.start_micros),
                                    absl::UTCTimeZone())));
}

void SetEnd(internal::v1::HoldingEndCause cause, const std::string& reason,
            const std::string& source, Holding& holding) {
  internal::v1::HoldingEnd& end = *holding.details.mutable_end();
  end.set_cause(cause);
  end.set_reason(reason);
  end.set_ended_by(source);
}

void SetVerification(const HoldingProof& proof, Holding& holding) {
  v1::Verification& verification = *holding.details.mutable_verification();
  verification.set_method(proof.method);
  *verification.mutable_verify_time() = base::ToProto(proof.verify_micros);
  verification.set_verified_by(proof.source);
}

// Makes a holding of the one who has proven it VERIFIED. Returns false if it
// stays as it is.
bool SetProven(const HoldingProof& proof, bool may_begin_earlier,
               Holding& known) {
  bool changed = false;
  if (may_begin_earlier && proof.verify_micros < known.start_micros) {
    known.start_micros = proof.verify_micros;
    changed = true;
  }
  if (known.assurance != config::v1::ASSURANCE_VERIFIED) {
    known.assurance = config::v1::ASSURANCE_VERIFIED;
    known.source = proof.source;
    changed = true;
  }
  const v1::Verification& last = known.details.verification();
  if (!known.details.has_verification() ||
      base::ToMicros(last.verify_time()) < proof.verify_micros) {
    SetVerification(proof, known);
    changed = true;
  }
  return changed;
}

// True if the holder at the time of the proof loses the value to it.
bool LosesTo(const HoldingProof& proof, const Holdings& holdings,
             const Holding& holder) {
  return !holder.end_micros.has_value() &&
         holder.assurance != config::v1::ASSURANCE_VERIFIED &&
         HolderAt(holdings, proof.verify_micros) == &holder;
}

absl::Status NotHeldError() {
  return absl::NotFoundError("value: the contact does not hold it");
}

// Returns FAILED_PRECONDITION if one of the ids holds or shares a value that is
// shared: it neither ends nor moves as one person's.
absl::Status CheckNotShared(const Holding& open, const CustomerIds& ids) {
  const bool theirs =
      IsShared(open) &&
      std::any_of(ids.begin(), ids.end(), [&](const base::Uuid& id) {
        return HoldsOrShares(open, id);
      });
  if (!theirs) return absl::OkStatus();
  return status::WithReason(
      "VALUE_SHARED",
      absl::FailedPreconditionError(
          "value: several people share it; UnshareIdentity ends that"));
}

// Ends the open holding, if there is one, and begins that of the stand-in.
SharedHolding BeginSharing(const Holdings& holdings,
                           const HoldingSharing& sharing) {
  SharedHolding plan;
  plan.begins = true;
  plan.shared = {.contact_id = sharing.stand_in_id,
                 .end_micros = std::nullopt,
                 .assurance = sharing.assurance,
                 .source = sharing.source};
  const Holding* const open = OpenHolding(holdings);
  if (open == nullptr) {
    plan.shared.start_micros = StartOfNext(holdings, sharing.now_micros);
    return plan;
  }
  plan.ended = *open;
  plan.ended->end_micros = EndNow(*open, sharing.now_micros);
  SetEnd(internal::v1::HOLDING_END_CAUSE_SHARED, sharing.reason, sharing.source,
         *plan.ended);
  plan.shared.start_micros = *plan.ended->end_micros;
  return plan;
}

}  // namespace

absl::Status SharedError(const Holding& shared) {
  return absl::AlreadyExistsError(
      absl::StrCat("value: held by the contact ", shared.contact_id.ToString(),
                   ", which stands in for those who share it"));
}

absl::StatusOr<Holding> PlanEnd(const Holdings& holdings,
                                const HoldingEnding& ending) {
  const Holding* const open = OpenHolding(holdings);
  if (open != nullptr) {
    KITH_RETURN_IF_ERROR(CheckNotShared(*open, ending.holders));
  }
  if (open == nullptr || !ending.holders.contains(open->contact_id)) {
    return NotHeldError();
  }
  Holding ended = *open;
  KITH_ASSIGN_OR_RETURN(
      ended.end_micros,
      EndOfOpen(*open, ending.end_micros, ending.now_micros, "end_time"));
  SetEnd(internal::v1::HOLDING_END_CAUSE_UNLINKED, ending.reason, ending.source,
         ended);
  return ended;
}

absl::StatusOr<MovedHolding> PlanMove(const Holdings& holdings,
                                      const HoldingMove& move) {
  const Holding* const open = OpenHolding(holdings);
  if (open != nullptr) {
    KITH_RETURN_IF_ERROR(CheckNotShared(*open, move.from));
  }
  if (open != nullptr && move.to.contains(open->contact_id)) {
    return absl::AlreadyExistsError(absl::StrCat("value: held by the contact ",
                                                 open->contact_id.ToString(),
                                                 " already"));
  }
  if (open == nullptr || !move.from.contains(open->contact_id)) {
    return NotHeldError();
  }
  MovedHolding moved{.ended = *open, .begun = {}};
  int64_t& start = moved.begun.start_micros;
  if (move.never_theirs) {
    // Rows are told apart by their starts.
    moved.ended.end_micros = open->start_micros;
    start = open->start_micros + 1;
  } else {
    KITH_ASSIGN_OR_RETURN(start, EndOfOpen(*open, move.from_micros,
                                           move.now_micros, "from_time"));
    moved.ended.end_micros = start;
  }
  SetEnd(internal::v1::HOLDING_END_CAUSE_MOVED, move.reason, move.source,
         moved.ended);
  moved.begun.contact_id = move.to_contact_id;
  moved.begun.assurance = move.assurance;
  moved.begun.source = move.source;
  return moved;
}

absl::StatusOr<ProvenHolding> PlanVerify(const std::string& identity_key,
                                         const Holdings& holdings,
                                         const HoldingProof& proof) {
  const Holding* const holder = HolderOfEvent(holdings, proof.verify_micros);
  ProvenHolding proven;
  if (holder != nullptr && IsShared(*holder)) return SharedError(*holder);
  if (holder != nullptr && proof.holders.contains(holder->contact_id)) {
    proven.holder = holder->contact_id;
    Holding known = *holder;
    if (SetProven(proof, VoidBefore(holdings, known) == nullptr, known)) {
      proven.changes.push_back(
          {identity_key, std::move(known), holder->start_micros});
    }
    return proven;
  }
  Holding begun{.contact_id = proof.contact_id,
                .end_micros = std::nullopt,
                .assurance = config::v1::ASSURANCE_VERIFIED,
                .source = proof.source};
  SetVerification(proof, begun);
  if (holder == nullptr) {
    begun.start_micros = StartOfNext(holdings, proof.verify_micros);
  } else {
    if (!LosesTo(proof, holdings, *holder)) {
      return absl::AlreadyExistsError(absl::StrCat(
          "value: held by the contact ", holder->contact_id.ToString()));
    }
    Holding ended = *holder;
    const bool is_of_form =
        ended.assurance == config::v1::ASSURANCE_UNAUTHENTICATED;
    EndAsTaken(proof.verify_micros, is_of_form && !proof.is_browser, ended);
    SetEnd(internal::v1::HOLDING_END_CAUSE_PROVEN_BY_OTHER, "", proof.source,
           ended);
    begun.start_micros = StartAfterTaken(ended, proof.now_micros);
    proven.changes.push_back({identity_key, std::move(ended), std::nullopt});
  }
  proven.holder = begun.contact_id;
  proven.changes.push_back({identity_key, std::move(begun), std::nullopt});
  return proven;
}

absl::StatusOr<SharedHolding> PlanShare(const Holdings& holdings,
                                        const HoldingSharing& sharing) {
  const Holding* const open = OpenHolding(holdings);
  SharedHolding plan;
  std::vector<base::Uuid> contacts;
  if (open != nullptr && IsShared(*open)) {
    plan.shared = *open;
  } else {
    plan = BeginSharing(holdings, sharing);
    if (open != nullptr) contacts.push_back(open->contact_id);
  }
  contacts.insert(contacts.end(), sharing.contact_ids.begin(),
                  sharing.contact_ids.end());
  internal::v1::Sharing& sharers = *plan.shared.details.mutable_sharing();
  plan.added = AddSharers(
      contacts,
      plan.begins ? plan.shared.start_micros
                  : std::max(sharing.now_micros, plan.shared.start_micros),
      sharers);
  const std::vector<base::Uuid> all = SharersOf(sharers);
  if (all.size() > kMaxSharers) {
    return absl::FailedPreconditionError(absl::StrCat(
        "contact_ids: ", all.size(),
        " contacts would share the value, want at most ", kMaxSharers));
  }
  if (absl::c_linear_search(all, plan.shared.contact_id)) {
    return absl::FailedPreconditionError(
        "contact_ids: the stand-in contact of the value is one of those who "
        "would share it");
  }
  return plan;
}

absl::StatusOr<UnsharedHolding> PlanUnshare(const Holdings& holdings,
                                            const HoldingUnsharing& unsharing) {
  const Holding* const open = OpenHolding(holdings);
  if (open == nullptr || !IsShared(*open)) {
    return absl::NotFoundError("value: it is not shared");
  }
  if (unsharing.keeper == open->contact_id) {
    return absl::InvalidArgumentError(
        "keep_contact_id: the stand-in contact of the value");
  }
  UnsharedHolding plan;
  plan.shared = *open;
  if (!unsharing.removed.empty()) {
    internal::v1::Sharing& sharers = *plan.shared.details.mutable_sharing();
    plan.removed = EndSharers(unsharing.removed, unsharing.now_micros, sharers);
    if (plan.removed.empty()) {
      return absl::NotFoundError(
          "remove_contact_id: the contact does not share the value");
    }
    if (!SharersOf(sharers).empty()) return plan;
    // The last ones share the value until the holding ends.
    plan.shared = *open;
    plan.removed.clear();
  }
  plan.shared.end_micros = EndNow(*open, unsharing.now_micros);
  SetEnd(internal::v1::HOLDING_END_CAUSE_UNSHARED, unsharing.reason,
         unsharing.source, plan.shared);
  if (!unsharing.keeper.has_value()) return plan;
  plan.begun = Holding{.contact_id = *unsharing.keeper,
                       .start_micros = *plan.shared.end_micros,
                       .end_micros = std::nullopt,
                       .assurance = unsharing.assurance,
                       .source = unsharing.source};
  return plan;
}

}  // namespace kith::identity
