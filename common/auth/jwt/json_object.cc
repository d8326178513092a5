#include "common/auth/jwt/json_object.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"

namespace kith::jwt {
namespace {

using nlohmann::json;

constexpr int kMostNested = 16;

// Watches the parser for what it takes and we do not.
class Strictness {
 public:
  // Returns false if the rest need not be kept.
  bool See(int depth, json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::object_start) {
      members_.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      members_.pop_back();
    } else if (event == json::parse_event_t::key &&
               !members_.back().insert(parsed.get<std::string>()).second) {
      fault_ = "a member twice";
    }
    if (depth >= kMostNested) fault_ = "too deep";
    return fault_ == nullptr;
  }

  const char* fault() const { return fault_; }

 private:
  // The names of the objects that are open.
  std::vector<absl::flat_hash_set<std::string>> members_;
  const char* fault_ = nullptr;
};

absl::Status NotJsonError(const char* fault) {
  return absl::InvalidArgumentError(fault);
}

}  // namespace

absl::StatusOr<json> ParseJsonObject(absl::string_view text) {
  // The parser takes a NUL for the end, and skips the mark.
  if (absl::StrContains(text, '\0') || absl::StartsWith(text, "\xEF\xBB\xBF")) {
    return NotJsonError("a NUL or a byte order mark");
  }
  Strictness strictness;
  json object = json::parse(
      text.begin(), text.end(),
      [&](int depth, json::parse_event_t event, json& parsed) {
        return strictness.See(depth, event, parsed);
      },
      /*allow_exceptions=*/false);
  if (strictness.fault() != nullptr) return NotJsonError(strictness.fault());
  if (!object.is_object()) return NotJsonError("not a JSON object");
  return object;
}

const std::string* TextMember(const json& object, const char* name) {
  const auto it = object.find(name);
  return it == object.end() ? nullptr : it->get_ptr<const std::string*>();
}

}  // namespace kith::jwt
