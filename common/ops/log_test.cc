#include "common/ops/log.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::ops {
namespace {

using ::testing::MatchesRegex;

// What `work` logs, line by line.
std::vector<nlohmann::ordered_json> Logged(const std::function<void()>& work) {
  ::testing::internal::CaptureStderr();
  work();
  const std::string text = ::testing::internal::GetCapturedStderr();
  std::vector<nlohmann::ordered_json> lines;
  for (const auto& line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    lines.push_back(nlohmann::ordered_json::parse(line.begin(), line.end(),
                                                  nullptr,
                                                  /*allow_exceptions=*/false));
    EXPECT_TRUE(lines.back().is_object()) << std::string(line);
  }
  return lines;
}

TEST(LogTest, ALineIsJsonWithItsFields) {
  const auto lines = Logged([] {
    Log(Severity::kWarning, "say \"hi\"\n",
        {{"text", "a\tb"}, {"count", int64_t{-3}}, {"ms", 0.5}, {"on", true}});
  });
  ASSERT_EQ(lines.size(), 1);
  const auto& line = lines[0];
  EXPECT_EQ(line["severity"], "WARNING");
  EXPECT_EQ(line["message"], "say \"hi\"\n");
  EXPECT_EQ(line["text"], "a\tb");
  EXPECT_EQ(line["count"], -3);
  EXPECT_EQ(line["ms"], 0.5);
  EXPECT_EQ(line["on"], true);
  EXPECT_THAT(line["time"].get<std::string>(),
              MatchesRegex("[0-9-]{10}T[0-9:]{8}\\.[0-9]{6}Z"));
}

TEST(LogTest, EmptyTextsAreLeftOut) {
  const auto lines = Logged([] {
    Log(Severity::kInfo, "m", {{"empty", ""}, {"zero", 0}, {"off", false}});
  });
  ASSERT_EQ(lines.size(), 1);
  EXPECT_FALSE(lines[0].contains("empty"));
  EXPECT_EQ(lines[0]["zero"], 0);
  EXPECT_EQ(lines[0]["off"], false);
}

TEST(LogTest, BytesThatAreNoUtf8DoNotStopIt) {
  const auto lines = Logged([] { Log(Severity::kError, "bad \xFF byte"); });
  ASSERT_EQ(lines.size(), 1);
  EXPECT_EQ(lines[0]["message"], "bad \xEF\xBF\xBD byte");
}

TEST(LogTest, WhatIsBelowTheLeastSeverityIsDropped) {
  absl::Cleanup restore = [] { SetMinSeverity(Severity::kInfo); };
  const auto lines = Logged([] {
    Log(Severity::kDebug, "dropped");
    Log(Severity::kInfo, "kept");
    SetMinSeverity(Severity::kError);
    Log(Severity::kWarning, "dropped");
    Log(Severity::kError, "kept");
  });
  ASSERT_EQ(lines.size(), 2);
  EXPECT_EQ(lines[0]["severity"], "INFO");
  EXPECT_EQ(lines[1]["severity"], "ERROR");
}

TEST(LogTest, LinesOfManyThreadsDoNotMix) {
  const auto lines = Logged([] {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([] {
        const std::string text(300, 'x');
        for (int n = 0; n < 50; ++n) Log(Severity::kInfo, text);
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  EXPECT_EQ(lines.size(), 200);
}

}  // namespace
}  // namespace kith::ops
