#ifndef KITH_INTERACTIONS_SVC_RECORD_DECISION_H_
#define KITH_INTERACTIONS_SVC_RECORD_DECISION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/mysql/request_log.h"
#include "interactions-svc/activity/location.h"
#include "interactions-svc/record_item.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// The revision of an interaction in its source; nullopt if the source has none.
// None is lower than every revision, and 0 is one.
using SourceRevision = std::optional<int64_t>;

SourceRevision RevisionOf(const v1::Interaction& interaction);

// What is stored for a (source, external_id).
struct StoredKey {
  Location location;
  SourceRevision revision;
  std::string fingerprint;
};

// What to do with a request.
struct Decision {
  // True if the request changes anything; else the stored interaction is the
  // answer.
  bool writes() const {
    return outcome == v1::RECORD_OUTCOME_RECORDED ||
           outcome == v1::RECORD_OUTCOME_CORRECTED;
  }

  v1::RecordOutcome outcome = v1::RECORD_OUTCOME_RECORDED;

  // The stored interaction's location; not set if the outcome is RECORDED.
  Location stored;
};

// The method under which recorded requests are stored.
constexpr absl::string_view kRecordMethod = "RecordInteraction";

// Decides by the external id alone; `known` is null if the external id is new.
// ALREADY_EXISTS if other content is stored and the request has no higher
// revision.
absl::StatusOr<Decision> DecideByKey(const RecordItem& item,
                                     const StoredKey* known);

// Decides by the request_id, for a request that `by_key` would write; `known`
// is null if the request_id is new. INVALID_ARGUMENT if the request_id was used
// for another request.
absl::StatusOr<Decision> DecideByRequest(const RecordItem& item,
                                         const mysql::LoggedRequest* known,
                                         const Decision& by_key);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_RECORD_DECISION_H_
