#ifndef KITH_COMMON_TRACE_STATEMENT_SPAN_H_
#define KITH_COMMON_TRACE_STATEMENT_SPAN_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "common/base/request_context.h"
#include "common/trace/span.h"

namespace kith::trace {

// While it exists, the statements of this thread are parts of the call that
// `context` stands for. It must outlive the object.
class StatementsOf {
 public:
  explicit StatementsOf(const base::RequestContext& context);
  ~StatementsOf();

  StatementsOf(const StatementsOf&) = delete;
  StatementsOf& operator=(const StatementsOf&) = delete;
};

// Starts the span of a statement, by the semantic conventions for SQL
// (docs/database/database-spans.md and sql.md of
// github.com/open-telemetry/semantic-conventions, v1.24.0): its kind, its
// table, its text with '?' for each value, cut at 400 bytes. No span unless
// there is a StatementsOf of this thread, whose call is recorded. `database` is
// the schema.
Span StartStatement(absl::string_view sql, absl::string_view database);

// Ends it. `rows` is how many were found.
void EndStatement(Span& span, bool ok, int64_t rows);

}  // namespace kith::trace

#endif  // KITH_COMMON_TRACE_STATEMENT_SPAN_H_
