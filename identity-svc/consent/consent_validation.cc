#include "identity-svc/consent/consent_validation.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/times.h"
#include "identity-svc/consent/consent_scope.h"
#include "identity-svc/values/value_validation.h"

namespace kith::identity {
namespace {

using api::Violations;
using google::protobuf::Timestamp;

constexpr int kMaxTopicCharacters = 100;
constexpr int kMaxRequests = 1'000;
constexpr size_t kDigestBytes = 32;

// Beyond what clocks that differ can explain.
constexpr absl::Duration kMostAhead = absl::Hours(24);

bool HasValue(const v1::RecordConsentRequest& request) {
  return request.has_value() || !request.consent().identity_key().empty();
}

void CheckTime(Violations& violations, absl::string_view field,
               const Timestamp& time) {
  if (!base::IsValid(time)) {
    violations.Add(field, "want a time between the years 1 and 9999");
  }
}

void CheckPast(Violations& violations, absl::string_view field,
               const Timestamp& time, absl::Time now) {
  CheckTime(violations, field, time);
  if (base::IsValid(time) && base::FromProto(time) > now + kMostAhead) {
    violations.Add(field, "more than a day ahead of the clock");
  }
}

// What a record is for: a value by key or as typed, a channel, or all.
void CheckScope(Violations& violations,
                const v1::RecordConsentRequest& request) {
  const v1::Consent& consent = request.consent();
  violations.OptionalIdentityKey("consent.identity_key",
                                 consent.identity_key());
  if (!v1::Channel_IsValid(consent.channel())) {
    violations.Add("consent.channel", "is not a value of it");
  }
  if (request.has_value()) {
    CheckWriteValue(violations, "value", request.value());
    if (!consent.identity_key().empty()) {
      violations.Add("value", "beside consent.identity_key, want one of them");
    }
  }
  if (HasValue(request) && consent.channel() != v1::CHANNEL_UNSPECIFIED) {
    violations.Add("consent.channel", "beside a channel value, want none");
  }
  if (consent.state() == v1::CONSENT_STATE_PENDING && !HasValue(request)) {
    violations.Add("consent.identity_key",
                   "empty, want a channel value for PENDING");
  }
}

void CheckSubject(Violations& violations, const v1::Consent& consent) {
  using enum v1::ConsentPurpose;
  const bool refused = consent.state() == v1::CONSENT_STATE_REFUSED;
  if (!Covers(CONSENT_PURPOSE_ALL, consent.purpose())) {
    violations.Add("consent.purpose", "want MARKETING, SALES, SHARE or ALL");
  } else if (consent.purpose() == CONSENT_PURPOSE_ALL && !refused) {
    violations.Add("consent.purpose", "ALL, want one purpose unless REFUSED");
  }
  if (consent.state() == v1::CONSENT_STATE_UNSPECIFIED ||
      !v1::ConsentState_IsValid(consent.state())) {
    violations.Add("consent.state", "want GRANTED, PENDING or REFUSED");
  }
  violations.AtMost("consent.topic", consent.topic(), kMaxTopicCharacters);
  if (consent.purpose() == CONSENT_PURPOSE_ALL && !consent.topic().empty()) {
    violations.Add("consent.topic", "with the purpose ALL, want none");
  }
}

void CheckEffect(Violations& violations, const v1::Consent& consent) {
  const bool start = consent.has_effective_start_time();
  const bool end = consent.has_effective_end_time();
  if ((start || end) && consent.state() != v1::CONSENT_STATE_GRANTED) {
    violations.Add(
        start ? "consent.effective_start_time" : "consent.effective_end_time",
        "want none unless GRANTED");
  }
  CheckTime(violations, "consent.effective_start_time",
            consent.effective_start_time());
  CheckTime(violations, "consent.effective_end_time",
            consent.effective_end_time());
  if (!end || !base::IsValid(consent.effective_end_time())) return;
  const int64_t ends = base::ToMicros(consent.effective_end_time());
  if (ends <= 0 ||
      (start && ends <= base::ToMicros(consent.effective_start_time())) ||
      (consent.has_captured_time() &&
       ends <= base::ToMicros(consent.captured_time()))) {
    violations.Add("consent.effective_end_time",
                   "want a time after effective_start_time, captured_time and "
                   "the year 1970");
  }
}

void CheckSource(Violations& violations, const v1::Consent& consent) {
  constexpr int kMaxExternalIdCharacters = 200;
  if (consent.source().empty() != consent.external_id().empty()) {
    violations.Add(
        consent.source().empty() ? "consent.source" : "consent.external_id",
        "empty, want source and external_id together");
  }
  if (!consent.source().empty() &&
      !api::IsName(consent.source(), /*digit_first=*/true)) {
    violations.Add("consent.source",
                   "want 1 to 64 of the characters a-z 0-9 _ . -, beginning "
                   "with a letter or a digit");
  }
  violations.AtMost("consent.external_id", consent.external_id(),
                    kMaxExternalIdCharacters);
}

void CheckCapture(Violations& violations, const v1::Consent& consent,
                  absl::Time now) {
  if (consent.captured_by() == v1::CONSENT_CAPTURER_UNSPECIFIED ||
      !v1::ConsentCapturer_IsValid(consent.captured_by())) {
    violations.Add("consent.captured_by", "want PERSON, AGENT or SYSTEM");
  }
  if (consent.method() == v1::CONSENT_METHOD_UNSPECIFIED ||
      !v1::ConsentMethod_IsValid(consent.method())) {
    violations.Add("consent.method", "not set, want one");
  } else if (consent.method() == v1::CONSENT_METHOD_PROVIDER &&
             consent.state() != v1::CONSENT_STATE_REFUSED) {
    violations.Add("consent.method",
                   "PROVIDER, want REFUSED: the end of a block grants nothing");
  }
  violations.AtMost("consent.agent", consent.agent(), 320);
  violations.AtMost("consent.text.text_id", consent.text().text_id(), 200);
  violations.AtMost("consent.text.language", consent.text().language(), 35);
  if (const size_t bytes = consent.text().sha256().size();
      bytes != 0 && bytes != kDigestBytes) {
    violations.Add("consent.text.sha256",
                   absl::StrCat(bytes, " bytes, want 32"));
  }
  violations.OptionalUuid("consent.evidence.interaction_id",
                          consent.evidence().interaction_id());
  violations.AtMost("consent.evidence.uri", consent.evidence().uri(), 2'000);
  violations.AtMost("consent.evidence.provider_id",
                    consent.evidence().provider_id(), 200);
  CheckPast(violations, "consent.evidence.link_time",
            consent.evidence().link_time(), now);
  CheckSource(violations, consent);
}

void CheckConfirmation(Violations& violations,
                       const v1::RecordConsentRequest& request,
                       absl::Time now) {
  const v1::Consent& consent = request.consent();
  const v1::ConsentConfirmation& proof = consent.confirmation();
  constexpr char kField[] = "consent.confirmation";
  if (consent.state() != v1::CONSENT_STATE_GRANTED || !HasValue(request) ||
      consent.captured_by() != v1::CONSENT_CAPTURER_PERSON ||
      consent.method() == v1::CONSENT_METHOD_IMPORT) {
    violations.Add(kField,
                   "only for GRANTED, for a channel value, by the PERSON, not "
                   "by IMPORT");
  }
  violations.OptionalIdentityKey(absl::StrCat(kField, ".identity_key"),
                                 proof.identity_key());
  if (!proof.has_confirmed_time()) {
    violations.Add(absl::StrCat(kField, ".confirmed_time"), "not set");
  }
  CheckPast(violations, absl::StrCat(kField, ".confirmed_time"),
            proof.confirmed_time(), now);
  if (proof.token_id().empty()) {
    violations.Add(absl::StrCat(kField, ".token_id"),
                   "empty, want 1 to 200 characters");
  }
  violations.AtMost(absl::StrCat(kField, ".token_id"), proof.token_id(), 200);
}

// A grant without anything to show for it is none.
void CheckEvidence(Violations& violations, const v1::Consent& consent) {
  if (consent.state() != v1::CONSENT_STATE_GRANTED) return;
  if (consent.evidence().ByteSizeLong() > 0) return;
  if (consent.method() == v1::CONSENT_METHOD_IMPORT) {
    violations.Add("consent.evidence", "empty, want it for GRANTED by IMPORT");
    return;
  }
  if (consent.has_confirmation() || !consent.text().text_id().empty() ||
      !consent.text().sha256().empty()) {
    return;
  }
  violations.Add("consent.evidence",
                 "empty, want evidence, text or confirmation for GRANTED");
}

void CheckContacts(Violations& violations, const v1::MayContactRequest& one) {
  violations.Count("contact_ids", one.contact_ids_size(), 1,
                   api::kMaxGroupSize);
  for (const std::string& id : one.contact_ids()) {
    violations.Uuid("contact_ids", id);
  }
  int64_t ids = 0;
  for (const v1::SharingGroup& group : one.sharing_groups()) {
    violations.Count("sharing_groups.contact_ids", group.contact_ids_size(), 1,
                     api::kMaxGroupSize);
    for (const std::string& id : group.contact_ids()) {
      violations.Uuid("sharing_groups.contact_ids", id);
    }
    ids += group.contact_ids_size();
  }
  violations.Count("contact_ids over all sharing_groups", ids, 0,
                   api::kMaxGroupSize);
}

}  // namespace

absl::Status Validate(const v1::RecordConsentRequest& request, absl::Time now) {
  Violations violations;
  const v1::Consent& consent = request.consent();
  violations.UuidUnlessRepeat("contact_id", request.contact_id(),
                              request.forwarded().fingerprint());
  violations.Count("member_ids", request.member_ids_size(), 0,
                   api::kMaxGroupSize);
  for (const std::string& id : request.member_ids()) {
    violations.Uuid("member_ids", id);
  }
  violations.RequestFingerprint(request.forwarded().fingerprint());
  violations.RequestId(request.request_id());
  CheckScope(violations, request);
  CheckSubject(violations, consent);
  CheckPast(violations, "consent.captured_time", consent.captured_time(), now);
  CheckEffect(violations, consent);
  CheckCapture(violations, consent, now);
  if (consent.has_confirmation()) CheckConfirmation(violations, request, now);
  CheckEvidence(violations, consent);
  return violations.ToStatus();
}

absl::Status Validate(const v1::ListConsentsRequest& request) {
  Violations violations;
  violations.Count("set.contact_ids", request.set().contact_ids_size(), 1,
                   api::kMaxGroupSize);
  for (const std::string& id : request.set().contact_ids()) {
    violations.Uuid("set.contact_ids", id);
  }
  violations.PageSize(request.page_size());
  return violations.ToStatus();
}

absl::Status Validate(const v1::MayContactRequest& request) {
  Violations violations;
  CheckContacts(violations, request);
  violations.OptionalIdentityKey("identity_key", request.identity_key());
  if (request.has_value()) {
    CheckWriteValue(violations, "value", request.value());
    if (!request.identity_key().empty()) {
      violations.Add("value", "beside identity_key, want one of them");
    }
  }
  if (!v1::Channel_IsValid(request.channel())) {
    violations.Add("channel", "is not a value of it");
  } else if (request.channel() != v1::CHANNEL_UNSPECIFIED &&
             (request.has_value() || !request.identity_key().empty())) {
    violations.Add("channel", "beside a channel value, want none");
  }
  if (!Covers(v1::CONSENT_PURPOSE_ALL, request.purpose()) &&
      !AlwaysPasses(request.purpose())) {
    violations.Add("purpose", "not set, want one");
  } else if (request.purpose() == v1::CONSENT_PURPOSE_ALL) {
    violations.Add("purpose", "ALL, want one purpose");
  }
  violations.AtMost("topic", request.topic(), kMaxTopicCharacters);
  return violations.ToStatus();
}

absl::Status Validate(const v1::BatchMayContactRequest& request) {
  Violations violations;
  violations.Count("requests", request.requests_size(), 1, kMaxRequests);
  int64_t ids = 0;
  for (const v1::MayContactRequest& one : request.requests()) {
    ids += one.contact_ids_size();
  }
  violations.Count("contact_ids over all requests", ids, 0, api::kMaxGroupSize);
  return violations.ToStatus();
}

}  // namespace kith::identity
