#include "common/status/rpc_status.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/whole_characters.h"
#include "google/rpc/error_details.pb.h"

namespace kith::status {
namespace {

// As google.protobuf.Any spells types. What else a status carries stays inside.
constexpr absl::string_view kDetailPrefix = "type.googleapis.com/google.rpc.";

constexpr absl::string_view kCut = "...";

}  // namespace

std::string Shortened(absl::string_view text, size_t most) {
  if (text.size() <= most) return std::string(text);
  return absl::StrCat(WholeCharacters(text, most - std::min(most, kCut.size())),
                      kCut);
}

std::string DetailUrl(const google::protobuf::Descriptor& type) {
  return absl::StrCat("type.googleapis.com/", type.full_name());
}

void AddDetail(const google::protobuf::Message& detail, absl::Status& status) {
  status.SetPayload(DetailUrl(*detail.GetDescriptor()),
                    absl::Cord(detail.SerializeAsString()));
}

absl::Status WithReason(absl::string_view reason, absl::Status status,
                        const std::map<std::string, std::string>& metadata) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain("kith.dev");
  info.mutable_metadata()->insert(metadata.begin(), metadata.end());
  AddDetail(info, status);
  return status;
}

absl::Status Public(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kInternal) {
    return absl::InternalError("internal error");
  }
  absl::Status shown(status.code(), Shortened(status.message(), kMaxMessage));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& detail) {
    if (absl::StartsWith(url, kDetailPrefix)) shown.SetPayload(url, detail);
  });
  return shown;
}

google::rpc::Status ToProto(const absl::Status& status) {
  const absl::Status shown = Public(status);
  google::rpc::Status proto;
  proto.set_code(static_cast<int>(shown.code()));
  proto.set_message(std::string(shown.message()));
  shown.ForEachPayload([&](absl::string_view url, const absl::Cord& detail) {
    google::protobuf::Any& any = *proto.add_details();
    any.set_type_url(std::string(url));
    any.set_value(std::string(detail));
  });
  return proto;
}

absl::Status FromProto(const google::rpc::Status& proto) {
  absl::Status status(static_cast<absl::StatusCode>(proto.code()),
                      proto.message());
  for (const google::protobuf::Any& any : proto.details()) {
    status.SetPayload(any.type_url(), absl::Cord(any.value()));
  }
  return status;
}

}  // namespace kith::status
