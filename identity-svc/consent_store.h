#ifndef KITH_IDENTITY_SVC_CONSENT_STORE_H_
#define KITH_IDENTITY_SVC_CONSENT_STORE_H_

#include <utility>

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "identity-svc/consent/suppression_key.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::identity {

// Records what customers permit and refuse. Takes validated requests; returns
// the errors of the RPC. Immutable, so thread-safe.
//
// A transaction locks the identity of the record, then the states of its
// contact, then the suppressions of the values, in the order of their hashes.
class ConsentStore {
 public:
  explicit ConsentStore(SuppressionKey key) : key_(std::move(key)) {}

  absl::StatusOr<v1::Consent> Record(
      const mysql::Tx& tx, const v1::RecordConsentRequest& request) const;

 private:
  const SuppressionKey key_;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_STORE_H_
