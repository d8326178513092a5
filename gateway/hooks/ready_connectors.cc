#include "gateway/hooks/ready_connectors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"

namespace kith::gateway {
namespace {

using config::v1::Connector;
using google::protobuf::FieldDescriptor;

// Returns true for what a connector changes in parts: where the secret is, and
// which hosts are allowed, are its own in any case.
bool IsInParts(const FieldDescriptor& field) {
  return field.is_map() || field.number() == Connector::kSignatureFieldNumber ||
         field.number() == Connector::kAnswerFieldNumber;
}

// Lays what a connector sets over its ready-made one.
void LayOver(const Connector& connector, Connector& ready) {
  std::vector<const FieldDescriptor*> set;
  Connector::GetReflection()->ListFields(connector, &set);
  for (const FieldDescriptor* field : set) {
    if (!IsInParts(*field))
      Connector::GetReflection()->ClearField(&ready, field);
  }
  ready.MergeFrom(connector);
}

}  // namespace

absl::Status AddReady(Connector& connector) {
  if (connector.ready().empty()) return absl::OkStatus();
  std::vector<std::string> names;
  for (const auto& [name, text] : ReadyConnectors()) {
    names.push_back(name);
    if (name != connector.ready()) continue;
    Connector ready;
    if (!google::protobuf::TextFormat::ParseFromString(text, &ready)) {
      return absl::InternalError(
          absl::StrCat("the ready-made connector ", name, " does not parse"));
    }
    LayOver(connector, ready);
    connector.Swap(&ready);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("ready \"", connector.ready(),
                                                 "\", want one of ",
                                                 absl::StrJoin(names, ", ")));
}

}  // namespace kith::gateway
