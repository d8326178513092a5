#ifndef KITH_INTERACTIONS_SVC_INTERACTION_ROW_H_
#define KITH_INTERACTIONS_SVC_INTERACTION_ROW_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "interactions-svc/location.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::interactions {

// Between an interaction and its row in `interactions`.

// By (tenant_id, contact_id), then (kind) or (identity_key) where the name says
// so; then occurred_micros twice and interaction_id, of the row that those
// wanted come after; then the limit. Newest first.
extern const mysql::Statement kListInteractions;
extern const mysql::Statement kListByKind;
extern const mysql::Statement kListByIdentity;

// The interaction in a row of one of these.
v1::Interaction FromRow(const mysql::Row& row);

// The interaction at this location; nullopt where there is none.
absl::StatusOr<std::optional<v1::Interaction>> Read(mysql::Session& session,
                                                    uint64_t tenant_id,
                                                    const Location& location);

// Adds the interaction's row.
absl::Status Insert(mysql::Session& session, uint64_t tenant_id,
                    const v1::Interaction& interaction);

// Puts the interaction in the place of the row at `old`. For a transaction
// that has locked the contact's summary.
absl::Status Replace(mysql::Session& session, uint64_t tenant_id,
                     const Location& old, const v1::Interaction& interaction);

// When the first, or last, of what the contact's summary counts together with
// this interaction occurred, by one seek; nullopt where there is none left.
absl::StatusOr<std::optional<int64_t>> FirstMicros(
    mysql::Session& session, uint64_t tenant_id,
    const v1::Interaction& interaction);
absl::StatusOr<std::optional<int64_t>> LastMicros(
    mysql::Session& session, uint64_t tenant_id,
    const v1::Interaction& interaction);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_INTERACTION_ROW_H_
