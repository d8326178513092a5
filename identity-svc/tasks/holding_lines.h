#ifndef KITH_IDENTITY_SVC_TASKS_HOLDING_LINES_H_
#define KITH_IDENTITY_SVC_TASKS_HOLDING_LINES_H_

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/server/database_service.h"

namespace kith::identity {

// How an operator frees the values of contacts that do not exist, as left by
// touches that were cut off before they made them. Which contacts exist is
// known to contacts-svc alone; so the tasks of both pass on lines of JSON
// (common/server/json_lines.h), and docs/operations.md has the pipe. All of it
// while services serve; each may be ended anywhere and run again.

// Prints a line for each open holding of all tenants: tenant_id, identity_key,
// contact_id, value (in words) and held_for. Leaves out those whose contact a
// touch may still be making, and what people share: it is theirs, whether or
// not its stand-in contact is made yet. Only reads.
absl::Status ListHoldings(const server::TaskContext& task,
                          const base::Clock& clock);

// Ends the holdings of the input's lines now, and prints those that it has
// ended, with end_micros. Under the lock of the value it leaves a holding that
// is not the contact's any more, and those that ListHoldings leaves out.
absl::Status FreeHoldings(const server::TaskContext& task,
                          const base::Clock& clock);

// Opens the holdings of lines that FreeHoldings has printed again, as if they
// had not been ended, and prints them. For contacts that a touch has made in
// between. Leaves those of values that another contact has held since.
absl::Status ReturnHoldings(const server::TaskContext& task,
                            const base::Clock& clock);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_TASKS_HOLDING_LINES_H_
