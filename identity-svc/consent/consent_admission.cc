#include "identity-svc/consent/consent_admission.h"

#include <algorithm>
#include <iterator>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/request_context.h"
#include "common/base/times.h"
#include "common/status/rpc_status.h"
#include "identity-svc/consent/consent_fold.h"

namespace kith::identity {

absl::Status CheckCaller(const v1::Consent& record) {
  if (base::IsByForm(record.assurance())) {
    if (record.state() != v1::CONSENT_STATE_PENDING) {
      return absl::PermissionDeniedError(
          "consent.state: an UNAUTHENTICATED key may only ask, want PENDING");
    }
    if (!record.source().empty()) {
      return absl::PermissionDeniedError(
          "consent.source: not for an UNAUTHENTICATED key");
    }
  }
  if (record.has_confirmation() &&
      record.assurance() != config::v1::ASSURANCE_VERIFIED) {
    return absl::PermissionDeniedError(
        "consent.confirmation: only for a VERIFIED key");
  }
  return absl::OkStatus();
}

absl::Status CheckNotRefused(const v1::Consent& record,
                             const ConsentFacts& facts) {
  if (record.state() != v1::CONSENT_STATE_GRANTED) return absl::OkStatus();
  const v1::ContactPermission by = Decide(ScopeOf(record), facts);
  if (by.reason() != v1::MAY_CONTACT_REASON_REFUSED &&
      by.reason() != v1::MAY_CONTACT_REASON_SUPPRESSED) {
    return absl::OkStatus();
  }
  return status::WithReason(
      "CONSENT_REFUSED",
      absl::FailedPreconditionError(absl::StrCat(
          "consent.state: ",
          by.consent_id().empty()
              ? "the channel value is suppressed"
              : absl::StrCat("refused by the record ", by.consent_id()),
          "; want a confirmation by the person for a channel value, said after "
          "the refusal was recorded")));
}

absl::Status CheckHeld(const v1::Consent& record, bool is_held) {
  if (is_held || record.state() == v1::CONSENT_STATE_REFUSED) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      "consent.identity_key: the customer does not hold the channel value, or "
      "did not when it was said; link it first, or if several people share it, "
      "record it for its stand-in contact");
}

const Suppression* AddToSuppressions(const v1::Consent& record,
                                     Suppressions& suppressions) {
  const bool refused = record.state() == v1::CONSENT_STATE_REFUSED;
  if (!refused && !IsConfirmation(record)) return nullptr;
  auto it = absl::c_find_if(suppressions, [&](const Suppression& each) {
    return each.purpose == record.purpose() && each.topic == record.topic();
  });
  if (it == suppressions.end()) {
    suppressions.push_back(
        {.purpose = record.purpose(), .topic = record.topic()});
    it = std::prev(suppressions.end());
  }
  if (refused) {
    it->refused_micros =
        std::max(it->refused_micros, base::ToMicros(record.recorded_time()));
  } else {
    it->lifted_micros = std::max(it->lifted_micros, SaidMicros(record));
  }
  return &*it;
}

}  // namespace kith::identity
