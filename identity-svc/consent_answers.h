#ifndef KITH_IDENTITY_SVC_CONSENT_ANSWERS_H_
#define KITH_IDENTITY_SVC_CONSENT_ANSWERS_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "identity-svc/consent_reader.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::identity {

// What the RPCs that read consents answer. Each validates its request.

absl::StatusOr<v1::ListConsentsResponse> ListConsentsOf(
    const mysql::Tx& tx, const ConsentReader& reader,
    const v1::ListConsentsRequest& request);

absl::StatusOr<v1::MayContactResponse> DecideOne(
    const mysql::Tx& tx, const ConsentReader& reader,
    const v1::MayContactRequest& request);

// Answers the valid requests of a batch, and for each of the others what is
// wrong with it.
absl::StatusOr<v1::BatchMayContactResponse> DecideEach(
    const mysql::Tx& tx, const ConsentReader& reader,
    const v1::BatchMayContactRequest& batch);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_ANSWERS_H_
