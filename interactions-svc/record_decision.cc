#include "interactions-svc/record_decision.h"

#include <optional>

#include "absl/strings/str_cat.h"

namespace kith::interactions {
namespace {

absl::Status OtherContentError(const StoredKey& known) {
  return absl::AlreadyExistsError(absl::StrCat(
      "interaction.external_id: stored with other content as interaction ",
      known.location.interaction_id.ToString(),
      "; a correction needs a source_revision",
      known.revision.has_value() ? absl::StrCat(" above ", *known.revision)
                                 : ""));
}

}  // namespace

SourceRevision RevisionOf(const v1::Interaction& interaction) {
  if (!interaction.has_source_revision()) return std::nullopt;
  return interaction.source_revision();
}

absl::StatusOr<Decision> DecideByKey(const RecordItem& item,
                                     const StoredKey* known) {
  if (known == nullptr) return Decision();
  Decision decision{.outcome = v1::RECORD_OUTCOME_KNOWN,
                    .stored = known->location};
  const SourceRevision revision = RevisionOf(item.sent());
  if (revision > known->revision) {
    decision.outcome = v1::RECORD_OUTCOME_CORRECTED;
  } else if (item.content_fingerprint == known->fingerprint) {
    decision.outcome = v1::RECORD_OUTCOME_KNOWN;
  } else if (revision.has_value() && revision < known->revision) {
    decision.outcome = v1::RECORD_OUTCOME_OUTDATED;
  } else {
    return OtherContentError(*known);
  }
  return decision;
}

absl::StatusOr<Decision> DecideByRequest(const RecordItem& item,
                                         const mysql::LoggedRequest* known,
                                         const Decision& by_key) {
  if (known == nullptr) return by_key;
  const std::optional<Location> stored = Location::Decode(known->result);
  if (known->method != kRecordMethod ||
      known->fingerprint != item.request_fingerprint || !stored.has_value()) {
    return mysql::RequestIdUsedError();
  }
  return Decision{.outcome = v1::RECORD_OUTCOME_KNOWN, .stored = *stored};
}

}  // namespace kith::interactions
