#include "gateway/calls/field_faults.h"

#include <optional>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/violations.h"
#include "common/status/rpc_status.h"
#include "google/rpc/error_details.pb.h"

namespace kith::gateway {
namespace {

using google::rpc::BadRequest;

// `field` may have the fault behind it.
std::string Rename(const std::string& field, absl::string_view from,
                   absl::string_view to) {
  absl::string_view rest = field;
  if (!absl::ConsumePrefix(&rest, from)) return field;
  const bool whole =
      rest.empty() || rest[0] == '.' || rest[0] == '[' || rest[0] == ':';
  return whole ? absl::StrCat(to, rest) : field;
}

}  // namespace

absl::Status RenameFields(const absl::Status& status, absl::string_view from,
                          absl::string_view to) {
  const auto told = status::FindDetail<BadRequest>(status);
  if (!told.has_value()) {
    absl::Status renamed(status.code(),
                         Rename(std::string(status.message()), from, to));
    status.ForEachPayload([&](absl::string_view type, const absl::Cord& value) {
      renamed.SetPayload(type, value);
    });
    return renamed;
  }
  api::Violations violations;
  for (const auto& one : told->field_violations()) {
    violations.Add(Rename(one.field(), from, to), one.description());
  }
  return violations.ToStatus();
}

absl::Status JoinFaults(const absl::Status& first, const absl::Status& second) {
  if (first.ok()) return second;
  api::Violations violations;
  for (const absl::Status* status : {&first, &second}) {
    const auto told = status::FindDetail<BadRequest>(*status);
    if (!told.has_value()) return first;
    for (const auto& one : told->field_violations()) {
      violations.Add(one.field(), one.description());
    }
  }
  return violations.ToStatus();
}

}  // namespace kith::gateway
