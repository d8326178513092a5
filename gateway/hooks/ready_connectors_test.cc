#include "gateway/hooks/ready_connectors.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/text_file.h"
#include "gateway/hooks/admission.h"
#include "gateway/hooks/answers.h"
#include "gateway/hooks/hook_fixture.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using config::v1::Connector;
using google::protobuf::util::MessageDifferencer;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// A ready-made connector as a tenant would set it up.
Connector Installed(const std::string& ready) {
  Connector connector;
  connector.set_tenant("demo");
  connector.set_source(ready);
  connector.set_path("/hooks/a");
  connector.set_ready(ready);
  EXPECT_TRUE(AddReady(connector).ok()) << ready;
  if (connector.signature().scheme() != config::v1::SIGNATURE_SCHEME_NONE) {
    connector.mutable_signature()->set_secret_file("secret");
  }
  if (connector.answer().has_redirect()) {
    connector.mutable_answer()->mutable_redirect()->add_hosts(
        "www.shop.example");
  }
  return connector;
}

// A request in a file, with LF for the lines of its head.
v1::HookRequest RequestIn(const std::string& file) {
  const std::string text = base::ReadFile(file).value();
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits("\n\n", 1));
  const std::vector<std::string> lines = absl::StrSplit(parts.first, '\n');
  const std::vector<std::string> first = absl::StrSplit(lines[0], ' ');
  HookHeaders headers;
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::pair<std::string, std::string> header =
        absl::StrSplit(lines[i], absl::MaxSplits(": ", 1));
    headers.emplace_back(absl::AsciiStrToLower(header.first), header.second);
  }
  v1::HookRequest request = HookPost(
      first[1], headers, std::string(absl::StripSuffix(parts.second, "\n")));
  request.set_method(first[0]);
  return request;
}

TEST(ReadyConnectorsTest, EachIsWithoutAFault) {
  ASSERT_FALSE(ReadyConnectors().empty());
  for (const auto& [name, text] : ReadyConnectors()) {
    EXPECT_THAT(FaultsOf(Installed(name)), IsEmpty()) << name;
  }
}

TEST(ReadyConnectorsTest, WhatATenantSetsGoesBefore) {
  auto connector = HookProto<Connector>(R"(
    ready: "web-to-lead" repeat_seconds: 60
    settings { key: "topic" value: "mine" }
    answer { redirect { hosts: "www.shop.example" } }
    touches { identities { channel: "PHONE" value { path: "body.tel" } } }
  )");
  ASSERT_TRUE(AddReady(connector).ok());
  EXPECT_EQ(connector.body(), config::v1::HOOK_BODY_FORM);
  EXPECT_EQ(connector.repeat_seconds(), 60);
  // The address of the ready-made one is there beside the host.
  EXPECT_EQ(connector.answer().redirect().address().path(), "body.retURL");
  EXPECT_EQ(connector.answer().redirect().hosts(0), "www.shop.example");
  ASSERT_EQ(connector.touches_size(), 1);
  EXPECT_EQ(connector.touches(0).identities(0).value().path(), "body.tel");
}

TEST(ReadyConnectorsTest, AnUnknownOneIsRefusedWithThoseThatThereAre) {
  Connector connector;
  connector.set_ready("nope");
  EXPECT_THAT(AddReady(connector).message(),
              HasSubstr("ready \"nope\", want one of five9-disposition, "));
}

// What a request becomes, and what its sender is answered.
v1::TryHookResponse Understood(const LoadedConnector& connector,
                               const v1::HookRequest& request) {
  v1::TryHookResponse response;
  const auto touches = TouchesOf(connector, request);
  if (touches.ok()) {
    for (const v1::HookTouch& touch : *touches) *response.add_touches() = touch;
  } else {
    response.set_fault(std::string(touches.status().message()));
  }
  const auto root = ReadHook(connector.config, request, kHookTime);
  *response.mutable_answer() = MakeAnswer(
      connector.config.answer(), root.ok() ? &*root : nullptr, kHookEntry);
  return response;
}

// The requests of testdata: SOURCE.CASE.http.
std::vector<std::filesystem::path> RecordedRequests() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(KITH_HOOKS_TESTDATA)) {
    if (entry.path().extension() == ".http") paths.push_back(entry.path());
  }
  return paths;
}

std::string SourceOfRequest(const std::filesystem::path& path) {
  return path.stem().stem().string();
}

TEST(ReadyConnectorsTest, RequestsBecomeWhatIsBesideThem) {
  for (const std::filesystem::path& path : RecordedRequests()) {
    const v1::TryHookResponse got =
        Understood(LoadedHook(Installed(SourceOfRequest(path)).DebugString()),
                   RequestIn(path.string()));
    std::filesystem::path answer = path;
    answer.replace_extension(".textproto");
    v1::TryHookResponse wanted;
    ASSERT_TRUE(base::ReadTextProto(answer.string(), wanted).ok()) << answer;
    std::string differences;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&differences);
    EXPECT_TRUE(differencer.Compare(wanted, got)) << path << differences;
  }
}

TEST(ReadyConnectorsTest, EachHasARequestThatShowsIt) {
  std::set<std::string> shown;
  for (const std::filesystem::path& path : RecordedRequests()) {
    v1::TryHookResponse wanted;
    std::filesystem::path answer = path;
    answer.replace_extension(".textproto");
    ASSERT_TRUE(base::ReadTextProto(answer.string(), wanted).ok()) << answer;
    if (wanted.touches_size() > 0) shown.insert(SourceOfRequest(path));
  }
  for (const auto& [name, text] : ReadyConnectors()) {
    EXPECT_EQ(shown.count(name), 1U) << name;
  }
}

// The key by which a repeat of a request that has the secret is known.
std::string RepeatKeyOf(const std::string& ready,
                        const v1::HookRequest& request) {
  const HookAdmission admission =
      AdmitHook(LoadedHook(Installed(ready).DebugString(), {"a-secret-word"}),
                request, kHookTime);
  EXPECT_TRUE(admission.status.ok()) << admission.status;
  return admission.idempotency_key;
}

TEST(ReadyConnectorsTest, ACorrectionOfAScriptIsNoRepeat) {
  const auto key = [](const std::string& body) {
    return RepeatKeyOf("json", HookPost("/hooks/a",
                                        {{"content-type", "application/json"},
                                         {"x-hook-token", "a-secret-word"}},
                                        body));
  };
  EXPECT_EQ(key(R"({"id": "sale-7"})"), "id:sale-7");
  EXPECT_EQ(key(R"({"id": "sale-7", "revision": 1})"), "id:sale-7/1");
  EXPECT_EQ(key(R"({"id": "sale-7", "revision": 2})"), "id:sale-7/2");
  EXPECT_THAT(key("{}"), StartsWith("content:"));
}

TEST(ReadyConnectorsTest, ACallWithoutAnIdIsNoRepeatOfAnother) {
  const auto key = [](const std::string& body) {
    v1::HookRequest request = FormPost(body);
    request.set_target("/hooks/a?token=a-secret-word");
    return RepeatKeyOf("five9-disposition", request);
  };
  EXPECT_EQ(key("call_id=3&disposition_name=Busy"), "id:3/Busy");
  // Its variables are set up in Five9, and this one was forgotten.
  EXPECT_THAT(key("ANI=1&disposition_name=Busy"), StartsWith("content:"));
}

}  // namespace
}  // namespace kith::gateway
