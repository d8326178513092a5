#ifndef KITH_GATEWAY_FLOWS_CUSTOMER_FLOW_H_
#define KITH_GATEWAY_FLOWS_CUSTOMER_FLOW_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/variant.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "kith/contacts/v1/contacts.pb.h"
#include "kith/gateway/v1/gateway.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::gateway {

// Contacts by id; those that are no contact of this tenant are not in it.
using ContactsById = absl::flat_hash_map<std::string, contacts::v1::Contact>;

// Whom a CustomerRef may mean, before anybody has looked whether they exist.
struct Candidates {
  // The id itself, where the ref is, or reads as, one. It goes before holders.
  std::string contact_id;

  // Who holds the value.
  std::vector<identity::v1::Candidate> holders;

  // The ids of all, each once.
  std::vector<std::string> contact_ids() const;
};

// A ref, and the field of the request that it is in.
struct CustomerName {
  std::string field;
  const v1::CustomerRef* ref;
};

// A ref that means one customer, or several.
using Choice = absl::variant<contacts::v1::Contact, v1::AmbiguousCustomer>;

// From what a caller knows of a customer to the contact. Thread-safe.
class CustomerFlow {
 public:
  explicit CustomerFlow(const Backends& backends) : backends_(backends) {}

  // Asks identity-svc for all refs that need it in one call. The results are
  // those of the refs, in their order; each may fail with INVALID_ARGUMENT.
  // As a whole it fails where identity-svc does.
  Task<absl::StatusOr<std::vector<absl::StatusOr<Candidates>>>> FindCandidates(
      const base::RequestContext& context,
      std::vector<CustomerName> names) const;

  // Reads contacts, 500 a call.
  Task<absl::StatusOr<ContactsById>> GetContacts(
      const base::RequestContext& context, std::vector<std::string> ids) const;

  // Holders of one group are one customer, of whom the first is meant, and a
  // holder that is no contact yet is none. NOT_FOUND where nobody is left.
  static absl::StatusOr<Choice> Choose(const Candidates& candidates,
                                       const ContactsById& contacts);

  // The contact that a ref means, for calls that need exactly one.
  // INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION where it is ambiguous,
  // and what contacts-svc or identity-svc fail with.
  Task<absl::StatusOr<contacts::v1::Contact>> FindOne(
      const base::RequestContext& context, const v1::CustomerRef& ref) const;

  // The ids of the very contacts that refs mean, in their order, for calls to
  // contacts-svc, which sees for itself whether they exist: only where a value
  // has several holders are they read. Fails as FindOne does.
  Task<absl::StatusOr<std::vector<std::string>>> FindIds(
      const base::RequestContext& context,
      std::vector<CustomerName> names) const;

  // The same for the field `customer`.
  Task<absl::StatusOr<std::string>> FindId(const base::RequestContext& context,
                                           const v1::CustomerRef& ref) const;

 private:
  const Backends& backends_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_CUSTOMER_FLOW_H_
