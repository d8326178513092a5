#ifndef KITH_GATEWAY_FLOWS_TOUCH_H_
#define KITH_GATEWAY_FLOWS_TOUCH_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "gateway/visits/visit_origin.h"
#include "kith/config/v1/config.pb.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/contacts/v1/group.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {

// An anonymous visitor until a touch, and the browser by which it is known that
// they are the touch's contact.
struct FormerVisitor {
  std::string contact_id;
  std::string identity_key;
  // An earlier touch has found it, and may have been cut off before the merge.
  bool by_earlier_touch = false;
};

// True for a channel by which a customer is contacted: PHONE, EMAIL or SOCIAL.
bool IsContactChannel(identity::v1::Channel channel);

// True for the value of a browser.
bool IsBrowser(const identity::v1::ChannelValue& value);

bool IsPurchase(const v1::RecordTouchRequest& request);

// Whom a touch is recorded for, and by which value it came.
struct TouchOwner {
  std::string contact_id;
  std::string identity_key;
  // The value that a word about consent is for: the one by which the touch
  // came. If nobody is contacted by that, another one of the contact, or else a
  // shared one. Empty if the touch names none: then the word is for all of the
  // contact.
  std::string word_key = {};
  // The least stage that the values of the contact prove: ANONYMOUS by browsers
  // (VISITOR) alone, LEAD by any other.
  contacts::v1::Stage stage = contacts::v1::STAGE_UNSPECIFIED;
  // Contacts that may be the same person, since they hold other values of the
  // touch, or variants of its values.
  std::vector<contacts::v1::Companion> companions = {};
  // What a form names beside the value that counts, in words: it is not
  // claimed, and kept in the interaction. Who holds it makes no difference, as
  // the form is answered the interaction.
  std::vector<std::string> also_named = {};
  // They are the contact, unless somebody has identified them meanwhile.
  std::vector<FormerVisitor> visitors = {};
  // True for the stand-in contact of a shared value, by which the touch came.
  // The touch may be of any who share it, and says nothing of the contact.
  bool is_stand_in = false;
  std::vector<std::string> possible_contact_ids = {};
  // Interaction.contact_violation of what is recorded.
  std::string contact_violation = {};
  // The group of the customer, if what is recorded is advertising.
  std::vector<std::string> member_ids = {};
  // Of the visit in which the touch was made.
  VisitOrigin visit = {};
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
  config::v1::Assurance assurance() const { return assurance_; }

  // PERMISSION_DENIED for what an UNAUTHENTICATED key may not name, and for a
  // visit of anybody but the gateway itself.
  absl::Status CheckCaller() const;

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
  // request's identities. A claim is needed, too, to raise the assurance of
  // what a form has said, and if an earlier one may have taken a value from
  // somebody else and been cut off, within the 48 hours of a repeat. Nobody
  // holds a shared value.
  std::optional<identity::v1::ClaimIdentitiesResponse> HeldByOne(
      const std::vector<identity::v1::ResolveIdentityResponse>& resolved) const;

  // Returns the holders of browsers (VISITOR) whose stage a claim depends on,
  // each once: none if the touch names nothing else.
  std::vector<std::string> VisitorsInQuestion(
      const std::vector<identity::v1::ResolveIdentityResponse>& resolved) const;

  // `identified` are those of VisitorsInQuestion who are not anonymous. With
  // `only_contact_id`, which is empty otherwise, nobody else gets a value.
  identity::v1::ClaimIdentitiesRequest ClaimIdentitiesRequest(
      const std::vector<std::string>& identified,
      const std::string& only_contact_id) const;
  TouchOwner OwnerOf(const identity::v1::ClaimIdentitiesResponse& claimed,
                     const std::vector<std::string>& identified) const;

  // True if the contact may have to be made, or its stage moved up, before the
  // interaction is recorded.
  bool NeedsEnsure() const;
  contacts::v1::EnsureContactRequest EnsureContactRequest(
      const TouchOwner& owner) const;

  // Merges one of the owner's `visitors` into the owner.
  contacts::v1::MergeContactsRequest MergeContactsRequest(
      const TouchOwner& owner, const FormerVisitor& visitor) const;

  interactions::v1::RecordInteractionRequest RecordInteractionRequest(
      const TouchOwner& owner) const;

 private:
  bool IsByForm() const { return base::IsByForm(assurance_); }
  // True if the holder may have got the value by a claim like this touch's,
  // which took it from somebody else.
  bool MayBeTaken(const identity::v1::Identity& held) const;

  // Sets `also_named`, of a form.
  void AddAlsoNamed(const identity::v1::ClaimIdentitiesResponse& claimed,
                    TouchOwner& owner) const;

  // Sets `companions` and `visitors`.
  void AddOthers(const identity::v1::ClaimIdentitiesResponse& claimed,
                 const std::vector<std::string>& identified,
                 TouchOwner& owner) const;

  const v1::RecordTouchRequest& request_;
  int place_;
  TouchOwner named_owner_;
  absl::Time occurred_;
  std::string fingerprint_;
  std::string proposed_contact_id_;
  config::v1::Assurance assurance_;
  bool is_own_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_H_
