#include "interactions-svc/journal/journal_validation.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/api/violations.h"
#include "common/base/times.h"
#include "interactions-svc/journal/entry_rules.h"

namespace kith::interactions {
namespace {

using api::Violations;

constexpr int64_t kMaxTargetBytes = 8'192;
constexpr int64_t kMaxHeaders = 100;
constexpr int64_t kMaxHeaderBytes = 16'384;
constexpr int64_t kMaxHeaderName = 100;
constexpr int64_t kMaxBodyBytes = 1 << 20;
constexpr int64_t kMaxIdempotencyKey = 200;
constexpr int64_t kMaxMethod = 16;
constexpr int64_t kMaxAddress = 64;
constexpr int64_t kMaxEffects = 1'000;
constexpr int32_t kMaxTouchIndex = 49'999;
constexpr int64_t kMaxEntryReason = 1'000;
constexpr int64_t kMaxDiscardReason = 500;
constexpr int64_t kMaxDiscarder = 320;
constexpr int32_t kMaxEntriesLeased = 50;

void CheckSource(Violations& violations, absl::string_view field,
                 absl::string_view source) {
  if (!api::IsName(source, /*digit_first=*/true)) {
    violations.Add(field, "want [a-z0-9][a-z0-9_.-]{0,63}");
  }
}

void CheckBytes(Violations& violations, absl::string_view field, int64_t bytes,
                int64_t most) {
  if (bytes <= most) return;
  violations.Add(field, absl::StrCat(bytes, " bytes, want at most ", most));
}

bool IsMethod(absl::string_view method) {
  return !method.empty() && static_cast<int64_t>(method.size()) <= kMaxMethod &&
         std::all_of(method.begin(), method.end(), absl::ascii_isupper);
}

bool IsHeaderName(absl::string_view name) {
  return !name.empty() && static_cast<int64_t>(name.size()) <= kMaxHeaderName &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) ||
                  c == '-' || c == '_';
         });
}

void CheckHeaders(Violations& violations, const v1::Entry& entry) {
  violations.Count("entry.headers", entry.headers_size(), 0, kMaxHeaders);
  int64_t bytes = 0;
  for (int i = 0; i < entry.headers_size(); ++i) {
    const v1::EntryHeader& header = entry.headers(i);
    bytes += static_cast<int64_t>(header.name().size()) +
             static_cast<int64_t>(header.value().size());
    if (!IsHeaderName(header.name())) {
      violations.Add(absl::StrCat("entry.headers[", i, "].name"),
                     "want 1 to 100 of a-z 0-9 - _");
    }
  }
  CheckBytes(violations, "entry.headers", bytes, kMaxHeaderBytes);
}

void CheckKey(Violations& violations, absl::string_view key) {
  if (key.empty()) {
    violations.Add("entry.idempotency_key",
                   "not set, want the sender's id of the request or a digest");
  }
  violations.AtMost("entry.idempotency_key", key, kMaxIdempotencyKey);
}

void CheckWindow(Violations& violations,
                 const v1::RecordEntryRequest& request) {
  if (!request.has_repeat_window()) return;
  const absl::Duration window = RepeatWindow(request);
  if (window <= absl::ZeroDuration() || window > kLongestRepeatWindow) {
    violations.Add("repeat_window", "want more than 0, at most 90 days");
  }
}

void CheckEffects(Violations& violations,
                  const v1::SettleEntryRequest& request) {
  violations.Count("effects", request.effects_size(), 0, kMaxEffects);
  std::set<int32_t> indexes;
  for (int i = 0; i < request.effects_size(); ++i) {
    const v1::EntryEffect& effect = request.effects(i);
    const std::string field = absl::StrCat("effects[", i, "]");
    if (effect.touch_index() < 0 || effect.touch_index() > kMaxTouchIndex) {
      violations.Add(absl::StrCat(field, ".touch_index"),
                     absl::StrCat(effect.touch_index(), ", want 0 to 49999"));
    }
    if (!indexes.insert(effect.touch_index()).second) {
      violations.Add(absl::StrCat(field, ".touch_index"), "is there twice");
    }
    violations.OptionalUuid(absl::StrCat(field, ".contact_id"),
                            effect.contact_id());
    violations.Uuid(absl::StrCat(field, ".interaction_id"),
                    effect.interaction_id());
  }
}

void CheckFailure(Violations& violations,
                  const v1::SettleEntryRequest& request) {
  const bool failed = request.state() == v1::ENTRY_STATE_FAILED;
  const bool has_failure = request.failure() != v1::ENTRY_FAILURE_UNSPECIFIED;
  if (failed &&
      (!has_failure || !v1::EntryFailure_IsValid(request.failure()))) {
    violations.Add("failure", "not set, want why the entry has FAILED");
  }
  if (!failed && has_failure) {
    violations.Add("failure", "want it only with the state FAILED");
  }
  if (request.state() != v1::ENTRY_STATE_DONE && request.reason().empty()) {
    violations.Add("reason", "not set, want why the entry is not DONE");
  }
  violations.AtMost("reason", request.reason(), kMaxEntryReason);
}

void CheckTime(Violations& violations, absl::string_view field, bool given,
               const google::protobuf::Timestamp& time) {
  if (given && !base::IsValid(time)) violations.Add(field, "want a valid time");
}

void CheckFilter(Violations& violations, const v1::EntryFilter& filter) {
  if (!v1::EntryState_IsValid(filter.state())) {
    violations.Add("filter.state", "want a state");
  }
  if (!v1::EntryFailure_IsValid(filter.failure())) {
    violations.Add("filter.failure", "want a failure");
  }
  if (!filter.source().empty()) {
    CheckSource(violations, "filter.source", filter.source());
  }
  CheckTime(violations, "filter.received_from_time",
            filter.has_received_from_time(), filter.received_from_time());
  CheckTime(violations, "filter.received_until_time",
            filter.has_received_until_time(), filter.received_until_time());
}

}  // namespace

absl::Status Validate(const v1::RecordEntryRequest& request) {
  Violations violations;
  const v1::Entry& entry = request.entry();
  CheckSource(violations, "entry.source", entry.source());
  CheckKey(violations, entry.idempotency_key());
  if (!IsMethod(entry.method())) {
    violations.Add("entry.method", "want 1 to 16 of A-Z, such as POST");
  }
  if (entry.target().empty()) {
    violations.Add("entry.target", "not set, want the path and query");
  }
  CheckBytes(violations, "entry.target",
             static_cast<int64_t>(entry.target().size()), kMaxTargetBytes);
  CheckHeaders(violations, entry);
  CheckBytes(violations, "entry.body",
             static_cast<int64_t>(entry.body().size()), kMaxBodyBytes);
  violations.AtMost("entry.address", entry.address(), kMaxAddress);
  if (entry.verdict() == v1::SIGNATURE_VERDICT_UNSPECIFIED ||
      !v1::SignatureVerdict_IsValid(entry.verdict())) {
    violations.Add("entry.verdict", "want UNSIGNED or SIGNED");
  }
  CheckWindow(violations, request);
  return violations.ToStatus();
}

absl::Status Validate(const v1::LeaseEntriesRequest& request) {
  Violations violations;
  if (request.entry_count() < 0 || request.entry_count() > kMaxEntriesLeased) {
    violations.Add(
        "entry_count",
        absl::StrCat(request.entry_count(), ", want 0 to ", kMaxEntriesLeased));
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::SettleEntryRequest& request) {
  Violations violations;
  violations.Uuid("entry_id", request.entry_id());
  if (request.attempt() < 1) {
    violations.Add("attempt", "want the attempt_count of the leased entry");
  }
  if (request.state() != v1::ENTRY_STATE_DONE &&
      request.state() != v1::ENTRY_STATE_FAILED &&
      request.state() != v1::ENTRY_STATE_RECEIVED) {
    violations.Add("state", "want DONE, FAILED or RECEIVED");
  }
  CheckEffects(violations, request);
  CheckFailure(violations, request);
  return violations.ToStatus();
}

absl::Status Validate(const v1::GetEntryRequest& request) {
  Violations violations;
  violations.Uuid("entry_id", request.entry_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::ListEntriesRequest& request) {
  Violations violations;
  CheckFilter(violations, request.filter());
  violations.PageSize(request.page_size());
  return violations.ToStatus();
}

absl::Status Validate(const v1::ReplayEntriesRequest& request) {
  Violations violations;
  CheckFilter(violations, request.filter());
  if (request.filter().state() != v1::ENTRY_STATE_FAILED &&
      request.filter().state() != v1::ENTRY_STATE_DISCARDED) {
    violations.Add("filter.state", "want FAILED or DISCARDED");
  }
  violations.PageSize(request.page_size());
  return violations.ToStatus();
}

absl::Status Validate(const v1::DiscardEntryRequest& request) {
  Violations violations;
  violations.Uuid("entry_id", request.entry_id());
  violations.Text("reason", request.reason(), kMaxDiscardReason,
                  "why nothing more comes of it");
  violations.OptionalActorName("agent", request.agent(), kMaxDiscarder);
  return violations.ToStatus();
}

}  // namespace kith::interactions
