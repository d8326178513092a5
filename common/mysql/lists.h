#ifndef KITH_COMMON_MYSQL_LISTS_H_
#define KITH_COMMON_MYSQL_LISTS_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/mysql/session.h"

namespace kith::mysql {

// The most values that one statement names.
constexpr size_t kMaxListed = 500;

// Runs a statement that takes `first` and then a :list, as often as it takes
// for 500 of `values` at a time; not at all where there are none.
absl::Status QueryListed(Session& session, absl::string_view sql,
                         absl::Span<const Param> first,
                         absl::Span<const absl::string_view> values,
                         absl::FunctionRef<void(const Row&)> each);
absl::Status ExecuteListed(Session& session, absl::string_view sql,
                           absl::Span<const Param> first,
                           absl::Span<const absl::string_view> values);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_LISTS_H_
