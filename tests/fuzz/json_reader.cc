#include "tests/fuzz/json_reader.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/text.h"

namespace kith::fuzz {
namespace {

// Each function takes what it is named after off the front of the rest, or
// returns false.
class JsonReader {
 public:
  explicit JsonReader(absl::string_view text) : rest_(text) {}

  bool Value(int depth) {
    Space();
    const char first = rest_.empty() ? '\0' : rest_.front();
    if (first == '"') return String();
    if (first == '{' || first == '[') return depth > 0 && Members(depth - 1);
    if (Take("true") || Take("false") || Take("null")) return true;
    return Number();
  }

  bool End() {
    Space();
    return rest_.empty();
  }

 private:
  bool Take(absl::string_view text) {
    return absl::ConsumePrefix(&rest_, text);
  }

  void Space() {
    rest_.remove_prefix(
        std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }

  bool Digits() {
    const size_t count =
        std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    rest_.remove_prefix(count);
    return count > 0;
  }

  bool Number() {
    Take("-");
    if (!Take("0") && !Digits()) return false;
    if (Take(".") && !Digits()) return false;
    if (!Take("e") && !Take("E")) return true;
    if (!Take("+")) Take("-");
    return Digits();
  }

  // Of an object or a list.
  bool Members(int depth) {
    const bool object = Take("{");
    if (!object) Take("[");
    const absl::string_view end = object ? "}" : "]";
    Space();
    if (Take(end)) return true;
    do {
      Space();
      if (object && !(String() && Colon())) return false;
      if (!Value(depth)) return false;
      Space();
    } while (Take(","));
    return Take(end);
  }

  bool Colon() {
    Space();
    return Take(":");
  }

  bool String() {
    if (!Take("\"")) return false;
    while (!rest_.empty()) {
      if (Take("\"")) return true;
      if (static_cast<unsigned char>(rest_.front()) < 0x20) return false;
      if (!Take("\\")) {
        rest_.remove_prefix(1);
      } else if (!Escape()) {
        return false;
      }
    }
    return false;
  }

  bool Escape() {
    if (Take("u")) return Hex(4);
    if (rest_.empty() || !absl::StrContains("\"\\/bfnrt", rest_.front())) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  bool Hex(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      if (rest_.empty() || !absl::ascii_isxdigit(rest_.front())) return false;
      rest_.remove_prefix(1);
    }
    return true;
  }

  absl::string_view rest_;
};

}  // namespace

bool IsJson(absl::string_view text, int most_depth) {
  JsonReader reader(text);
  return identity::IsUtf8(text) && reader.Value(most_depth) && reader.End();
}

}  // namespace kith::fuzz
