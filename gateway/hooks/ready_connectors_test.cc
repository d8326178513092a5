#include "gateway/hooks/ready_connectors.h"

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/text_file.h"
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
  Connector connector = HookProto<Connector>(R"(
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

TEST(ReadyConnectorsTest, RequestsBecomeTheTouchesBesideThem) {
  int tried = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(KITH_HOOKS_TESTDATA)) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() != ".http") continue;
    ++tried;
    const std::string name = path.stem().stem().string();
    const LoadedConnector connector = LoadedHook(Installed(name).DebugString());
    const v1::HookRequest request = RequestIn(path.string());
    const auto touches = TouchesOf(connector, request);
    ASSERT_TRUE(touches.ok()) << path << touches.status();
    v1::TryHookResponse got;
    for (const v1::HookTouch& touch : *touches) *got.add_touches() = touch;
    const auto root = ReadHook(connector.config, request, kHookTime);
    *got.mutable_answer() =
        MakeAnswer(connector.config.answer(), &*root, kHookEntry);
    v1::TryHookResponse wanted;
    std::filesystem::path answer = path;
    answer.replace_extension(".textproto");
    ASSERT_TRUE(base::ReadTextProto(answer.string(), wanted).ok()) << answer;
    std::string differences;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&differences);
    EXPECT_TRUE(differencer.Compare(wanted, got)) << path << differences;
  }
  EXPECT_GE(tried, 7);
}

}  // namespace
}  // namespace kith::gateway
