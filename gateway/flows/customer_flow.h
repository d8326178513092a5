#ifndef KITH_GATEWAY_FLOWS_CUSTOMER_FLOW_H_
#define KITH_GATEWAY_FLOWS_CUSTOMER_FLOW_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/variant.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::gateway {

// Contacts by id. Ids that are no contact of the tenant are missing.
using ContactsById = absl::flat_hash_map<std::string, contacts::v1::Contact>;

// The contacts that a CustomerRef may mean. They may not exist.
struct Candidates {
  // The contact id, if the ref has one or its value reads as one. It takes
  // precedence over holders.
  std::string contact_id;

  // The holders of the value: of a shared value all who share it, or its
  // stand-in alone if that is meant.
  std::vector<identity::v1::Candidate> holders;

  // The stand-in contact of a shared value; empty if the value is not shared.
  std::string stand_in_contact_id;

  // All identities of the holder. Unset if they were not asked for, if there is
  // not exactly one holder, or if it has too many to come with the candidates.
  std::optional<identity::v1::ListIdentitiesResponse::Result> identities;

  // Returns all ids, each once.
  std::vector<std::string> contact_ids() const;
};

// The candidates of several refs, in their order. INVALID_ARGUMENT for a ref
// that is not valid.
using CandidatesOfRefs = std::vector<absl::StatusOr<Candidates>>;

// A ref, and the request's field that it is in.
struct CustomerName {
  std::string field;
  const v1::CustomerRef* ref;
  // True if a shared value means its stand-in, to which all that is said of the
  // value belongs, instead of those who share it.
  bool means_stand_in = false;
};

// What a ref means: one customer, or several.
using Choice = absl::variant<contacts::v1::Contact, v1::AmbiguousCustomer>;

// Finds the contact that a CustomerRef means. Thread-safe.
class CustomerFlow {
 public:
  explicit CustomerFlow(const Backends& backends) : backends_(backends) {}

  // Finds the candidates of refs, with at most one call to identity-svc. That
  // call also asks for the holders' identities if `with_identities`. Fails if
  // identity-svc does.
  Task<absl::StatusOr<CandidatesOfRefs>> FindCandidates(
      const base::RequestContext& context, std::vector<CustomerName> names,
      bool with_identities = false) const;

  // Reads contacts, at most 500 in one call. Fails if contacts-svc does.
  Task<absl::StatusOr<ContactsById>> GetContacts(
      const base::RequestContext& context, std::vector<std::string> ids) const;

  // Chooses among candidates. Holders in the same group are one customer, and
  // the first of them is chosen; a holder that is not in `contacts` does not
  // count. NOT_FOUND if no candidate is left. A pure function.
  static absl::StatusOr<Choice> Choose(const Candidates& candidates,
                                       const ContactsById& contacts);

  // Returns the contact that a ref means, for calls that need exactly one.
  // INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION if it is ambiguous, and
  // the errors of contacts-svc and identity-svc.
  Task<absl::StatusOr<contacts::v1::Contact>> FindOne(
      const base::RequestContext& context, const v1::CustomerRef& ref) const;

  // The same for several refs, in order.
  Task<absl::StatusOr<std::vector<contacts::v1::Contact>>> FindAll(
      const base::RequestContext& context,
      std::vector<CustomerName> names) const;

  // Returns the contacts that refs mean, in order, or for each the error of
  // FindOne. Fails if contacts-svc or identity-svc does.
  Task<absl::StatusOr<std::vector<absl::StatusOr<contacts::v1::Contact>>>>
  FindEach(const base::RequestContext& context,
           std::vector<CustomerName> names) const;

  // Returns the ids of the contacts that refs mean, in order. Reads contacts
  // only if a ref has several candidates; so a returned id may not exist, which
  // the service that gets it checks. Fails as FindOne does.
  Task<absl::StatusOr<std::vector<std::string>>> FindIds(
      const base::RequestContext& context,
      std::vector<CustomerName> names) const;

  // The same for one ref in the field `customer`.
  Task<absl::StatusOr<std::string>> FindId(const base::RequestContext& context,
                                           const v1::CustomerRef& ref) const;

 private:
  // Reads the contacts of all candidates that were found.
  Task<absl::StatusOr<ContactsById>> GetCandidates(
      const base::RequestContext& context, const CandidatesOfRefs& found) const;

  const Backends& backends_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_CUSTOMER_FLOW_H_
