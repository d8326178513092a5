#include "common/ops/trace.h"

#include <string>
#include <tuple>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::ops {
namespace {

using ::testing::ElementsAre;
using ::testing::MatchesRegex;

constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kSpanId[] = "00f067aa0ba902b7";

base::RequestContext Continued(const std::string& traceparent) {
  base::RequestContext context;
  ContinueTrace(traceparent, context);
  return context;
}

TEST(TraceTest, KeepsTheTraceAndMakesASpan) {
  for (const char* flags : {"00", "01", "ff"}) {
    const base::RequestContext context =
        Continued(std::string("00-") + kTraceId + "-" + kSpanId + "-" + flags);
    EXPECT_EQ(context.trace_id, kTraceId);
    EXPECT_THAT(context.span_id, MatchesRegex("[0-9a-f]{16}"));
    EXPECT_NE(context.span_id, kSpanId);
  }
}

TEST(TraceTest, BeginsATraceWhereTheHeaderIsMalformed) {
  const std::string trace = kTraceId;
  const std::string span = kSpanId;
  for (const std::string& header : {
           std::string(),
           std::string("nonsense"),
           "00-" + trace + "-" + span,
           "01-" + trace + "-" + span + "-01",
           "ff-" + trace + "-" + span + "-01",
           "00-" + trace + "-" + span + "-01-more",
           "00-" + trace + "-" + span + "-1",
           "00-" + trace + "-" + span + "-zz",
           "00-" + trace + "0-" + span + "-01",
           "00-" + trace.substr(1) + "-" + span + "-01",
           "00-" + trace + "-" + span.substr(1) + "-01",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + span + "-01",
           "00-4bf92f3577b34da6a3ce929d0e0e473\"-" + span + "-01",
           "00-00000000000000000000000000000000-" + span + "-01",
           "00-" + trace + "-0000000000000000-01",
       }) {
    const base::RequestContext context = Continued(header);
    EXPECT_THAT(context.trace_id, MatchesRegex("[0-9a-f]{32}")) << header;
    EXPECT_NE(context.trace_id, kTraceId) << header;
    EXPECT_THAT(context.span_id, MatchesRegex("[0-9a-f]{16}")) << header;
  }
}

TEST(TraceTest, EachTraceIsAnother) {
  EXPECT_NE(Continued("").trace_id, Continued("").trace_id);
}

TEST(TraceTest, TheNextServiceContinuesWhatItIsSent) {
  base::RequestContext context = Continued("");
  for (const char* flags : {"00", "01"}) {
    context.sampled = std::string(flags) == "01";
    const std::string header = TraceParent(context);
    EXPECT_EQ(header,
              "00-" + context.trace_id + "-" + context.span_id + "-" + flags);
    base::RequestContext next;
    EXPECT_EQ(ContinueTrace(header, next), context.span_id);
    EXPECT_EQ(next.trace_id, context.trace_id);
    EXPECT_EQ(next.sampled, context.sampled);
  }
}

TEST(TraceTest, TheCallerDecidesWhetherATraceIsSampled) {
  SampleTraces(1);
  const std::string ids = std::string("00-") + kTraceId + "-" + kSpanId + "-";
  EXPECT_FALSE(Continued(ids + "00").sampled);
  EXPECT_FALSE(Continued(ids + "02").sampled);
  SampleTraces(0);
  EXPECT_TRUE(Continued(ids + "01").sampled);
  EXPECT_TRUE(Continued(ids + "ff").sampled);
}

TEST(TraceTest, OfTheTracesThatBeginAPartIsSampled) {
  // 10,000 times a half has a standard deviation of 50, a tenth of 30.
  for (const auto& [ratio, least, most] :
       {std::tuple(0.0, 0, 0), std::tuple(1e-30, 0, 0),
        std::tuple(0.1, 800, 1'200), std::tuple(0.5, 4'700, 5'300),
        std::tuple(1.0, 10'000, 10'000)}) {
    SampleTraces(ratio);
    int sampled = 0;
    for (int i = 0; i < 10'000; ++i) {
      base::RequestContext context;
      EXPECT_EQ(ContinueTrace("", context), "");
      sampled += context.sampled ? 1 : 0;
    }
    EXPECT_GE(sampled, least) << ratio;
    EXPECT_LE(sampled, most) << ratio;
  }
  SampleTraces(0);
}

TEST(TraceTest, OfTheTracesBesideItsOwnOnlyIdsCount) {
  const std::string id(32, 'a');
  EXPECT_THAT(ReadTraceIds(id + ",somebody@example.com,," + id.substr(1) + "," +
                           std::string(32, 'b')),
              ElementsAre(id, std::string(32, 'b')));
  EXPECT_THAT(ReadTraceIds(""), ElementsAre());
}

}  // namespace
}  // namespace kith::ops
