#ifndef KITH_COMMON_MYSQL_LISTS_H_
#define KITH_COMMON_MYSQL_LISTS_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/mysql/session.h"

namespace kith::mysql {

// The most list values that one statement gets.
constexpr size_t kMaxListed = 500;

// Run a statement whose parameters are `first` and then a ":list" (see
// WithList) of `values`. The statement runs once for each kMaxListed values,
// and not at all if `values` is empty. QueryListed calls `each` for every row
// of all runs. The first error ends the function; earlier runs are not undone.
absl::Status QueryListed(Session& session, absl::string_view sql,
                         absl::Span<const Param> first,
                         absl::Span<const absl::string_view> values,
                         absl::FunctionRef<void(const Row&)> each);
absl::Status ExecuteListed(Session& session, absl::string_view sql,
                           absl::Span<const Param> first,
                           absl::Span<const absl::string_view> values);

// The most runs of a SELECT that go into one statement; a power of two.
constexpr size_t kMaxRuns = 16;

// Runs `sql`, a SELECT, once with each of `runs`, its parameters, and calls
// `each` with the index of the run for every row. Several runs, up to
// `most_at_once` and kMaxRuns, are one statement, so that they take one round
// trip: a UNION ALL, whose parts the server runs one by one, each by its own
// index, ORDER BY and LIMIT. The rows of a run come in its order. The first
// error ends the function.
absl::Status QueryRuns(Session& session, absl::string_view sql,
                       absl::Span<const std::vector<Param>> runs,
                       size_t most_at_once,
                       absl::FunctionRef<void(size_t run, const Row&)> each);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_LISTS_H_
