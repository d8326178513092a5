#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/ops/trace.h"
#include "common/testing/recorded_spans.h"
#include "gateway/calls/batch_rules.h"
#include "gateway/calls/batched_calls.h"
#include "gateway/calls/peer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::AttributeOf;
using ::kith::testing::RecordedSpans;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Claims = BatchedCalls<BatchClaims>;

// Claims of flows whose traces are sampled or not, and the batches that are on
// the wire, which the test answers.
class BatchSpansTest : public ::testing::Test {
 protected:
  using State = PendingCall<Claims::Response>::State;

  struct Sent {
    Claims::Request request;
    base::RequestContext context;
    std::shared_ptr<State> state;
  };

  static base::RequestContext Flow(bool sampled) {
    base::RequestContext context;
    ops::ContinueTrace("", context);
    context.sampled = sampled;
    context.deadline = absl::InfiniteFuture();
    return context;
  }

  Detached Claim(base::RequestContext context) {
    Claims::Request request;
    request.add_requests();
    auto call = calls_.Call(std::move(request), context);
    const auto response = co_await call;
    if (response.ok()) ++answered_;
  }

  void Answer(size_t batch, int results) {
    Claims::Response response;
    for (int i = 0; i < results; ++i) response.add_results();
    sent_[batch].state->Complete(response);
  }

  // A batch of claims of these flows, while two others are under way.
  void SendTogether(const std::vector<base::RequestContext>& flows) {
    Claim(Flow(false));
    Claim(Flow(false));
    for (const auto& flow : flows) Claim(flow);
    Answer(0, 1);
    ASSERT_THAT(sent_, SizeIs(3));
    Answer(1, 1);
  }

  const RecordedSpans recording_;
  std::vector<Sent> sent_;
  int answered_ = 0;
  Peer peer_{"identity-svc", 100};
  Claims calls_{
      peer_,
      [this](Claims::Request request, const base::RequestContext& context) {
        sent_.push_back(
            {std::move(request), context, std::make_shared<State>()});
        return PendingCall<Claims::Response>(sent_.back().state);
      },
      [] {}};
};

TEST_F(BatchSpansTest, ACallAloneIsSentWithinItsSpan) {
  const base::RequestContext flow = Flow(true);
  Claim(flow);
  Answer(0, 1);
  const auto spans = RecordedSpans::Take();
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(AttributeOf(spans[0], "rpc.method"), "BatchClaimIdentities");
  EXPECT_EQ(absl::BytesToHexString(spans[0].parent_span_id()), flow.span_id);
  EXPECT_EQ(sent_[0].context.trace_id, flow.trace_id);
  EXPECT_EQ(sent_[0].context.span_id,
            absl::BytesToHexString(spans[0].span_id()));
  EXPECT_TRUE(sent_[0].context.sampled);
}

TEST_F(BatchSpansTest, ABatchIsPartOfTheFirstTraceThatIsSampled) {
  const std::vector<base::RequestContext> flows = {Flow(false), Flow(true),
                                                   Flow(false), Flow(true)};
  SendTogether(flows);
  Answer(2, 4);
  EXPECT_EQ(answered_, 6);
  const base::RequestContext& wire = sent_[2].context;
  EXPECT_EQ(wire.trace_id, flows[1].trace_id);
  EXPECT_TRUE(wire.sampled);
  EXPECT_THAT(
      wire.joined_trace_ids,
      ElementsAre(flows[0].trace_id, flows[2].trace_id, flows[3].trace_id));
  const auto spans = RecordedSpans::Take();
  ASSERT_THAT(spans, SizeIs(2));
  EXPECT_EQ(absl::BytesToHexString(spans[0].span_id()), wire.span_id);
  EXPECT_THAT(spans[0].links(), IsEmpty());
  EXPECT_EQ(absl::BytesToHexString(spans[1].trace_id()), flows[3].trace_id);
  EXPECT_EQ(absl::BytesToHexString(spans[1].parent_span_id()),
            flows[3].span_id);
  ASSERT_THAT(spans[1].links(), SizeIs(1));
  EXPECT_EQ(spans[1].links(0).trace_id(), spans[0].trace_id());
  EXPECT_EQ(spans[1].links(0).span_id(), spans[0].span_id());
}

TEST_F(BatchSpansTest, ACallThatIsSentAgainAloneStaysWithinItsSpan) {
  const std::vector<base::RequestContext> flows = {Flow(true), Flow(true)};
  SendTogether(flows);
  // Fewer than were asked for.
  Answer(2, 1);
  ASSERT_THAT(sent_, SizeIs(4));
  EXPECT_EQ(sent_[3].context.trace_id, flows[1].trace_id);
  Answer(3, 1);
  const auto spans = RecordedSpans::Take();
  ASSERT_THAT(spans, SizeIs(2));
  EXPECT_EQ(absl::BytesToHexString(spans[1].span_id()),
            sent_[3].context.span_id);
}

TEST_F(BatchSpansTest, WithoutASampledTraceThereIsNoSpan) {
  const std::vector<base::RequestContext> flows = {Flow(false), Flow(false)};
  SendTogether(flows);
  Answer(2, 2);
  EXPECT_EQ(sent_[2].context.trace_id, flows[0].trace_id);
  EXPECT_EQ(sent_[2].context.span_id, flows[0].span_id);
  EXPECT_FALSE(sent_[2].context.sampled);
  EXPECT_THAT(RecordedSpans::Take(), IsEmpty());
}

}  // namespace
}  // namespace kith::gateway
