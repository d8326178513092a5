#ifndef KITH_CONTACTS_SVC_REFUSALS_H_
#define KITH_CONTACTS_SVC_REFUSALS_H_

#include "absl/status/status.h"
#include "common/ops/uuid.h"

namespace kith::contacts {

// What the domain refuses, with an ErrorInfo, whose reasons are in
// docs/errors.md: FAILED_PRECONDITION but for the last.

// CONTACT_DELETED.
absl::Status Deleted(const ops::Uuid& id);

// NOT_SAME.
absl::Status NotSame();

// GROUP_TOO_LARGE.
absl::Status GroupTooLarge(int64_t members, int64_t edges);

// RESOURCE_EXHAUSTED with TOO_MANY_MEMBERS, which no load causes.
absl::Status TooManyMembers(int64_t members, int64_t most);

// SUGGESTION_DECIDED.
absl::Status SuggestionDecided(absl::string_view how);

// SUGGESTION_OUTDATED.
absl::Status SuggestionOutdated();

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_REFUSALS_H_
