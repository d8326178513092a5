#ifndef KITH_GATEWAY_FLOWS_TOUCH_H_
#define KITH_GATEWAY_FLOWS_TOUCH_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {

// INVALID_ARGUMENT with all faults that the gateway itself can find. The
// services check the rest before they write.
absl::Status Validate(const v1::RecordTouchRequest& request);

// Whom a touch is recorded for, and by which value it came.
struct TouchOwner {
  std::string contact_id;
  std::string identity_key;
};

// The requests to the services that follow from one RecordTouchRequest. Makes
// no calls. Immutable.
class Touch {
 public:
  // `request` must outlive the object. `now` is used if occurred_time is not
  // set.
  Touch(const base::RequestContext& context,
        const v1::RecordTouchRequest& request, int place, absl::Time now);

  const v1::RecordTouchRequest& request() const { return request_; }
  bool by_contact_id() const { return !request_.contact_id().empty(); }

  // The position in the batch, from 0.
  int place() const { return place_; }

  // The owner as the request names it: contact_id is as services write it, and
  // empty if the request has identities.
  const TouchOwner& named_owner() const { return named_owner_; }

  interactions::v1::FindRecordingRequest FindRecordingRequest() const;
  identity::v1::ResolveIdentityRequest ResolveIdentityRequest(
      int identity) const;

  // Returns what a claim would answer if one contact holds all values, so that
  // no claim is needed; else nothing. `resolved` is in the order of the
  // request's identities.
  std::optional<identity::v1::ClaimIdentitiesResponse> HeldByOne(
      const std::vector<identity::v1::ResolveIdentityResponse>& resolved) const;
  identity::v1::ClaimIdentitiesRequest ClaimIdentitiesRequest() const;
  TouchOwner OwnerOf(
      const identity::v1::ClaimIdentitiesResponse& claimed) const;

  // True if the contact may have to be made, or its stage moved up, before the
  // interaction is recorded.
  bool NeedsEnsure() const;
  contacts::v1::EnsureContactRequest EnsureContactRequest(
      const std::string& contact_id) const;

  interactions::v1::RecordInteractionRequest RecordInteractionRequest(
      const TouchOwner& owner) const;

 private:
  const v1::RecordTouchRequest& request_;
  int place_;
  TouchOwner named_owner_;
  absl::Time occurred_;
  std::string fingerprint_;
  std::string proposed_contact_id_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_H_
