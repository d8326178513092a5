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

// One touch during RecordTouch: what is known about it so far, and the requests
// that follow from that. Makes no calls: TouchFlow sends the requests and
// passes the answers to the On* methods. Not thread-safe.
class Touch {
 public:
  // `request` must outlive the object. `now` is used if occurred_time is not
  // set.
  Touch(const base::RequestContext& context,
        const v1::RecordTouchRequest& request, absl::Time now);

  // True while there is work left: the touch has not failed and is not
  // recorded.
  bool pending() const { return pending_; }
  bool by_contact_id() const { return !request_.contact_id().empty(); }
  const v1::RecordTouchRequest& request() const { return request_; }
  const std::string& contact_id() const { return contact_id_; }

  interactions::v1::FindRecordingRequest FindRecording() const;
  void OnLookup(const absl::Status& status,
                const interactions::v1::FindRecordingResponse& known);

  // The contact with the request's contact_id; null if it does not exist.
  void OnContact(const contacts::v1::Contact* contact);

  identity::v1::ResolveIdentityRequest ResolveIdentityRequest(
      int identity) const;
  // Call it for each identity, in order.
  void OnResolved(int identity, const absl::Status& status,
                  const identity::v1::ResolveIdentityResponse& resolved);

  // True if the values must be claimed; false if one contact holds them all,
  // and OnHeld then chooses that contact.
  bool NeedsClaim() const;
  void OnHeld();
  identity::v1::ClaimIdentitiesRequest ClaimIdentitiesRequest() const;
  void OnClaimed(const absl::Status& status,
                 const identity::v1::ClaimIdentitiesResponse& claimed);

  // True if the contact may have to be made, or its stage moved up, before the
  // interaction is recorded.
  bool NeedsEnsure() const;
  contacts::v1::EnsureContactRequest EnsureRequest() const;
  void OnEnsured(const absl::Status& status,
                 const contacts::v1::EnsureContactResponse& ensured);

  interactions::v1::RecordInteractionRequest RecordRequest() const;
  void OnRecorded(const absl::Status& status,
                  const interactions::v1::RecordInteractionResponse& recorded);

  // True if the contact still has to be read for the answer: it came from an
  // earlier recording or from the corrected interaction, so no earlier step has
  // read it.
  bool NeedsCanonical() const {
    return status_.ok() && read_id_ != contact_id_;
  }
  // The contact of this touch.
  void OnRead(const contacts::v1::Contact& contact);

  // Sets the result. Call it when the touch is not pending.
  void Answer(v1::BatchRecordTouchesResponse::Result& result) const;

 private:
  // Ends the touch with `status` if that is an error; returns true if it is.
  bool Failed(const absl::Status& status);

  const v1::RecordTouchRequest& request_;
  const absl::Time occurred_;
  const std::string fingerprint_;
  const std::string proposed_contact_id_;

  bool pending_ = true;
  absl::Status status_;
  std::string contact_id_;
  // The contact that was read last, and the canonical contact of its group.
  std::string read_id_;
  std::string canonical_id_;
  std::string identity_key_;
  std::vector<identity::v1::ResolveIdentityResponse> resolved_;
  v1::RecordTouchResponse response_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_H_
