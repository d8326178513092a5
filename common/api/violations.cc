#include "common/api/violations.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
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

// What takes no ink, beside ASCII: white space, and the characters without a
// width that are typed or pasted by accident.
constexpr absl::string_view kUnseen[] = {
    "\xC2\x85",      // next line
    "\xC2\xA0",      // no-break space
    "\xC2\xAD",      // soft hyphen
    "\xE1\x9A\x80",  // Ogham space
    "\xE2\x80\x80",  // U+2000 to U+200F: spaces, joiners, directions
    "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84",
    "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88",
    "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\x8B", "\xE2\x80\x8C",
    "\xE2\x80\x8D", "\xE2\x80\x8E", "\xE2\x80\x8F",
    "\xE2\x80\xA8",  // line separator
    "\xE2\x80\xA9",  // paragraph separator
    "\xE2\x80\xAF",  // narrow no-break space
    "\xE2\x81\x9F",  // mathematical space
    "\xE2\x81\xA0",  // word joiner
    "\xE3\x80\x80",  // ideographic space
    "\xEF\xBB\xBF",  // byte order mark
};

}  // namespace

int64_t Characters(absl::string_view utf8) {
  return std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
}

bool IsBlank(absl::string_view utf8) {
  while (!utf8.empty()) {
    if (absl::ascii_isspace(utf8[0]) || absl::ascii_iscntrl(utf8[0])) {
      utf8.remove_prefix(1);
      continue;
    }
    const auto* const unseen = std::find_if(
        std::begin(kUnseen), std::end(kUnseen),
        [&](absl::string_view one) { return absl::StartsWith(utf8, one); });
    if (unseen == std::end(kUnseen)) return false;
    utf8.remove_prefix(unseen->size());
  }
  return true;
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

void Violations::Text(absl::string_view field, absl::string_view text,
                      int64_t limit, absl::string_view wanted) {
  if (IsBlank(text)) {
    Add(field,
        absl::StrCat(text.empty() ? "not set" : "blank", ", want ", wanted));
  }
  AtMost(field, text, limit);
}

void Violations::OptionalText(absl::string_view field, absl::string_view text,
                              int64_t limit) {
  if (!text.empty()) Text(field, text, limit, "a text, or none");
}

void Violations::ActorName(absl::string_view field, absl::string_view name,
                           int64_t limit) {
  Text(field, name, limit, "a name");
  if (std::any_of(name.begin(), name.end(), absl::ascii_iscntrl)) {
    Add(field, "has a control character, want a name in one line");
  }
}

void Violations::OptionalActorName(absl::string_view field,
                                   absl::string_view name, int64_t limit) {
  if (!name.empty()) ActorName(field, name, limit);
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
