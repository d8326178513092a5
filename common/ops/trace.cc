#include "common/ops/trace.h"

#include <algorithm>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace kith::ops {
namespace {

bool IsHex(absl::string_view text, size_t size) {
  return text.size() == size &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

bool IsId(absl::string_view text, size_t size) {
  return IsHex(text, size) &&
         text.find_first_not_of('0') != absl::string_view::npos;
}

std::string RandomHex() {
  thread_local absl::BitGen random;
  return absl::StrFormat("%016x", absl::Uniform<uint64_t>(random));
}

}  // namespace

void ContinueTrace(absl::string_view traceparent,
                   base::RequestContext& context) {
  const std::vector<absl::string_view> parts = absl::StrSplit(traceparent, '-');
  const bool valid = parts.size() == 4 && parts[0] == "00" &&
                     IsId(parts[1], 32) && IsId(parts[2], 16) &&
                     IsHex(parts[3], 2);
  context.trace_id = valid ? std::string(parts[1]) : RandomHex() + RandomHex();
  context.span_id = RandomHex();
}

std::string TraceParent(const base::RequestContext& context) {
  return absl::StrCat("00-", context.trace_id, "-", context.span_id, "-01");
}

std::vector<std::string> ReadTraceIds(absl::string_view header) {
  std::vector<std::string> ids;
  for (absl::string_view id : absl::StrSplit(header, ',')) {
    if (IsId(id, 32)) ids.emplace_back(id);
  }
  return ids;
}

}  // namespace kith::ops
