#include "common/api/violations.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/status/rpc_status.h"
#include "google/rpc/error_details.pb.h"

namespace kith::api {
namespace {

// In bytes: a field, what is wrong with it, and all that is listed. More would
// not fit into the trailers of a call.
constexpr size_t kMaxText = 300;
constexpr size_t kMaxListed = 900;

}  // namespace

int64_t Characters(absl::string_view utf8) {
  return std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
}

bool IsName(absl::string_view text, bool digit_first) {
  if (text.empty() || text.size() > 64) return false;
  if (!absl::ascii_islower(text[0]) &&
      !(digit_first && absl::ascii_isdigit(text[0]))) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' ||
           c == '.' || c == '-';
  });
}

void Violations::Add(absl::string_view field, absl::string_view problem) {
  problems_.push_back({std::string(field), std::string(problem)});
}

void Violations::AtMost(absl::string_view field, absl::string_view text,
                        int64_t limit) {
  if (static_cast<int64_t>(text.size()) <= limit) return;
  const int64_t length = Characters(text);
  if (length <= limit) return;
  Add(field, absl::StrCat(length, " characters, want at most ", limit));
}

void Violations::Count(absl::string_view field, int64_t count, int64_t least,
                       int64_t most) {
  if (count >= least && count <= most) return;
  const std::string wanted = least == 0
                                 ? absl::StrCat("want at most ", most)
                                 : absl::StrCat("want ", least, " to ", most);
  Add(field, absl::StrCat(count, " given, ", wanted));
}

void Violations::Uuid(absl::string_view field, absl::string_view text) {
  if (text.empty()) return Add(field, "empty, want a UUID");
  OptionalUuid(field, text);
}

void Violations::OptionalUuid(absl::string_view field, absl::string_view text) {
  if (text.empty() || base::Uuid::Parse(text).has_value()) return;
  Add(field, "want a UUID such as \"0192f0c1-2a3b-7c4d-8e5f-60718293a4b5\"");
}

void Violations::OptionalIdentityKey(absl::string_view field,
                                     absl::string_view text) {
  const bool hex = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
  });
  if (text.empty() || (text.size() == 32 && hex)) return;
  Add(field, "want 32 lower-case hex digits");
}

void Violations::RequestId(absl::string_view text) {
  const bool allowed = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == ':' ||
           c == '-';
  });
  if (text.size() > 64 || !allowed) {
    Add("request_id", "want 1 to 64 of the characters A-Z a-z 0-9 . _ : -");
  }
}

void Violations::UuidUnlessRepeat(absl::string_view field,
                                  absl::string_view text,
                                  absl::string_view request_fingerprint) {
  if (request_fingerprint.empty()) return Uuid(field, text);
  OptionalUuid(field, text);
}

void Violations::RequestFingerprint(absl::string_view bytes) {
  if (bytes.empty() || bytes.size() == 32) return;
  Add("forwarded.fingerprint",
      absl::StrCat(bytes.size(), " bytes, want 32 or none"));
}

void Violations::PageSize(int32_t page_size) {
  if (page_size < 0) {
    Add("page_size", absl::StrCat(page_size, ", want 0 or more"));
  }
}

void Violations::Attribute(absl::string_view field, absl::string_view key,
                           absl::string_view value) {
  if (!IsName(key)) {
    Add(field,
        "a key is not a lower-case letter followed by at most 63 of "
        "a-z 0-9 _ . -");
    return;
  }
  AtMost(absl::StrCat(field, "[", key, "]"), value, 1000);
}

absl::Status Violations::ToStatus() const {
  if (problems_.empty()) return absl::OkStatus();
  google::rpc::BadRequest detail;
  std::string message;
  size_t listed = 0;
  for (const Problem& problem : problems_) {
    const std::string field = status::Shortened(problem.field, kMaxText);
    const std::string text = status::Shortened(problem.text, kMaxText);
    const std::string line = absl::StrCat(field, ": ", text);
    if (listed > 0 && message.size() + line.size() > kMaxListed) break;
    absl::StrAppend(&message, listed > 0 ? "; " : "", line);
    auto& violation = *detail.add_field_violations();
    violation.set_field(field);
    violation.set_description(text);
    ++listed;
  }
  if (listed < problems_.size()) {
    absl::StrAppend(&message, "; and ", problems_.size() - listed, " more");
  }
  absl::Status status = absl::InvalidArgumentError(message);
  status::AddDetail(detail, status);
  return status;
}

}  // namespace kith::api
