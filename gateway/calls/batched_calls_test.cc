#include "gateway/calls/batched_calls.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/testing/matchers.h"
#include "gateway/calls/batch_rules.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;

using Request = identity::v1::BatchResolveIdentitiesRequest;
using Response = identity::v1::BatchResolveIdentitiesResponse;

Request Asking(const std::vector<std::string>& values) {
  Request request;
  for (const std::string& value : values) {
    request.add_requests()->mutable_value()->set_value(value);
  }
  return request;
}

std::vector<std::string> ValuesOf(const Request& request) {
  std::vector<std::string> values;
  for (const auto& item : request.requests()) {
    values.push_back(item.value().value());
  }
  return values;
}

// Says of each value that contact holds it which has the same name.
Response Answering(const Request& request) {
  Response response;
  for (const auto& item : request.requests()) {
    response.add_results()
        ->mutable_response()
        ->add_candidates()
        ->mutable_identity()
        ->set_contact_id(item.value().value());
  }
  return response;
}

// The calls on the wire, answered when the test says so.
template <typename Rules>
struct Wire {
  struct Sent {
    typename Rules::Request request;
    base::RequestContext context;
    std::shared_ptr<typename PendingCall<typename Rules::Response>::State>
        state;
  };

  typename BatchedCalls<Rules>::Wire Starter() {
    return [this](typename Rules::Request request,
                  const base::RequestContext& context) {
      using State = typename PendingCall<typename Rules::Response>::State;
      sent.push_back({std::move(request), context, std::make_shared<State>()});
      return PendingCall<typename Rules::Response>(sent.back().state);
    };
  }

  std::vector<Sent> sent = {};
};

// What a flow got, once it did.
template <typename Response>
using Got = std::optional<absl::StatusOr<Response>>;

template <typename Rules>
Detached Ask(BatchedCalls<Rules>& calls, typename Rules::Request request,
             base::RequestContext context,
             Got<typename Rules::Response>& answer) {
  auto call = calls.Call(std::move(request), context);
  answer = co_await call;
}

std::vector<std::string> Holders(const Got<Response>& got) {
  std::vector<std::string> holders;
  if (!got.has_value() || !got->ok()) return holders;
  for (const auto& result : (*got)->results()) {
    holders.push_back(result.response().candidates(0).identity().contact_id());
  }
  return holders;
}

base::RequestContext Caller(const std::string& key, absl::Duration timeout) {
  base::RequestContext context;
  context.authorization = key;
  context.deadline = absl::Now() + timeout;
  context.trace_id = "trace of " + key;
  return context;
}

class BatchedCallsTest : public ::testing::Test {
 protected:
  void Ask(const std::vector<std::string>& values, Got<Response>& got) {
    gateway::Ask(calls_, Asking(values), caller_, got);
  }

  // Two calls that go out at once, so that others have to wait.
  void FillTheWire() {
    Ask({"first"}, first_);
    Ask({"second"}, second_);
    ASSERT_THAT(wire_.sent, SizeIs(2));
  }

  void Answer(size_t call) {
    wire_.sent[call].state->Complete(Answering(wire_.sent[call].request));
  }

  Wire<BatchResolves> wire_;
  int armed_ = 0;
  Peer peer_{"identity-svc", 100};
  BatchedCalls<BatchResolves> calls_{peer_, wire_.Starter(),
                                     [this] { ++armed_; }};
  base::RequestContext caller_ = Caller("key", absl::Minutes(5));
  Got<Response> first_, second_, third_, fourth_;
};

TEST_F(BatchedCallsTest, GoesAtOnceWhileFewAreUnderWay) {
  FillTheWire();
  EXPECT_EQ(armed_, 0);
  EXPECT_FALSE(first_.has_value());
  Answer(1);
  Answer(0);
  EXPECT_THAT(Holders(first_), ElementsAre("first"));
  EXPECT_THAT(Holders(second_), ElementsAre("second"));
  EXPECT_THAT(wire_.sent, SizeIs(2));
}

TEST_F(BatchedCallsTest, ThoseThatWaitGoTogetherAndGetEachItsOwnAnswer) {
  FillTheWire();
  Ask({"a", "b"}, third_);
  Ask({"c"}, fourth_);
  EXPECT_THAT(wire_.sent, SizeIs(2));
  EXPECT_GT(armed_, 0);
  Answer(0);
  ASSERT_THAT(wire_.sent, SizeIs(3));
  EXPECT_THAT(ValuesOf(wire_.sent[2].request), ElementsAre("a", "b", "c"));
  EXPECT_THAT(wire_.sent[2].context.joined_trace_ids,
              ElementsAre("trace of key"));
  Answer(2);
  EXPECT_THAT(Holders(third_), ElementsAre("a", "b"));
  EXPECT_THAT(Holders(fourth_), ElementsAre("c"));
  Answer(1);
}

TEST_F(BatchedCallsTest, NeverMixesCredentials) {
  FillTheWire();
  Ask({"a"}, third_);
  caller_.authorization = "another key";
  Ask({"b"}, fourth_);
  Answer(0);
  Answer(1);
  ASSERT_THAT(wire_.sent, SizeIs(4));
  EXPECT_EQ(wire_.sent[2].context.authorization, "key");
  EXPECT_THAT(ValuesOf(wire_.sent[2].request), ElementsAre("a"));
  EXPECT_EQ(wire_.sent[3].context.authorization, "another key");
  EXPECT_THAT(ValuesOf(wire_.sent[3].request), ElementsAre("b"));
  Answer(2);
  Answer(3);
}

// The gateway's own key acts for forms and for systems.
TEST_F(BatchedCallsTest, NeverMixesAssurances) {
  const auto acting = [](config::v1::Assurance assurance) {
    auto principal = std::make_shared<base::Principal>();
    principal->assurance = assurance;
    return principal;
  };
  FillTheWire();
  caller_.acting_for = "demo";
  caller_.principal = acting(config::v1::ASSURANCE_REPORTED);
  Ask({"a"}, third_);
  caller_.principal = acting(config::v1::ASSURANCE_UNAUTHENTICATED);
  Ask({"b"}, fourth_);
  Answer(0);
  Answer(1);
  ASSERT_THAT(wire_.sent, SizeIs(4));
  EXPECT_EQ(wire_.sent[2].context.principal->assurance,
            config::v1::ASSURANCE_REPORTED);
  EXPECT_THAT(ValuesOf(wire_.sent[2].request), ElementsAre("a"));
  EXPECT_EQ(wire_.sent[3].context.principal->assurance,
            config::v1::ASSURANCE_UNAUTHENTICATED);
  EXPECT_THAT(ValuesOf(wire_.sent[3].request), ElementsAre("b"));
  Answer(2);
  Answer(3);
}

TEST_F(BatchedCallsTest, NobodyWaitsByAnothersDeadline) {
  FillTheWire();
  Ask({"patient"}, third_);
  caller_ = Caller("key", absl::Seconds(10));
  Ask({"hurried"}, fourth_);
  Answer(0);
  ASSERT_THAT(wire_.sent, SizeIs(3));
  EXPECT_THAT(ValuesOf(wire_.sent[2].request), ElementsAre("patient"));
  Answer(1);
  ASSERT_THAT(wire_.sent, SizeIs(4));
  EXPECT_EQ(wire_.sent[3].context.deadline, caller_.deadline);
  Answer(2);
  Answer(3);
}

TEST_F(BatchedCallsTest, ABatchIsNoGreaterThanItsLimit) {
  FillTheWire();
  const std::vector<std::string> most(kMaxBatchedItems - 1, "v");
  Ask(most, third_);
  Ask({"a", "b"}, fourth_);
  Got<Response> fifth;
  Ask({"c"}, fifth);
  Answer(0);
  ASSERT_THAT(wire_.sent, SizeIs(3));
  EXPECT_THAT(wire_.sent[2].request.requests(), SizeIs(kMaxBatchedItems));
  Answer(1);
  ASSERT_THAT(wire_.sent, SizeIs(4));
  EXPECT_THAT(ValuesOf(wire_.sent[3].request), ElementsAre("a", "b"));
  Answer(2);
  Answer(3);
  EXPECT_THAT(Holders(fifth), ElementsAre("c"));
}

TEST_F(BatchedCallsTest, AFailureThatMayBeANeighboursIsTriedAlone) {
  FillTheWire();
  Ask({"good"}, third_);
  Ask({"bad"}, fourth_);
  Answer(0);
  Answer(1);
  wire_.sent[2].state->Complete(absl::InvalidArgumentError("bad"));
  ASSERT_THAT(wire_.sent, SizeIs(5));
  EXPECT_THAT(ValuesOf(wire_.sent[3].request), ElementsAre("good"));
  Answer(3);
  wire_.sent[4].state->Complete(absl::InvalidArgumentError("bad"));
  EXPECT_THAT(Holders(third_), ElementsAre("good"));
  EXPECT_THAT(*fourth_, StatusIs(StatusCode::kInvalidArgument, "bad"));
  EXPECT_THAT(wire_.sent, SizeIs(5));
}

TEST_F(BatchedCallsTest, TooMuchAtOnceIsNotTooBusy) {
  FillTheWire();
  Ask({"a"}, third_);
  Ask({"b"}, fourth_);
  Answer(0);
  Answer(1);
  absl::Status too_much = absl::ResourceExhaustedError("too much");
  status::AddDetail(google::rpc::ErrorInfo(), too_much);
  wire_.sent[2].state->Complete(too_much);
  ASSERT_THAT(wire_.sent, SizeIs(5));
  Answer(3);
  wire_.sent[4].state->Complete(absl::ResourceExhaustedError("busy"));
  EXPECT_THAT(Holders(third_), ElementsAre("a"));
  EXPECT_THAT(*fourth_, StatusIs(StatusCode::kResourceExhausted, "busy"));
  EXPECT_THAT(wire_.sent, SizeIs(5)) << "who is busy is left alone";
}

TEST_F(BatchedCallsTest, AnOutageIsAnsweredToAll) {
  FillTheWire();
  Ask({"a"}, third_);
  Ask({"b"}, fourth_);
  Answer(0);
  Answer(1);
  wire_.sent[2].state->Complete(absl::UnavailableError("down"));
  EXPECT_THAT(*third_, StatusIs(StatusCode::kUnavailable, "down"));
  EXPECT_THAT(*fourth_, StatusIs(StatusCode::kUnavailable, "down"));
  EXPECT_THAT(wire_.sent, SizeIs(3));
}

TEST_F(BatchedCallsTest, AnAnswerWithTooFewResultsIsNotDivided) {
  FillTheWire();
  Ask({"a"}, third_);
  Ask({"b"}, fourth_);
  Answer(0);
  Answer(1);
  wire_.sent[2].state->Complete(Answering(Asking({"a"})));
  EXPECT_THAT(Holders(third_), ElementsAre("a"));
  ASSERT_THAT(wire_.sent, SizeIs(4));
  Answer(3);
  EXPECT_THAT(Holders(fourth_), ElementsAre("b"));
}

TEST_F(BatchedCallsTest, FlowsThatGoOnTogetherAskTogether) {
  {
    const Hold hold;
    Ask({"a"}, first_);
    Ask({"b"}, second_);
    Ask({"c"}, third_);
    EXPECT_THAT(wire_.sent, SizeIs(0));
  }
  ASSERT_THAT(wire_.sent, SizeIs(1));
  EXPECT_THAT(ValuesOf(wire_.sent[0].request), ElementsAre("a", "b", "c"));
  Answer(0);
}

TEST_F(BatchedCallsTest, WhatIsOldGoesThoughTheWireIsFull) {
  FillTheWire();
  Ask({"a"}, third_);
  EXPECT_TRUE(calls_.SendOlderThan(absl::Now() - absl::Minutes(1)));
  EXPECT_THAT(wire_.sent, SizeIs(2));
  EXPECT_FALSE(calls_.SendOlderThan(absl::Now()));
  ASSERT_THAT(wire_.sent, SizeIs(3));
  for (size_t i = 0; i < 3; ++i) Answer(i);
}

// A batcher that has something queued until it was asked to send it.
class Queued final : public Batcher {
 public:
  void SendQueued() override {}
  bool SendOlderThan(absl::Time) override {
    if (++asked_ < 3) return true;
    if (asked_ == 3) sent_.Notify();
    return false;
  }
  void WaitUntilSent() { sent_.WaitForNotification(); }

 private:
  int asked_ = 0;
  absl::Notification sent_;
};

TEST(BatchTimerTest, LooksAfterWhatIsQueuedUntilItIsSent) {
  Queued batcher;
  BatchTimer timer;
  timer.Start({&batcher});
  timer.Arm();
  batcher.WaitUntilSent();
}

// What a test of another method than Resolve needs.
template <typename Rules>
struct Two {
  // Has both wait, and joins them.
  void Ask(typename Rules::Request a, typename Rules::Request b) {
    const Hold hold;
    gateway::Ask(calls, std::move(a), caller, first);
    gateway::Ask(calls, std::move(b), caller, second);
  }

  Wire<Rules> wire;
  Peer peer{"a service", 100};
  BatchedCalls<Rules> calls{peer, wire.Starter(), [] {}};
  base::RequestContext caller = Caller("key", absl::Minutes(5));
  Got<typename Rules::Response> first = {};
  Got<typename Rules::Response> second = {};
};

contacts::v1::BatchGetContactsRequest Ids(std::vector<std::string> ids) {
  contacts::v1::BatchGetContactsRequest request;
  request.mutable_contact_ids()->Add(ids.begin(), ids.end());
  return request;
}

TEST(BatchRulesTest, ContactsAreFoundByTheirIds) {
  Two<BatchContacts> two;
  two.Ask(Ids({"ada", "nobody"}), Ids({"bob", "ada"}));
  ASSERT_THAT(two.wire.sent, SizeIs(1));
  EXPECT_THAT(two.wire.sent[0].request.contact_ids(),
              ElementsAre("ada", "nobody", "bob"))
      << "each once";
  contacts::v1::BatchGetContactsResponse answer;
  answer.add_contacts()->set_contact_id("ada");
  answer.add_contacts()->set_contact_id("bob");
  // They are one customer, which each is still told of by the id it asked for.
  for (auto& contact : *answer.mutable_contacts()) {
    contact.set_canonical_id("ada");
  }
  answer.add_missing_ids("nobody");
  two.wire.sent[0].state->Complete(answer);
  ASSERT_THAT(*two.first, IsOk());
  ASSERT_THAT((*two.first)->contacts(), SizeIs(1));
  EXPECT_EQ((*two.first)->contacts(0).contact_id(), "ada");
  EXPECT_THAT((*two.first)->missing_ids(), ElementsAre("nobody"));
  ASSERT_THAT((*two.second)->contacts(), SizeIs(2));
  EXPECT_EQ((*two.second)->contacts(0).contact_id(), "bob");
  EXPECT_EQ((*two.second)->contacts(1).contact_id(), "ada");
  EXPECT_THAT((*two.second)->missing_ids(), SizeIs(0));
}

interactions::v1::BatchGetActivityRequest Activity(const std::string& id) {
  interactions::v1::BatchGetActivityRequest request;
  request.add_sets()->add_contact_ids(id);
  request.set_page_size(2);
  return request;
}

TEST(BatchRulesTest, OtherOptionsAreAnotherBatch) {
  Two<BatchActivity> two;
  auto without = Activity("bob");
  without.mutable_read_mask()->add_paths("interactions");
  two.Ask(Activity("ada"), without);
  ASSERT_THAT(two.wire.sent, SizeIs(2));
  EXPECT_FALSE(two.wire.sent[0].request.has_read_mask());
  EXPECT_TRUE(two.wire.sent[1].request.has_read_mask());
  for (auto& sent : two.wire.sent) {
    sent.state->Complete(internal::v1::EncodedActivity());
  }
}

TEST(BatchRulesTest, APageThatItsNeighboursCutShortIsAskedForAlone) {
  Two<BatchActivity> two;
  two.Ask(Activity("ada"), Activity("bob"));
  ASSERT_THAT(two.wire.sent, SizeIs(1));
  EXPECT_EQ(two.wire.sent[0].request.page_size(), 2);
  internal::v1::EncodedActivity answer;
  answer.add_results()->add_interactions();
  answer.add_results()->set_next_page_token("more");
  two.wire.sent[0].state->Complete(answer);
  ASSERT_THAT(two.wire.sent, SizeIs(2));
  EXPECT_THAT((*two.first)->results(0).interactions(), SizeIs(1));
  EXPECT_EQ(two.wire.sent[1].request.sets(0).contact_ids(0), "bob");
  // What it gets alone is its answer, whatever it is.
  answer.mutable_results()->DeleteSubrange(0, 1);
  two.wire.sent[1].state->Complete(answer);
  EXPECT_EQ((*two.second)->results(0).next_page_token(), "more");
}

TEST(BatchRulesTest, ThreadsThatTheirNeighboursCutShortAreAskedForAlone) {
  Two<BatchActivity> two;
  two.Ask(Activity("ada"), Activity("bob"));
  internal::v1::EncodedActivity answer;
  // As many as a view has, some of them shown as one.
  answer.add_results()->set_more_threads(true);
  answer.mutable_results(0)->add_threads();
  answer.add_results()->set_more_threads(true);
  answer.mutable_results(1)->set_threads_cut(true);
  two.wire.sent[0].state->Complete(answer);
  ASSERT_THAT(two.wire.sent, SizeIs(2));
  EXPECT_TRUE((*two.first)->results(0).more_threads());
  EXPECT_EQ(two.wire.sent[1].request.sets(0).contact_ids(0), "bob");
  answer.mutable_results()->DeleteSubrange(0, 1);
  two.wire.sent[1].state->Complete(answer);
  EXPECT_TRUE((*two.second)->results(0).threads_cut());
}

}  // namespace
}  // namespace kith::gateway
