#include "gateway/links/refusal.h"

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/base/sha256.h"
#include "common/base/uuid.h"
#include "common/status/rpc_status.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::gateway {
namespace {

using identity::v1::Consent;
using internal::v1::UnsubscribeLinkBody;

// Nobody has said anything as this contact, so that only a suppression, which
// is of the value, stops what is asked for it.
constexpr char kNoContact[] = "00000000-0000-0000-0000-000000000000";

std::string UuidText(const std::string& uuid_bytes) {
  return base::Uuid::FromBytes(uuid_bytes).ToString();
}

Consent RefusalBy(const UnsubscribeLinkBody& link) {
  Consent refusal;
  refusal.set_identity_key(absl::BytesToHexString(link.identity_key()));
  refusal.set_purpose(
      static_cast<identity::v1::ConsentPurpose>(link.purpose()));
  refusal.set_topic(link.topic());
  refusal.set_state(identity::v1::CONSENT_STATE_REFUSED);
  refusal.set_captured_by(identity::v1::CONSENT_CAPTURER_PERSON);
  refusal.set_method(identity::v1::CONSENT_METHOD_LINK);
  auto& evidence = *refusal.mutable_evidence();
  evidence.mutable_link_time()->set_seconds(link.issue_seconds());
  if (!link.interaction_id().empty()) {
    evidence.set_interaction_id(UuidText(link.interaction_id()));
  }
  return refusal;
}

// Not by the value, which may have got another key since. A link of the same
// second for another value is told by what counts for that.
bool IsSame(const Consent& a, const Consent& b) {
  return a.purpose() == b.purpose() && a.topic() == b.topic() &&
         a.state() == b.state() && a.method() == b.method() &&
         a.evidence().link_time().seconds() ==
             b.evidence().link_time().seconds();
}

// Returns the id of the last record of the link, or "" if it has none.
Task<absl::StatusOr<std::string>> FindRecord(
    const Backends& backends, const base::RequestContext& context,
    const std::string& contact_id, const Consent& refusal) {
  identity::v1::ListConsentsRequest list;
  list.mutable_set()->add_contact_ids(contact_id);
  list.set_page_size(api::kMaxItemsPerCall);
  auto call = backends.Identity(&Backends::IdentityStub::ListConsents,
                                std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto listed, co_await call);
  for (const Consent& each : listed.consents()) {
    if (IsSame(each, refusal)) co_return each.consent_id();
  }
  co_return std::string();
}

// Returns true if the value is suppressed for whomever holds it.
Task<absl::StatusOr<bool>> IsSuppressed(const Backends& backends,
                                        const base::RequestContext& context,
                                        const Consent& refusal) {
  identity::v1::BatchMayContactRequest batch;
  auto& question = *batch.add_requests();
  question.add_contact_ids(kNoContact);
  question.set_identity_key(refusal.identity_key());
  question.set_purpose(refusal.purpose());
  question.set_topic(refusal.topic());
  auto call = backends.Identity(&Backends::IdentityStub::BatchMayContact,
                                std::move(batch), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto answered, co_await call);
  const auto& result = answered.results(0);
  if (result.has_error()) co_return status::FromProto(result.error());
  co_return result.response().reason() ==
      identity::v1::MAY_CONTACT_REASON_SUPPRESSED;
}

// The same for POSTs at once, and another one after each refusal of the link
// that does not count any more.
std::string RefusalRequestId(absl::string_view token, const std::string& last) {
  constexpr size_t kBytes = 16;
  const std::string hash = base::Sha256(absl::StrCat(token, "/", last));
  return absl::StrCat("unsubscribe-",
                      absl::BytesToHexString(hash.substr(0, kBytes)));
}

}  // namespace

Task<absl::Status> Refuse(const Backends& backends,
                          const base::RequestContext& context,
                          absl::string_view token,
                          const UnsubscribeLinkBody& link) {
  const Consent refusal = RefusalBy(link);
  const std::string contact_id = UuidText(link.contact_id());
  KITH_CO_ASSIGN_OR_RETURN(
      const std::string last,
      co_await FindRecord(backends, context, contact_id, refusal));
  if (!last.empty()) {
    KITH_CO_ASSIGN_OR_RETURN(const bool counts,
                             co_await IsSuppressed(backends, context, refusal));
    if (counts) co_return absl::OkStatus();
  }
  identity::v1::RecordConsentRequest record;
  record.set_contact_id(contact_id);
  *record.mutable_consent() = refusal;
  record.set_request_id(RefusalRequestId(token, last));
  auto call = backends.Identity(&Backends::IdentityStub::RecordConsent,
                                std::move(record), context);
  co_return (co_await call).status();
}

}  // namespace kith::gateway
