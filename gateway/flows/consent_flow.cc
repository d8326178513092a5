#include "gateway/flows/consent_flow.h"

#include <string>
#include <utility>

#include "common/base/sha256.h"
#include "gateway/calls/pause.h"
#include "gateway/calls/pending_call.h"
#include "gateway/flows/form_answer.h"
#include "gateway/flows/request_id.h"

namespace kith::gateway {
namespace {

using contacts::v1::Contact;

bool IsByForm(const base::RequestContext& context) {
  return base::IsByForm(context.principal->assurance);
}

// What an UNAUTHENTICATED key has said itself.
identity::v1::Consent OwnWords(const v1::RecordConsentRequest& request) {
  identity::v1::Consent words;
  words.set_purpose(request.consent().purpose());
  words.set_topic(request.consent().topic());
  words.set_state(request.consent().state());
  return words;
}

// True for errors that tell whether a customer is known.
bool TellsOfCustomer(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsFailedPrecondition(status);
}

// Returns the contact whose consents a ref means: of a shared value its
// stand-in, so that a refusal said by it is never lost for being ambiguous.
// Fails as CustomerFlow::FindOne.
Task<absl::StatusOr<Contact>> FindConsenting(
    const CustomerFlow& customers, const base::RequestContext& context,
    const v1::CustomerRef& ref) {
  std::vector<CustomerName> names = {
      {"customer", &ref, /*means_stand_in=*/true}};
  KITH_CO_ASSIGN_OR_RETURN(
      auto found, co_await customers.FindAll(context, std::move(names)));
  co_return std::move(found.front());
}

identity::v1::RecordConsentRequest Forwarded(
    const v1::RecordConsentRequest& request) {
  identity::v1::RecordConsentRequest forwarded;
  *forwarded.mutable_consent() = request.consent();
  if (request.has_value()) *forwarded.mutable_value() = request.value();
  PassRequestId(request, forwarded);
  return forwarded;
}

}  // namespace

Task<absl::Status> ConsentFlow::Record(const base::RequestContext& context,
                                       const v1::RecordConsentRequest& request,
                                       identity::v1::Consent& response) const {
  if (!IsByForm(context)) {
    co_return co_await RecordNow(context, request, response);
  }
  const absl::Time begun = clock_.Now();
  absl::Status recorded = co_await RecordNow(context, request, response);
  response = OwnWords(request);
  auto wait = WaitFor(FormWait(clock_.Now() - begun, /*touches=*/1));
  KITH_CO_RETURN_IF_ERROR((co_await wait).status());
  co_return TellsOfCustomer(recorded) ? absl::OkStatus() : recorded;
}

Task<absl::Status> ConsentFlow::RecordNow(
    const base::RequestContext& context,
    const v1::RecordConsentRequest& request,
    identity::v1::Consent& response) const {
  const absl::StatusOr<Contact> customer =
      co_await FindConsenting(customers_, context, request.customer());
  const absl::Status& found = customer.status();
  // What is wrong with a form's request is said for whomever it names.
  const bool checked = IsByForm(context) && TellsOfCustomer(found);
  if (!found.ok() && !checked && !MayBeRepeat(found, request)) co_return found;
  identity::v1::RecordConsentRequest forwarded = Forwarded(request);
  if (checked) {
    forwarded.mutable_forwarded()->set_fingerprint(base::Fingerprint(request));
  }
  if (customer.ok()) {
    forwarded.set_contact_id(customer->contact_id());
    *forwarded.mutable_member_ids() = customer->member_ids();
  }
  auto call = backends_.Identity(&Backends::IdentityStub::RecordConsent,
                                 std::move(forwarded), context);
  auto recorded = co_await call;
  if (checked && !TellsOfCustomer(recorded.status())) {
    co_return recorded.status();
  }
  KITH_CO_RETURN_IF_ERROR(FailureOf(found, recorded.status()));
  response = *std::move(recorded);
  co_return absl::OkStatus();
}

Task<absl::Status> ConsentFlow::List(const base::RequestContext& context,
                                     const v1::ListConsentsRequest& request,
                                     v1::ListConsentsResponse& response) const {
  KITH_CO_ASSIGN_OR_RETURN(
      const Contact customer,
      co_await FindConsenting(customers_, context, request.customer()));
  identity::v1::ListConsentsRequest list;
  *list.mutable_set()->mutable_contact_ids() = customer.member_ids();
  list.mutable_set()->set_page_token(request.page_token());
  list.set_page_size(request.page_size());
  auto call = backends_.Identity(&Backends::IdentityStub::ListConsents,
                                 std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(auto listed, co_await call);
  response.mutable_consents()->Swap(listed.mutable_consents());
  response.set_next_page_token(listed.next_page_token());
  response.set_canonical_id(customer.canonical_id());
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
