#ifndef KITH_COMMON_TRACE_SPAN_H_
#define KITH_COMMON_TRACE_SPAN_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/variant.h"
#include "common/base/request_context.h"

namespace kith::trace {

// On which side of a call a span is.
enum class Side { kServer, kClient };

// What is known of a span. Names of attributes are those of OpenTelemetry's
// semantic conventions 1.24.0, or begin with "kith.".
struct SpanData {
  // A literal, and its value.
  using Attribute = std::pair<const char*, absl::variant<int64_t, std::string>>;

  // Ids are hex digits, as in base::RequestContext.
  struct Link {
    std::string trace_id;
    std::string span_id;
  };

  std::string trace_id;
  std::string span_id;
  // Empty for the first span of a trace.
  std::string parent_id;
  std::string name;
  Side side = Side::kServer;
  absl::Time start;
  absl::Time end;
  bool failed = false;
  std::vector<Attribute> attributes;
  // Spans of other traces that this one belongs to as well.
  std::vector<Link> links;
};

// True while spans are exported.
inline std::atomic<bool> exporting = false;

// Returns true if the spans of the call are recorded. All that a call costs if
// they are not.
inline bool IsRecorded(const base::RequestContext& context) {
  return exporting.load(std::memory_order_relaxed) && context.sampled;
}

// A span that is under way, or none. It is exported when End is called, and
// forgotten if that never is. Never put a caller's data into one. Not
// thread-safe: one thread at a time uses it.
class Span {
 public:
  // No span: all methods do nothing.
  Span() = default;

  // The span that `context` itself stands for, from now on. `parent_id` is the
  // span id of the caller, empty if there is none.
  static Span Own(const base::RequestContext& context,
                  absl::string_view parent_id, Side side);

  // A part of the call that `context` stands for, from now on.
  static Span Part(const base::RequestContext& context, Side side);

  bool is_recorded() const { return data_ != nullptr; }

  // What the span does, of a limited number of names.
  void SetName(std::string name);

  // Adds an attribute, each name once. `name` is a literal.
  void Add(const char* name, absl::string_view value);
  void Add(const char* name, int64_t value);

  // Says that the work of `other`, if that is a span, is done for this one too.
  void LinkTo(const Span& other);

  // Makes `context` that of a call within the span.
  void Enter(base::RequestContext& context) const;

  // Ends the span and hands it over to be exported. Does not wait.
  void End(bool failed);

 private:
  std::unique_ptr<SpanData> data_;
};

}  // namespace kith::trace

#endif  // KITH_COMMON_TRACE_SPAN_H_
