#include "tests/bench/http_views.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/bench/scenario.h"

namespace kith::bench {
namespace {

constexpr char kPath[] = "/kith.gateway.v1.GatewayService/GetCustomerView";
// That of LeanView.
constexpr char kMask[] = "contact,identities,summary,interactions";

// `line` is method and target.
std::string Head(absl::string_view line, const std::string& token) {
  return absl::StrCat(line, " HTTP/1.1\r\nhost: bench\r\n",
                      "authorization: Bearer ", token, "\r\n");
}

std::string Post(absl::string_view type, absl::string_view body,
                 const std::string& token) {
  return absl::StrCat(Head(absl::StrCat("POST ", kPath), token),
                      "content-type: ", type,
                      "\r\nconnect-protocol-version: 1\r\n",
                      "content-length: ", body.size(), "\r\n\r\n", body);
}

std::string ConnectBinary(const std::string& contact_id,
                          const std::string& token) {
  auto request = LeanView();
  request.mutable_customer()->set_contact_id(contact_id);
  return Post("application/proto", request.SerializeAsString(), token);
}

std::string ConnectJson(const std::string& contact_id,
                        const std::string& token) {
  return Post("application/json",
              absl::StrCat(R"({"customer":{"contactId":")", contact_id,
                           R"("},"readMask":")", kMask, "\"}"),
              token);
}

std::string Rest(const std::string& contact_id, const std::string& token) {
  return absl::StrCat(
      Head(absl::StrCat("GET /v1/customers/", contact_id, "?read_mask=", kMask),
           token),
      "\r\n");
}

absl::Status CheckBinary(absl::string_view body) {
  gateway::v1::GetCustomerViewResponse response;
  if (!response.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return absl::InternalError("no message");
  }
  return CheckView(response);
}

// As CheckView, by what the text must have. A browser would parse it on
// another machine.
absl::Status CheckJson(absl::string_view body) {
  if (!absl::StrContains(body, R"("interactions":[)")) {
    return absl::InternalError("a view without interactions");
  }
  if (absl::StrContains(body, R"("error":{)")) {
    return absl::InternalError("a view that lacks a part");
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<HttpView> AllHttpViews() {
  return {{"Connect binary", ConnectBinary, CheckBinary},
          {"Connect JSON", ConnectJson, CheckJson},
          {"REST", Rest, CheckJson}};
}

std::string WatchRequest(const std::string& contact_id,
                         const std::string& token) {
  return absl::StrCat(
      Head(absl::StrCat("GET /v1/customers/", contact_id, ":watch"), token),
      "\r\n");
}

}  // namespace kith::bench
