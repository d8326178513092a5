#include "gateway/hooks/mapping/rest_fields.h"

#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/status/whole_characters.h"
#include "gateway/hooks/mapping/suspicion.h"
#include "gateway/hooks/reading/expression.h"
#include "gateway/visits/visit_origin.h"
#include "google/protobuf/message.h"

namespace kith::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kMostNameBytes = 64;
constexpr size_t kMostValueCharacters = 1'000;

// Collects the names that the paths of a message have behind some roots.
class NameCollector {
 public:
  explicit NameCollector(absl::Span<const absl::string_view> roots)
      : roots_(roots) {}

  void Visit(const Message& message) {
    using google::protobuf::DynamicCastToGenerated;
    if (const auto* const expression =
            DynamicCastToGenerated<config::v1::Expression>(&message)) {
      AddOf(*expression);
    }
    if (const auto* const suspect =
            DynamicCastToGenerated<config::v1::SuspectRule>(&message)) {
      for (const std::string& path : suspect->honeypots()) Add(path);
    }
    const google::protobuf::Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> set;
    reflection.ListFields(message, &set);
    for (const FieldDescriptor* field : set) {
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      if (!field->is_repeated()) {
        Visit(reflection.GetMessage(message, field));
        continue;
      }
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        Visit(reflection.GetRepeatedMessage(message, field, i));
      }
    }
  }

  std::set<std::string>& names() { return names_; }

 private:
  void Add(absl::string_view path) {
    std::string name = NameUnder(path, roots_);
    if (!name.empty()) names_.insert(std::move(name));
  }

  void AddOf(const config::v1::Expression& expression) {
    const auto paths = PathsOf(expression);
    if (!paths.ok()) return;
    for (const std::string& path : *paths) Add(path);
  }

  const absl::Span<const absl::string_view> roots_;
  std::set<std::string> names_;
};

}  // namespace

void AddRest(const config::v1::RestMapping& rest,
             const std::set<std::string>& named_fields, const Json& item,
             interactions::v1::Interaction& interaction) {
  if (!item.is_object()) return;
  auto& attributes = *interaction.mutable_attributes();
  for (const auto& [field, value] : item.items()) {
    if (named_fields.count(field) > 0 ||
        absl::c_linear_search(rest.except(), field)) {
      continue;
    }
    const auto text = TextOf(&value);
    if (!text.ok() || text->empty()) continue;
    if (attributes.size() >= api::kMaxAttributes) return;
    std::string name = AttributeName(field);
    if (name == kVerdictAttribute || name == kVerdictReasonAttribute ||
        IsOfOrigin(name)) {
      // Or a form would say of itself what Kith has found of it.
      name = absl::StrCat("field_", name).substr(0, kMostNameBytes);
    }
    attributes.insert({name, std::string(status::FirstCharacters(
                                 *text, kMostValueCharacters))});
  }
}

std::string AttributeName(absl::string_view field) {
  std::string name = absl::AsciiStrToLower(field);
  for (char& c : name) {
    if (!absl::ascii_islower(c) && !absl::ascii_isdigit(c) && c != '.' &&
        c != '-') {
      c = '_';
    }
  }
  if (name.empty() || !absl::ascii_islower(name.front())) {
    name = absl::StrCat("field_", name);
  }
  return name.substr(0, kMostNameBytes);
}

std::set<std::string> NamesUnder(const config::v1::Connector& connector,
                                 absl::Span<const absl::string_view> roots) {
  NameCollector collector(roots);
  collector.Visit(connector);
  return std::move(collector.names());
}

}  // namespace kith::gateway
