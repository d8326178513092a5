#include "common/trace/span.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "common/ops/trace.h"
#include "common/testing/recorded_spans.h"
#include "common/trace/call_span.h"
#include "common/trace/otlp.h"
#include "common/trace/span_queue.h"
#include "common/trace/statement_span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contacts_service.pb.h"

namespace kith::trace {
namespace {

using absl::StatusCode;
using ::kith::testing::AttributeOf;
using ::kith::testing::RecordedSpans;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kCaller[] = "00f067aa0ba902b7";

const google::protobuf::MethodDescriptor& GetContact() {
  return *google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      "kith.contacts.v1.ContactsService.GetContact");
}

// The context of a call with this flag, and what ContinueTrace returned.
base::RequestContext Call(const char* flags = "01") {
  base::RequestContext context;
  ops::ContinueTrace(
      std::string("00-") + kTraceId + "-" + kCaller + "-" + flags, context);
  return context;
}

std::string Hex(const std::string& bytes) {
  return absl::BytesToHexString(bytes);
}

// The answer of a call, in which a call and a statement were made, in the order
// in which they end.
google::protobuf::RepeatedPtrField<internal::v1::Span> SpansOfACall(
    const base::RequestContext& context) {
  Span answer = StartAnswer(context, kCaller, GetContact());
  Span call = StartCall(context, GetContact());
  EndCall(call, StatusCode::kOk);
  {
    const StatementsOf traced(context);
    Span statement =
        StartStatement("SELECT name FROM contacts WHERE id = ?", "demo");
    EndStatement(statement, /*ok=*/true, /*rows=*/3);
  }
  EXPECT_FALSE(StartStatement("BEGIN", "demo").is_recorded());
  EndAnswer(answer, StatusCode::kNotFound);
  return RecordedSpans::Take();
}

TEST(SpanTest, AllOfACallIsInOneTree) {
  const RecordedSpans recording;
  const absl::Time before = absl::Now();
  const base::RequestContext context = Call();
  const auto spans = SpansOfACall(context);
  ASSERT_THAT(spans, SizeIs(3));
  for (const auto& span : spans) {
    EXPECT_EQ(Hex(span.trace_id()), kTraceId);
    EXPECT_EQ(span.flags(), 1);
    EXPECT_GE(span.start_time_unix_nano(), absl::ToUnixNanos(before));
    EXPECT_GE(span.end_time_unix_nano(), span.start_time_unix_nano());
    EXPECT_LE(span.end_time_unix_nano(), absl::ToUnixNanos(absl::Now()));
    EXPECT_FALSE(span.has_status());
  }
  EXPECT_EQ(Hex(spans[0].parent_span_id()), context.span_id);
  EXPECT_EQ(Hex(spans[1].parent_span_id()), context.span_id);
  EXPECT_NE(spans[1].span_id(), spans[0].span_id());
  EXPECT_EQ(Hex(spans[2].span_id()), context.span_id);
  EXPECT_EQ(Hex(spans[2].parent_span_id()), kCaller);
}

TEST(SpanTest, ASpanSaysWhatItIsAndHowItEnded) {
  const RecordedSpans recording;
  const auto spans = SpansOfACall(Call());
  ASSERT_THAT(spans, SizeIs(3));
  EXPECT_EQ(spans[0].kind(), internal::v1::SPAN_KIND_CLIENT);
  EXPECT_EQ(spans[0].name(), "kith.contacts.v1.ContactsService/GetContact");
  EXPECT_EQ(AttributeOf(spans[0], "rpc.grpc.status_code"), "0");
  EXPECT_EQ(spans[1].kind(), internal::v1::SPAN_KIND_CLIENT);
  EXPECT_EQ(spans[1].name(), "SELECT demo.contacts");
  EXPECT_EQ(AttributeOf(spans[1], "db.statement"),
            "SELECT name FROM contacts WHERE id = ?");
  EXPECT_EQ(AttributeOf(spans[1], "kith.rows"), "3");
  EXPECT_EQ(spans[2].kind(), internal::v1::SPAN_KIND_SERVER);
  EXPECT_EQ(AttributeOf(spans[2], "rpc.service"),
            "kith.contacts.v1.ContactsService");
  EXPECT_EQ(AttributeOf(spans[2], "rpc.method"), "GetContact");
  EXPECT_EQ(AttributeOf(spans[2], "rpc.grpc.status_code"), "5");
}

TEST(SpanTest, ARootHasNoParentAndAPathNamesAMethod) {
  const RecordedSpans recording;
  Span answer = StartAnswer(Call(), "", "/shop.v1.Stock/Find");
  EndAnswer(answer, StatusCode::kOk);
  const auto spans = RecordedSpans::Take();
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].name(), "shop.v1.Stock/Find");
  EXPECT_EQ(AttributeOf(spans[0], "rpc.service"), "shop.v1.Stock");
  EXPECT_EQ(AttributeOf(spans[0], "rpc.method"), "Find");
  EXPECT_THAT(spans[0].parent_span_id(), IsEmpty());
}

TEST(SpanTest, ACallersFaultIsNoErrorOfTheAnswer) {
  const RecordedSpans recording;
  for (const StatusCode code : {StatusCode::kNotFound, StatusCode::kInternal}) {
    Span answer = StartAnswer(Call(), kCaller, GetContact());
    EndAnswer(answer, code);
    Span call = StartCall(Call(), GetContact());
    EndCall(call, code);
  }
  std::vector<int> codes;
  for (const auto& span : RecordedSpans::Take()) {
    codes.push_back(span.status().code());
  }
  EXPECT_THAT(codes, ElementsAre(0, 2, 2, 2));
}

TEST(SpanTest, WorkForSeveralIsLinked) {
  const RecordedSpans recording;
  Span first = StartCall(Call(), GetContact());
  Span second = StartCall(Call(), GetContact());
  base::RequestContext context;
  first.Enter(context);
  second.LinkTo(first);
  second.LinkTo(Span());
  EndCall(second, StatusCode::kOk);
  const auto spans = RecordedSpans::Take();
  ASSERT_THAT(spans, SizeIs(1));
  ASSERT_THAT(spans[0].links(), SizeIs(1));
  EXPECT_EQ(Hex(spans[0].links(0).trace_id()), kTraceId);
  EXPECT_EQ(Hex(spans[0].links(0).span_id()), context.span_id);
  EXPECT_TRUE(context.sampled);
}

TEST(SpanTest, StatementsAreNamedByKindAndTable) {
  const RecordedSpans recording;
  const base::RequestContext context = Call();
  const StatementsOf traced(context);
  const std::string long_list =
      "DELETE FROM c WHERE id IN (?" + std::string(1'000, '?') + ")";
  for (const std::string& sql :
       {std::string("INSERT INTO a (x, y) VALUES (?, ?)"),
        std::string("UPDATE b SET x = ? WHERE y = ?"), long_list,
        std::string(
            "(SELECT x FROM d WHERE y = ?) UNION ALL (SELECT x FROM e)"),
        std::string("COMMIT")}) {
    Span span = StartStatement(sql, "demo");
    EndStatement(span, /*ok=*/false, 0);
  }
  std::vector<std::string> names;
  for (const auto& span : RecordedSpans::Take()) {
    names.push_back(span.name());
    EXPECT_EQ(span.status().code(), internal::v1::SPAN_STATUS_CODE_ERROR);
    EXPECT_LE(AttributeOf(span, "db.statement").size(), 400);
    EXPECT_EQ(AttributeOf(span, "kith.rows"), "");
  }
  EXPECT_THAT(names,
              ElementsAre("INSERT demo.a", "UPDATE demo.b", "DELETE demo.c",
                          "SELECT demo.d", "COMMIT demo"));
}

TEST(SpanTest, ARequestSaysWhichProcessSendsIt) {
  const auto request = ExportRequest({"contacts-svc", "0.1.0"}, {});
  ASSERT_THAT(request.resource_spans(), SizeIs(1));
  std::vector<std::string> attributes;
  for (const auto& each : request.resource_spans(0).resource().attributes()) {
    attributes.push_back(each.key() + "=" + each.value().string_value());
  }
  EXPECT_THAT(attributes, ElementsAre("service.name=contacts-svc",
                                      "service.version=0.1.0"));
}

// Numbers and types as in the OTLP files that otlp.proto names, by hand.
TEST(SpanTest, TheBytesAreThoseOfOtlp) {
  SpanQueue::Spans spans;
  spans.push_back(std::make_unique<SpanData>());
  SpanData& span = *spans.back();
  span.trace_id = kTraceId;
  span.span_id = kCaller;
  span.name = "a";
  span.start = absl::FromUnixNanos(1);
  span.end = absl::FromUnixNanos(2);
  span.failed = true;
  const std::string bytes = ExportRequest({"b", "c"}, spans)
                                .resource_spans(0)
                                .scope_spans(0)
                                .spans(0)
                                .SerializeAsString();
  EXPECT_EQ(Hex(bytes), std::string("0a10") + kTraceId + "1208" + kCaller +
                            "2a0161" + "3002" + "390100000000000000" +
                            "410200000000000000" + "7a021802" + "850101000000");
}

}  // namespace
}  // namespace kith::trace
