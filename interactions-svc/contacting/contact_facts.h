#ifndef KITH_INTERACTIONS_SVC_CONTACTING_CONTACT_FACTS_H_
#define KITH_INTERACTIONS_SVC_CONTACTING_CONTACT_FACTS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/contact_facts.pb.h"

namespace kith::interactions {

// Return INVALID_ARGUMENT with all faults by the limits of the proto.
absl::Status Validate(const v1::BatchGetContactFactsRequest& request,
                      absl::Time now);
absl::Status Validate(const v1::BatchFindLastUsesRequest& request);

// Read what decides, beside consent, whether customers may be contacted. Return
// the errors of the RPC of the same name. The first runs a statement for each
// 500 contacts, and two seeks for each that has live threads and no problem
// among those that its summary names; the other a seek for each contact and
// value.
absl::StatusOr<v1::BatchGetContactFactsResponse> GetContactFacts(
    const mysql::Tx& tx, const v1::BatchGetContactFactsRequest& request);
absl::StatusOr<v1::BatchFindLastUsesResponse> FindLastUses(
    const mysql::Tx& tx, const v1::BatchFindLastUsesRequest& request);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_CONTACTING_CONTACT_FACTS_H_
