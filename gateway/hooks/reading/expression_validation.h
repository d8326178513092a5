#ifndef KITH_GATEWAY_HOOKS_READING_EXPRESSION_VALIDATION_H_
#define KITH_GATEWAY_HOOKS_READING_EXPRESSION_VALIDATION_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "kith/config/v1/connectors.pb.h"

namespace kith::gateway {

// Collects a line for each fault of a connector: where, what is there, and what
// is wanted, such as `touches[0].set[2].value: path "bdy.x", want ...`.
class ConnectorFaults {
 public:
  template <typename... Parts>
  void Add(absl::string_view place, const Parts&... parts) {
    lines_.push_back(absl::StrCat(place, ": ", parts...));
  }

  // Adds a fault if there are fewer or more than wanted.
  void CheckCount(absl::string_view place, int count, int least, int most);

  // Adds the faults of an expression, of which the value is required.
  void CheckExpression(const std::string& place,
                       const config::v1::Expression& expression);

  // Adds the faults of at most 20 conditions.
  void CheckConditions(
      const std::string& place,
      const google::protobuf::RepeatedPtrField<config::v1::Condition>&
          conditions);

  std::vector<std::string>& lines() { return lines_; }

 private:
  void CheckValue(const std::string& place,
                  const config::v1::Expression& expression);
  void CheckStep(const std::string& place, const config::v1::TextStep& step);
  void CheckTime(const std::string& place, const config::v1::TimeFormat& time);

  std::vector<std::string> lines_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_READING_EXPRESSION_VALIDATION_H_
