#include "tests/model/fault.h"

#include "absl/strings/str_cat.h"
#include "common/status/rpc_status.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/rpc/error_details.pb.h"

namespace kith::model {

Fault Differs(const google::protobuf::Message& got,
              const google::protobuf::Message& want) {
  using google::protobuf::util::MessageDifferencer;
  std::string difference;
  MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  if (differencer.Compare(want, got)) return "";
  return absl::StrCat("from what is wanted to what is there: ", difference);
}

Fault NotRefused(const absl::Status& got, absl::StatusCode code,
                 const std::string& reason) {
  const auto info = status::FindDetail<google::rpc::ErrorInfo>(got);
  const std::string told = info.has_value() ? info->reason() : "";
  if (got.code() == code && told == reason) return "";
  return absl::StrCat("want ", absl::StatusCodeToString(code), " ", reason,
                      ", got ", got.ToString(), " ", told);
}

}  // namespace kith::model
