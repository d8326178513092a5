#ifndef KITH_CONTACTS_SVC_CONTACT_LINES_H_
#define KITH_CONTACTS_SVC_CONTACT_LINES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/server/database_service.h"

namespace kith::contacts {

// Which lines SelectLines copies.
enum class ContactIs { kMissing, kKnown };

// Copies those lines of the input (see common/server/json_lines.h) whose
// contact is missing, or known; deleted contacts are known. Returns how many it
// has copied. Only reads; each line is looked at after it has been read.
absl::StatusOr<int64_t> SelectLines(const server::TaskContext& task,
                                    ContactIs wanted);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_CONTACT_LINES_H_
