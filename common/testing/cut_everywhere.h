#ifndef KITH_COMMON_TESTING_CUT_EVERYWHERE_H_
#define KITH_COMMON_TESTING_CUT_EVERYWHERE_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"

namespace kith::testing {

// Makes a call again and again, with the link to the database cut for good
// behind no message of it, behind one, two and so on, until the call comes to
// its end. Expects that a call that is cut off fails, and that each leaves what
// was there before, or all that the call writes. `call` is given its deadline:
// a commit in doubt is not waited for long, as nobody is let in again. `state`
// returns what is written. Returns how many cuts it took.
int CutEverywhere(
    const mysql::SessionOptions& database,
    absl::FunctionRef<absl::Status(mysql::Session&, absl::Time deadline)> call,
    absl::FunctionRef<std::string()> state);

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_CUT_EVERYWHERE_H_
