#ifndef KITH_INTERACTIONS_SVC_DECISION_H_
#define KITH_INTERACTIONS_SVC_DECISION_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "interactions-svc/location.h"
#include "interactions-svc/record_item.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::interactions {

// What is stored under a (source, external_id).
struct StoredKey {
  Location location;
  int64_t revision = 0;
  std::string fingerprint;
};

// What is stored under a request_id.
struct StoredRequest {
  std::string method;
  std::string fingerprint;
  std::string result;
};

// What to do with a request.
struct Decision {
  // Whether it changes anything; else the stored interaction is the answer.
  bool writes() const {
    return outcome == v1::RECORD_OUTCOME_RECORDED ||
           outcome == v1::RECORD_OUTCOME_CORRECTED;
  }

  v1::RecordOutcome outcome = v1::RECORD_OUTCOME_RECORDED;

  // Of the stored interaction; nowhere where it is to be RECORDED.
  Location stored;
};

// The method that recorded requests are noted under.
constexpr absl::string_view kRecordMethod = "RecordInteraction";

// Decides by the external id alone; `known` is null where it is new.
// ALREADY_EXISTS where other content is stored and no higher revision was
// given.
absl::StatusOr<Decision> DecideByKey(const RecordItem& item,
                                     const StoredKey* known);

// Decides for a request that is to be written as far as its external id is
// concerned; `known` is null where its request_id is new. INVALID_ARGUMENT
// where it was used for another request.
absl::StatusOr<Decision> DecideByRequest(const RecordItem& item,
                                         const StoredRequest* known,
                                         const Decision& by_key);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_DECISION_H_
