#ifndef KITH_GATEWAY_FLOWS_TOUCH_H_
#define KITH_GATEWAY_FLOWS_TOUCH_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "kith/contacts/v1/contacts.pb.h"
#include "kith/gateway/v1/gateway.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::gateway {

// INVALID_ARGUMENT with all that the gateway itself can see is wrong; the
// services behind check the rest before they write.
absl::Status Validate(const v1::RecordTouchRequest& request);

// One touch on its way through RecordTouch: what is known of it so far, and the
// requests that follow from that. Pure: it calls nobody.
class Touch {
 public:
  // `request` outlives it. `now` stands for an occurred_time that is not set.
  Touch(const base::RequestContext& context,
        const v1::RecordTouchRequest& request, absl::Time now);

  // Whether there is anything left to do: false once it failed or was found to
  // be known.
  bool pending() const { return pending_; }
  bool by_contact_id() const { return !request_.contact_id().empty(); }
  const v1::RecordTouchRequest& request() const { return request_; }
  const std::string& contact_id() const { return contact_id_; }

  interactions::v1::LookupRequestRequest LookupRequest() const;
  void OnLookup(const absl::Status& status,
                const interactions::v1::LookupRequestResponse& known);

  // What its contact_id means; null where there is no such contact.
  void OnContact(const contacts::v1::Contact* contact);

  identity::v1::ResolveRequest ResolveRequest(int identity) const;
  // One after the other, for each identity.
  void OnResolved(int identity, const absl::Status& status,
                  const identity::v1::ResolveResponse& resolved);

  // Whether somebody must be found or made for a value; false where one
  // contact is known to hold them all, and OnHeld takes that one.
  bool NeedsClaim() const;
  void OnHeld();
  identity::v1::ClaimRequest ClaimRequest() const;
  void OnClaimed(const absl::Status& status,
                 const identity::v1::ClaimResponse& claimed);

  // Whether the contact must be there, or its stage move, before the
  // interaction is recorded.
  bool NeedsEnsure() const;
  contacts::v1::EnsureContactRequest EnsureRequest() const;
  void OnEnsured(const absl::Status& status,
                 const contacts::v1::EnsureContactResponse& ensured);

  interactions::v1::RecordInteractionRequest RecordRequest() const;
  void OnRecorded(const absl::Status& status,
                  const interactions::v1::RecordInteractionResponse& recorded);

  // Whether its contact is none that was read on the way: that of what was
  // known before, or is corrected.
  bool NeedsCanonical() const {
    return status_.ok() && read_id_ != contact_id_;
  }
  void OnRead(const contacts::v1::Contact& contact);

  // The answer; call it when nothing is pending.
  void Answer(v1::BatchRecordTouchesResponse::Result& result) const;

 private:
  // Whether it failed with `status`.
  bool Failed(const absl::Status& status);

  const v1::RecordTouchRequest& request_;
  const absl::Time occurred_;
  const std::string fingerprint_;
  const std::string proposed_contact_id_;

  bool pending_ = true;
  absl::Status status_;
  std::string contact_id_;
  // The contact that was read last, and who stands for its group.
  std::string read_id_;
  std::string canonical_id_;
  std::string identity_key_;
  std::vector<identity::v1::ResolveResponse> resolved_;
  v1::RecordTouchResponse response_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_H_
