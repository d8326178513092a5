#include "gateway/edge/protocols/rest_stream.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/code_table.h"
#include "gateway/edge/codecs/error_body.h"
#include "gateway/edge/protocols/content_coding.h"
#include "gateway/edge/protocols/messages.h"
#include "gateway/edge/protocols/rest.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace kith::edge {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

constexpr char kEvents[] = "text/event-stream";
constexpr char kLines[] = "application/x-ndjson";

// Returns the last value of a string field in a message as bytes; "" if it has
// none.
std::string StringField(const std::string& bytes, int number) {
  using Wire = google::protobuf::internal::WireFormatLite;
  google::protobuf::io::CodedInputStream input(
      reinterpret_cast<const uint8_t*>(bytes.data()),
      static_cast<int>(bytes.size()));
  std::string value;
  while (const uint32_t tag = input.ReadTag()) {
    const bool found =
        tag == Wire::MakeTag(number, Wire::WIRETYPE_LENGTH_DELIMITED);
    if (found ? !Wire::ReadString(&input, &value)
              : !Wire::SkipField(&input, tag)) {
      break;
    }
  }
  return value;
}

class RestWriter final : public StreamWriter {
 public:
  RestWriter(bool events, const MethodDescriptor& method, const JsonCodec& json)
      : events_(events), method_(method), json_(json) {
    const FieldDescriptor* const field =
        method.output_type()->FindFieldByName(kResumeField);
    if (field != nullptr && field->type() == FieldDescriptor::TYPE_STRING) {
      resume_field_ = field->number();
    }
  }

  Reply Whole(const RpcResult& result) const override {
    return result.status.code() == 0
               ? StreamWriter::Whole(result)
               : RestError(result.status, /*http_status=*/0, json_);
  }

  Reply Head(const Headers& leading) const override {
    Reply reply = {.headers = {{"content-type", events_ ? kEvents : kLines}},
                   .heartbeat = events_ ? ":\n\n" : ""};
    AddReplyHeaders(leading, "", reply.headers);
    return reply;
  }

  absl::StatusOr<std::string> Message(const std::string& bytes) const override {
    KITH_ASSIGN_OR_RETURN(
        const std::string text,
        ResponseText(bytes, /*is_json=*/true, method_, json_));
    if (!events_) return absl::StrCat("{\"result\":", text, "}\n");
    const std::string id =
        resume_field_ == 0 ? "" : StringField(bytes, resume_field_);
    // A token is one line; nothing else may be an id.
    const bool has_id = !id.empty() &&
                        id.find_first_of("\r\n") == std::string::npos &&
                        id.find('\0') == std::string::npos;
    return absl::StrCat(has_id ? absl::StrCat("id: ", id, "\n") : "",
                        "data: ", text, "\n\n");
  }

  std::string End(const RpcResult& result) const override {
    if (result.status.code() == 0) {
      return events_ ? "event: complete\ndata: {}\n\n" : "";
    }
    const std::string body =
        RestErrorBody(result.status, HttpStatusOf(result.status.code()), json_);
    return events_ ? absl::StrCat("event: error\ndata: ", body, "\n\n")
                   : absl::StrCat(body, "\n");
  }

 private:
  const bool events_;
  const MethodDescriptor& method_;
  const JsonCodec& json_;
  // 0 if the responses have none.
  int resume_field_ = 0;
};

}  // namespace

bool WantsEvents(const Headers& request) {
  for (const absl::string_view entry :
       absl::StrSplit(FindHeader(request, "accept"), ',')) {
    if (MediaType(entry) == kEvents && !absl::StrContains(entry, "q=0")) {
      return true;
    }
  }
  return false;
}

std::shared_ptr<const StreamWriter> MakeRestWriter(
    bool events, const MethodDescriptor& method, const JsonCodec& json) {
  return std::make_shared<RestWriter>(events, method, json);
}

}  // namespace kith::edge
