#include "gateway/edge/codecs/json_guard.h"

#include <cstddef>
#include <nlohmann/json.hpp>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace kith::edge {
namespace {

// Follows the depth and the keys while a text is read, and ends the reading
// when it is too deep or has a key twice. The names of the functions are the
// library's.
class DepthReader final : public nlohmann::json::json_sax_t {
 public:
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/,
                    const string_t& /*text*/) override {
    return true;
  }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }

  bool start_object(size_t /*size*/) override {
    is_object_ |= depth_ == 0;
    names_.emplace_back();
    return Enter();
  }
  bool key(string_t& name) override {
    if (depth_ == 1) keys_.push_back(name);
    if (names_.back().insert(std::move(name)).second) return true;
    // The name may be what the caller sent.
    fault_ = absl::InvalidArgumentError(
        "an object of the JSON has a key twice, want each once");
    return false;
  }
  bool end_object() override {
    names_.pop_back();
    return Leave();
  }
  bool start_array(size_t /*size*/) override { return Enter(); }
  bool end_array() override { return Leave(); }

  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    // Its text would repeat what the caller sent.
    fault_ = absl::InvalidArgumentError(
        absl::StrCat("the body is not JSON, see byte ", position));
    return false;
  }

  const absl::Status& fault() const { return fault_; }
  bool is_object() const { return is_object_; }
  std::vector<std::string>& keys() { return keys_; }

 private:
  bool Enter() {
    if (++depth_ <= kMaxJsonDepth) return true;
    fault_ = absl::InvalidArgumentError(absl::StrCat(
        "the JSON is deeper than ", kMaxJsonDepth, " objects and lists"));
    return false;
  }
  bool Leave() {
    --depth_;
    return true;
  }

  int depth_ = 0;
  bool is_object_ = false;
  absl::Status fault_;
  std::vector<std::string> keys_;
  // Of the objects that are open, the keys so far.
  std::vector<absl::flat_hash_set<std::string>> names_;
};

absl::Status Read(absl::string_view text, DepthReader& reader) {
  // The library takes a NUL for the end, and skips the mark.
  if (absl::StrContains(text, '\0') || absl::StartsWith(text, "\xEF\xBB\xBF")) {
    return absl::InvalidArgumentError(
        "the body is not JSON: it has a NUL or a byte order mark");
  }
  nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
  return reader.fault();
}

}  // namespace

absl::Status CheckJson(absl::string_view text) {
  DepthReader reader;
  return Read(text, reader);
}

absl::StatusOr<std::vector<std::string>> KeysOfJson(absl::string_view text) {
  DepthReader reader;
  KITH_RETURN_IF_ERROR(Read(text, reader));
  if (!reader.is_object()) {
    return absl::InvalidArgumentError("the body is no JSON object");
  }
  return std::move(reader.keys());
}

}  // namespace kith::edge
