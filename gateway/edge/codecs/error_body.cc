#include "gateway/edge/codecs/error_body.h"

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "gateway/edge/codecs/code_table.h"
#include "google/protobuf/any.pb.h"

namespace kith::edge {
namespace {

using Json = nlohmann::ordered_json;

std::string Text(absl::string_view text) { return std::string(text); }

// Bytes that are not UTF-8 are replaced: the library throws at them.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string DetailValue(const google::protobuf::Any& detail) {
  std::string text = absl::Base64Escape(detail.value());
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

std::string DetailType(const google::protobuf::Any& detail) {
  return detail.type_url().substr(detail.type_url().rfind('/') + 1);
}

Json ConnectError(const google::rpc::Status& error) {
  Json body = {{"code", Text(ConnectName(error.code()))}};
  if (!error.message().empty()) body["message"] = error.message();
  for (const google::protobuf::Any& detail : error.details()) {
    body["details"].push_back(
        {{"type", DetailType(detail)}, {"value", DetailValue(detail)}});
  }
  return body;
}

}  // namespace

std::string ConnectErrorBody(const google::rpc::Status& error) {
  return Dump(ConnectError(error));
}

std::string ConnectEndBody(const google::rpc::Status& status,
                           const Headers& trailers) {
  Json body = Json::object();
  if (status.code() != 0) body["error"] = ConnectError(status);
  for (const auto& [name, value] : trailers) {
    body["metadata"][name].push_back(value);
  }
  return Dump(body);
}

std::string RestErrorBody(const google::rpc::Status& error, int http_status,
                          const JsonCodec& json) {
  Json fields = {{"code", http_status},
                 {"message", error.message()},
                 {"status", Text(CodeName(error.code()))}};
  for (const google::protobuf::Any& detail : error.details()) {
    const auto text = json.ToJson(*google::protobuf::Any::descriptor(),
                                  detail.SerializeAsString());
    if (text.ok()) fields["details"].push_back(Json::parse(*text));
  }
  return Dump({{"error", std::move(fields)}});
}

}  // namespace kith::edge
