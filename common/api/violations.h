#ifndef KITH_COMMON_API_VIOLATIONS_H_
#define KITH_COMMON_API_VIOLATIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/api/limits.h"

namespace kith::api {

// Returns the number of Unicode code points in valid UTF-8.
int64_t Characters(absl::string_view utf8);

// Returns true if valid UTF-8 has nothing that people could read, but white
// space, control characters and characters without a width, or nothing at all.
bool IsBlank(absl::string_view utf8);

// Returns true if `text` is [a-z][a-z0-9_.-]{0,63}; with `digit_first`, the
// first character may be a digit.
bool IsName(absl::string_view text, bool digit_first = false);

// Collects all faults of a request, so that the caller learns all of them at
// once. Not thread-safe.
class Violations {
 public:
  // Adds a fault: "contact.kind: not set, want PERSON".
  void Add(absl::string_view field, absl::string_view problem);

  // Adds a fault if `text` has more than `limit` characters.
  void AtMost(absl::string_view field, absl::string_view text, int64_t limit);

  // Adds a fault if a text for people is blank (see IsBlank), or has more than
  // `limit` characters: "note: not set, want why" for the `wanted` "why".
  void Text(absl::string_view field, absl::string_view text, int64_t limit,
            absl::string_view wanted);

  // The same, but the text may be empty.
  void OptionalText(absl::string_view field, absl::string_view text,
                    int64_t limit);

  // Adds a fault if the name of a person or a program is blank, has more than
  // `limit` characters, or has control characters, as no name in a token may.
  void ActorName(absl::string_view field, absl::string_view name,
                 int64_t limit);

  // The same, but the name may be empty.
  void OptionalActorName(absl::string_view field, absl::string_view name,
                         int64_t limit);

  // Adds a fault if a repeated field has fewer than `least` or more than `most`
  // elements.
  void Count(absl::string_view field, int64_t count, int64_t least,
             int64_t most);

  // Adds a fault if `text` is not a UUID.
  void Uuid(absl::string_view field, absl::string_view text);

  // Adds a fault if `text` is neither empty nor a UUID.
  void OptionalUuid(absl::string_view field, absl::string_view text);

  // Adds a fault if `text` is neither empty nor an identity_key (32 lower-case
  // hex digits).
  void OptionalIdentityKey(absl::string_view field, absl::string_view text);

  // Adds a fault if `text` is neither empty nor 1 to 64 of [A-Za-z0-9._:-].
  void RequestId(absl::string_view text);

  // Adds a fault if `text` is not a UUID. It may be empty if there is a
  // `request_fingerprint`: then the caller asks for the result of an earlier
  // request.
  void UuidUnlessRepeat(absl::string_view field, absl::string_view text,
                        absl::string_view request_fingerprint);

  // Adds a fault if `bytes` is neither empty nor 32 bytes.
  void RequestFingerprint(absl::string_view bytes);

  // Adds a fault if `page_size` is negative.
  void PageSize(int32_t page_size);

  // Adds a fault if there are more than 64 attributes, for each key that is not
  // a name (see IsName), and for each value of more than 1,000 characters.
  template <typename Map>
  void Attributes(absl::string_view field, const Map& attributes) {
    Count(field, static_cast<int64_t>(attributes.size()), 0, kMaxAttributes);
    for (const auto& [key, value] : attributes) Attribute(field, key, value);
  }

  bool empty() const { return problems_.empty(); }

  // Returns OK if there is no fault, else INVALID_ARGUMENT with the faults: as
  // text and, for programs, as a google.rpc.BadRequest. Of many or long faults
  // the first are listed, cut short, and the others are counted in the text.
  absl::Status ToStatus() const;

 private:
  void Attribute(absl::string_view field, absl::string_view key,
                 absl::string_view value);

  struct Problem {
    std::string field;
    std::string text;
  };
  std::vector<Problem> problems_ = {};
};

}  // namespace kith::api

#endif  // KITH_COMMON_API_VIOLATIONS_H_
