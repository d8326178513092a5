#ifndef KITH_IDENTITY_SVC_CONSENT_READER_H_
#define KITH_IDENTITY_SVC_CONSENT_READER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "identity-svc/consent/suppression_key.h"
#include "kith/identity/v1/consent.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::identity {

// Identities of one customer, and all contacts of the customer.
struct CustomerIdentities {
  std::vector<base::Uuid> contact_ids;
  google::protobuf::RepeatedPtrField<v1::Identity>* identities;
};

// Reads what customers permit and refuse. Takes validated requests and writes
// nothing. Immutable, so thread-safe.
class ConsentReader {
 public:
  explicit ConsentReader(SuppressionKey key) : key_(std::move(key)) {}

  // Returns the newest records of the contacts, at most `limit`, newest first;
  // after `after` if that is set. Runs a statement for each 500 contacts, and a
  // seek for each contact that has records.
  absl::StatusOr<std::vector<v1::Consent>> List(
      const mysql::Tx& tx, const std::vector<base::Uuid>& contact_ids,
      const internal::v1::ConsentPosition& after, int32_t limit) const;

  // Returns an answer for each request, in order, or INVALID_ARGUMENT for a
  // value that is refused. Runs a seek for each contact of a request without a
  // value, and four statements for each 500 contacts and values, however long
  // the history.
  absl::StatusOr<std::vector<absl::StatusOr<v1::MayContactResponse>>>
  MayContact(const mysql::Tx& tx,
             absl::Span<const v1::MayContactRequest* const> requests) const;

  // Sets `consents` of the identities. Runs two statements for each 500
  // contacts and identities, and none if there are no identities.
  absl::Status AddConsents(
      const mysql::Tx& tx,
      absl::Span<const CustomerIdentities> customers) const;

 private:
  const SuppressionKey key_;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_READER_H_
