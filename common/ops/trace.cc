#include "common/ops/trace.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
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

// A trace is sampled if the second half of its id is below.
std::atomic<uint64_t> sampled_below = 0;

uint64_t Random() {
  thread_local absl::BitGen random;
  // Ids of zeros alone are none.
  return absl::Uniform<uint64_t>(absl::IntervalClosed, random, 1, UINT64_MAX);
}

std::string Hex(uint64_t id) { return absl::StrFormat("%016x", id); }

void BeginTrace(base::RequestContext& context) {
  const uint64_t low = Random();
  context.trace_id = Hex(Random()) + Hex(low);
  const uint64_t below = sampled_below.load(std::memory_order_relaxed);
  context.sampled = low < below || below == UINT64_MAX;
}

}  // namespace

void SampleTraces(double ratio) {
  // 2^64 would be one too many.
  sampled_below =
      ratio >= 1 ? UINT64_MAX
                 : static_cast<uint64_t>(std::ldexp(std::max(ratio, 0.0), 64));
}

std::string NewSpanId() { return Hex(Random()); }

absl::string_view ContinueTrace(absl::string_view traceparent,
                                base::RequestContext& context) {
  const std::vector<absl::string_view> parts = absl::StrSplit(traceparent, '-');
  const bool valid = parts.size() == 4 && parts[0] == "00" &&
                     IsId(parts[1], 32) && IsId(parts[2], 16) &&
                     IsHex(parts[3], 2);
  context.span_id = NewSpanId();
  if (!valid) {
    BeginTrace(context);
    return "";
  }
  context.trace_id = std::string(parts[1]);
  // Bit 0 is the flag "sampled"; the others mean nothing in this version.
  int flags = 0;
  context.sampled = absl::SimpleHexAtoi(parts[3], &flags) && (flags & 1) != 0;
  return parts[2];
}

std::string TraceParent(const base::RequestContext& context) {
  return absl::StrCat("00-", context.trace_id, "-", context.span_id,
                      context.sampled ? "-01" : "-00");
}

std::vector<std::string> ReadTraceIds(absl::string_view header) {
  std::vector<std::string> ids;
  for (absl::string_view id : absl::StrSplit(header, ',')) {
    if (IsId(id, 32)) ids.emplace_back(id);
  }
  return ids;
}

}  // namespace kith::ops
