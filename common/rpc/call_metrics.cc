#include "common/rpc/call_metrics.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/ops/log.h"

namespace kith::rpc {
namespace {

constexpr int kCodes = 17;

const char* Name(CallMetrics::Side side) {
  return side == CallMetrics::Side::kServer ? "server" : "client";
}

prometheus::Labels Labels(const google::protobuf::MethodDescriptor& method) {
  return {{"grpc_type", method.server_streaming() ? "server_stream" : "unary"},
          {"grpc_service", method.service()->full_name()},
          {"grpc_method", method.name()}};
}

prometheus::Counter& Count(CallMetrics::Side side, const char* what,
                           const char* help, const prometheus::Labels& labels) {
  return ops::Counter(absl::StrCat("grpc_", Name(side), "_", what, "_total"),
                      absl::StrCat(help, " by the ", Name(side), "."), labels);
}

}  // namespace

CallMetrics::CallMetrics(Side side,
                         const google::protobuf::MethodDescriptor& method)
    : unary_(!method.server_streaming()),
      started_(Count(side, "started", "RPCs started", Labels(method))),
      requests_(
          Count(side, side == Side::kServer ? "msg_received" : "msg_sent",
                side == Side::kServer ? "Messages received" : "Messages sent",
                Labels(method))),
      answers_(
          Count(side, side == Side::kServer ? "msg_sent" : "msg_received",
                side == Side::kServer ? "Messages sent" : "Messages received",
                Labels(method))),
      seconds_(ops::SecondsHistogram(
          absl::StrCat("grpc_", Name(side), "_handling_seconds"),
          "Time from the start of an RPC to its answer.", Labels(method))) {
  for (int code = 0; code < kCodes; ++code) {
    prometheus::Labels labels = Labels(method);
    labels["grpc_code"] = CodeName(static_cast<absl::StatusCode>(code));
    ended_.push_back(&Count(side, "handled", "RPCs ended", labels));
  }
}

void CallMetrics::NoteStart() const {
  started_.Increment();
  requests_.Increment();
}

void CallMetrics::NoteEnd(absl::StatusCode code, absl::Duration took) const {
  const int number = static_cast<int>(code);
  const bool known = number >= 0 && number < kCodes;
  ended_[known ? number : static_cast<int>(absl::StatusCode::kUnknown)]
      ->Increment();
  if (unary_ && code == absl::StatusCode::kOk) answers_.Increment();
  seconds_.Observe(absl::ToDoubleSeconds(took));
}

std::string CodeName(absl::StatusCode code) {
  if (code == absl::StatusCode::kOk) return "OK";
  std::string name;
  bool upper = true;
  for (const char c : absl::StatusCodeToString(code)) {
    if (c == '_') {
      upper = true;
      continue;
    }
    name.push_back(upper ? c : absl::ascii_tolower(c));
    upper = false;
  }
  return name;
}

const google::protobuf::MethodDescriptor& MethodOf(
    const google::protobuf::Descriptor& request) {
  // The service of "kith/contacts/v1/contact.proto" is in
  // "kith/contacts/v1/contacts_service.proto", as protos/README.md says.
  const std::vector<std::string> path =
      absl::StrSplit(request.file()->name(), '/');
  const google::protobuf::FileDescriptor* const file =
      path.size() < 4 ? nullptr
                      : request.file()->pool()->FindFileByName(
                            absl::StrCat(path[0], "/", path[1], "/", path[2],
                                         "/", path[1], "_service.proto"));
  for (int i = 0; file != nullptr && i < file->service_count(); ++i) {
    for (int j = 0; j < file->service(i)->method_count(); ++j) {
      const auto& method = *file->service(i)->method(j);
      if (method.input_type() == &request) return method;
    }
  }
  ops::Log(ops::Severity::kError, "no method takes a message",
           {{"message", request.full_name()}});
  std::abort();
}

}  // namespace kith::rpc
