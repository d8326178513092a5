#ifndef KITH_GATEWAY_HOOKS_HOOK_FIXTURE_H_
#define KITH_GATEWAY_HOOKS_HOOK_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gateway/hooks/connector_validation.h"
#include "gateway/hooks/loaded_connector.h"
#include "gateway/hooks/mapping/rest_fields.h"
#include "gateway/hooks/mapping/touch_mapping.h"
#include "gateway/hooks/reading/reading.h"
#include "gateway/hooks/ready_connectors.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace kith::gateway {

inline constexpr char kHookEntry[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000e1";

// 2026-11-30T12:00:00Z.
inline const absl::Time kHookTime = absl::FromUnixSeconds(1'796'040'000);

template <typename Proto>
Proto HookProto(const std::string& text) {
  Proto proto;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &proto))
      << text;
  return proto;
}

// A connector as it is loaded, of the tenant 1, with these secrets. It must
// have no fault.
inline LoadedConnector LoadedHook(const std::string& text,
                                  std::vector<std::string> secrets = {}) {
  LoadedConnector loaded;
  loaded.config = HookProto<config::v1::Connector>(text);
  EXPECT_TRUE(AddReady(loaded.config).ok());
  EXPECT_THAT(FaultsOf(loaded.config), ::testing::IsEmpty());
  loaded.source = {.tenant_id = 1,
                   .source = loaded.config.source(),
                   .path = loaded.config.path(),
                   .assurance = loaded.config.assurance()};
  loaded.keys = {.secrets = std::move(secrets),
                 .public_url = "https://crm.example.com"};
  loaded.named_fields = NamesUnder(loaded.config, {"body", "item"});
  loaded.named_headers = NamesUnder(loaded.config, {"header"});
  return loaded;
}

using HookHeaders = std::vector<std::pair<std::string, std::string>>;

inline v1::HookRequest HookPost(const std::string& target,
                                const HookHeaders& headers,
                                const std::string& body) {
  v1::HookRequest request;
  request.set_method("POST");
  request.set_target(target);
  for (const auto& [name, value] : headers) {
    v1::HookHeader& header = *request.add_headers();
    header.set_name(name);
    header.set_value(value);
  }
  request.set_body(body);
  return request;
}

inline v1::HookRequest FormPost(const std::string& body) {
  return HookPost("/hooks/a",
                  {{"content-type", "application/x-www-form-urlencoded"}},
                  body);
}

inline v1::HookRequest JsonPost(const std::string& body) {
  return HookPost("/hooks/a", {{"content-type", "application/json"}}, body);
}

// What a connector makes of a request that arrives at kHookTime.
inline absl::StatusOr<std::vector<v1::HookTouch>> TouchesOf(
    const LoadedConnector& connector, const v1::HookRequest& request,
    const std::string& entry_id = kHookEntry) {
  const auto root = ReadHook(connector.config, request, kHookTime);
  if (!root.ok()) return root.status();
  const auto mapped = MapTouches({.config = connector.config,
                                  .named_fields = connector.named_fields,
                                  .root = *root,
                                  .zone = connector.zone,
                                  .entry_id = entry_id,
                                  .receive_time = kHookTime});
  if (!mapped.ok()) return mapped.status();
  std::vector<v1::HookTouch> touches;
  for (const PlacedTouch& each : *mapped) touches.push_back(each.touch);
  return touches;
}

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_HOOK_FIXTURE_H_
