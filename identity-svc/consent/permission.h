#ifndef KITH_IDENTITY_SVC_CONSENT_PERMISSION_H_
#define KITH_IDENTITY_SVC_CONSENT_PERMISSION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/uuid.h"
#include "google/protobuf/repeated_field.h"
#include "identity-svc/consent/consent_scope.h"
#include "kith/identity/v1/consent.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/internal/v1/consent.pb.h"

namespace kith::identity {

// The words of one contact of a group.
struct ContactConsents {
  std::string contact_id;
  internal::v1::ConsentStates states;
  // The same for all contacts that are known to be one customer; empty for one
  // that is a customer by itself. Counts for a shared value alone.
  std::string customer_id = {};
};

// What is kept of the refusals of a channel value, whoever said them: a row of
// `suppressions`.
struct Suppression {
  v1::ConsentPurpose purpose = v1::CONSENT_PURPOSE_UNSPECIFIED;
  // Empty for all topics.
  std::string topic = {};
  // Time of recording of the last refusal; 0 if there is none.
  int64_t refused_micros = 0;
  // Time at which a person has last confirmed; 0 if nobody has.
  int64_t lifted_micros = 0;
};
using Suppressions = std::vector<Suppression>;

// What is known of a customer when somebody asks.
struct ConsentFacts {
  // The contacts of the group. Those who have said nothing may be missing.
  const std::vector<ContactConsents>& contacts;
  // The contact that holds the value now; empty if none of the group does. Of a
  // shared value its stand-in contact.
  std::string holder;
  // Those of the value.
  const Suppressions& suppressions;
  int64_t now_micros = 0;
  // Several people share the value; `contacts` has their words, too. Only the
  // stand-in grants it, and what a customer has confirmed lifts that customer's
  // refusals alone.
  bool is_shared = false;
};

// Returns the stand-in contact of a shared value and those who share it; nobody
// for another value. Their words count for the value as those of a group do.
std::vector<base::Uuid> PeopleOf(const v1::Identity& identity);

// Likewise, with the groups of those who share it, as far as the request, whose
// ids are valid, names them.
std::vector<base::Uuid> PeopleOf(const v1::Identity& identity,
                                 const v1::MayContactRequest& request);

// Says of the contacts which of them are one customer: those of `group`, and
// those of each group of `others`, whose ids are valid.
void NameCustomers(
    const std::vector<base::Uuid>& group,
    const google::protobuf::RepeatedPtrField<v1::SharingGroup>& others,
    std::vector<ContactConsents>& contacts);

// Returns whether the customer may be contacted, and by which word: the
// strictest of all contacts. A refusal of any of them stops what it covers,
// unless the holder of the value has confirmed the value later. So a merge
// lifts nothing but for a value whose holder has confirmed that very value. A
// grant for a value counts only of its holder.
v1::ContactPermission Decide(const ConsentScope& asked,
                             const ConsentFacts& facts);

// Sets the answer and reason of the response from its permissions, of which
// there is at least one; `more` if there are others that are not among them.
void Conclude(bool more, v1::MayContactResponse& response);

// Returns what the customer has said by now for a value: for each purpose and
// topic with a word that covers the value, by purpose and topic.
std::vector<v1::CurrentConsent> CurrentConsentsOf(
    const std::string& identity_key, v1::Channel channel,
    const ConsentFacts& facts);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_PERMISSION_H_
