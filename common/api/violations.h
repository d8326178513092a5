#ifndef KITH_COMMON_API_VIOLATIONS_H_
#define KITH_COMMON_API_VIOLATIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kith::api {

// Number of Unicode code points in valid UTF-8.
int64_t Characters(absl::string_view utf8);

// Whether `text` is [a-z][a-z0-9_.-]{0,63}; with `digit_first`, a digit may
// come first.
bool IsName(absl::string_view text, bool digit_first = false);

// Collects everything that is wrong with a request, so that the caller hears
// of it at once. Not thread-safe.
class Violations {
 public:
  // Notes that `field` is wrong: "contact.kind: not set, want PERSON".
  void Add(absl::string_view field, absl::string_view problem);

  // Notes a text longer than `limit` characters.
  void AtMost(absl::string_view field, absl::string_view text, int64_t limit);

  // Notes a repeated field with fewer than `least` or more than `most`
  // elements.
  void Count(absl::string_view field, int64_t count, int64_t least,
             int64_t most);

  // Notes an empty text, or one that is not a UUID.
  void Uuid(absl::string_view field, absl::string_view text);

  // The same, where the text may be empty.
  void OptionalUuid(absl::string_view field, absl::string_view text);

  // Notes a text that is neither empty nor an identity_key.
  void OptionalIdentityKey(absl::string_view field, absl::string_view text);

  // Notes a request_id that is not empty and not 1 to 64 of [A-Za-z0-9._:-].
  void RequestId(absl::string_view text);

  // Notes one that is no UUID. It may be empty where there is a
  // request_fingerprint, by which is asked for what was done before.
  void UuidUnlessRepeat(absl::string_view field, absl::string_view text,
                        absl::string_view request_fingerprint);

  // Notes a request_fingerprint that is not empty and not 32 bytes.
  void RequestFingerprint(absl::string_view bytes);

  // Notes a negative page_size.
  void PageSize(int32_t page_size);

  // Notes attribute keys and values that are out of bounds.
  template <typename Map>
  void Attributes(absl::string_view field, const Map& attributes) {
    Count(field, static_cast<int64_t>(attributes.size()), 0, 64);
    for (const auto& [key, value] : attributes) Attribute(field, key, value);
  }

  bool empty() const { return problems_.empty(); }

  // OK, or INVALID_ARGUMENT with all that was noted, as text and, for
  // programs, as a google.rpc.BadRequest.
  absl::Status ToStatus() const;

 private:
  void Attribute(absl::string_view field, absl::string_view key,
                 absl::string_view value);

  struct Problem {
    std::string field;
    std::string text;
  };
  std::vector<Problem> problems_;
};

}  // namespace kith::api

#endif  // KITH_COMMON_API_VIOLATIONS_H_
