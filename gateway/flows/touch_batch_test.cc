#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/rpc_status.h"
#include "common/testing/matchers.h"
#include "gateway/flows/touch_flow.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What the touches of one batch share, and what they do not.

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Stub = v1::GatewayService::Stub;
using Batch = v1::BatchRecordTouchesRequest;

constexpr int kMostTouches = 200;

v1::RecordTouchRequest& AddTouch(Batch& batch) {
  v1::RecordTouchRequest& touch = *batch.add_touches();
  touch.mutable_interaction()->set_kind(interactions::v1::KIND_CALL);
  touch.set_request_id(absl::StrCat("touch-", batch.touches_size() - 1));
  return touch;
}

v1::RecordTouchRequest& AddTouchBy(Batch& batch, const std::string& value) {
  v1::RecordTouchRequest& touch = AddTouch(batch);
  identity::v1::ChannelValue& phone = *touch.add_identities();
  phone.set_channel(identity::v1::CHANNEL_PHONE);
  phone.set_value(value);
  return touch;
}

v1::RecordTouchRequest& AddTouchOf(Batch& batch, const std::string& contact) {
  v1::RecordTouchRequest& touch = AddTouch(batch);
  touch.set_contact_id(contact);
  return touch;
}

google::rpc::Status Error(StatusCode code, const std::string& message) {
  return status::ToProto(absl::Status(code, message));
}

// How the services answer here: values that begin with "held" are held by Ada,
// other values by whoever claimed them first; and "known" touches were recorded
// before, for Bob.
class TouchBatchTest : public ::testing::Test {
 protected:
  TouchBatchTest() {
    SetUpIdentity();
    SetUpRecordings();
    gateway_.contacts.batch_ensure = [this](const auto& request,
                                            auto& response) {
      for (const auto& item : request.requests()) {
        ensured_.push_back(item.contact_id());
        auto& answer = *response.add_results()->mutable_response();
        answer.mutable_contact()->set_contact_id(item.contact_id());
        answer.mutable_contact()->set_canonical_id(item.contact_id());
        answer.set_created(contacts_.insert(item.contact_id()).second);
      }
      return absl::OkStatus();
    };
  }

  absl::StatusOr<v1::BatchRecordTouchesResponse> Record(const Batch& batch) {
    return gateway_.Call(&Stub::BatchRecordTouches, batch);
  }

  std::map<std::string, int> Calls() {
    std::map<std::string, int> calls;
    for (const std::string& name : gateway_.record.names()) ++calls[name];
    return calls;
  }

  // The holder of each value.
  std::map<std::string, std::string> holders_ = {};
  std::set<std::string> contacts_ = {};
  // What was written, in order: contact ids, and request ids.
  std::vector<std::string> ensured_ = {};
  std::vector<std::string> recorded_ = {};
  GatewayHarness gateway_{/*flow_limit=*/1};

 private:
  void SetUpIdentity() {
    gateway_.identity.batch_resolve = [](const auto& request, auto& response) {
      for (const auto& item : request.requests()) {
        auto& answer = *response.add_results()->mutable_response();
        if (!absl::StartsWith(item.value().value(), "held")) continue;
        answer.add_candidates()->mutable_identity()->set_contact_id(kAda);
      }
      return absl::OkStatus();
    };
    gateway_.identity.batch_claim = [this](const auto& request,
                                           auto& response) {
      for (const auto& item : request.requests()) {
        const auto holder =
            holders_.emplace(item.values(0).value(), item.proposed_contact_id())
                .first;
        auto& answer = *response.add_results()->mutable_response();
        answer.set_contact_id(holder->second);
        *answer.add_values()->mutable_value() = item.values(0);
      }
      return absl::OkStatus();
    };
  }

  void SetUpRecordings() {
    gateway_.interactions.lookup = [](const auto& request, auto& response) {
      for (const auto& item : request.requests()) {
        auto& answer = *response.add_results()->mutable_response();
        if (item.request().interaction().subject() != "known") continue;
        auto& known = *answer.mutable_known();
        known.set_outcome(interactions::v1::RECORD_OUTCOME_KNOWN);
        known.mutable_interaction()->set_contact_id(kBob);
      }
      return absl::OkStatus();
    };
    gateway_.interactions.batch_record = [this](const auto& request,
                                                auto& response) {
      for (const auto& item : request.requests()) {
        recorded_.push_back(item.request_id());
        auto& answer = *response.add_results()->mutable_response();
        *answer.mutable_interaction() = item.interaction();
        answer.mutable_interaction()->set_subject(item.request_id());
        answer.set_outcome(interactions::v1::RECORD_OUTCOME_RECORDED);
      }
      return absl::OkStatus();
    };
  }
};

TEST_F(TouchBatchTest, NewCustomersTakeOneCallForEachStep) {
  Batch batch;
  for (int i = 0; i < kMostTouches; ++i) {
    AddTouchBy(batch, absl::StrCat("new ", i));
  }
  const auto recorded = Record(batch);
  ASSERT_THAT(recorded, IsOk());
  for (const auto& result : recorded->results()) {
    EXPECT_TRUE(result.response().contact_created());
  }
  EXPECT_THAT(Calls(),
              UnorderedElementsAre(Pair("BatchFindRecordings", 1),
                                   Pair("BatchResolveIdentities", 1),
                                   Pair("BatchClaimIdentities", 1),
                                   Pair("BatchEnsureContacts", 1),
                                   Pair("BatchRecordInteractions", 1)));
}

TEST_F(TouchBatchTest, TouchesThatNeedOtherStepsStillShareEachCall) {
  Batch batch;
  for (int i = 0; i < kMostTouches / 5; ++i) {
    AddTouchOf(batch, kAda);
    AddTouchBy(batch, absl::StrCat("new ", i));
    AddTouchOf(batch, kBob)
        .mutable_interaction()
        ->set_kind(interactions::v1::KIND_PURCHASE);
    AddTouchBy(batch, absl::StrCat("held ", i));
    AddTouchBy(batch, "known").mutable_interaction()->set_subject("known");
  }
  const auto recorded = Record(batch);
  ASSERT_THAT(recorded, IsOk());
  for (const auto& result : recorded->results()) {
    EXPECT_TRUE(result.has_response());
  }
  EXPECT_THAT(
      Calls(),
      UnorderedElementsAre(
          Pair("BatchFindRecordings", 1), Pair("BatchResolveIdentities", 1),
          // Of the requests, and of what was known.
          Pair("BatchGetContacts", 2), Pair("BatchClaimIdentities", 1),
          Pair("BatchEnsureContacts", 1), Pair("BatchRecordInteractions", 1)));
}

TEST_F(TouchBatchTest, WhoIsIdentifiedIsKnownToLaterTouchesOfTheBrowser) {
  Batch batch;
  for (const char* name : {"Ada", ""}) {
    auto& touch = AddTouch(batch);
    auto& browser = *touch.add_identities();
    browser.set_channel(identity::v1::CHANNEL_VISITOR);
    browser.set_value("browser");
    touch.mutable_contact()->set_display_name(name);
  }
  auto& box = *batch.mutable_touches(1)->add_identities();
  box.set_channel(identity::v1::CHANNEL_EMAIL);
  box.set_value("ada@example.com");
  ASSERT_THAT(Record(batch), IsOk());
  // The second touch looks after the first is done. What a touch looks up, it
  // does at once, in any order.
  std::vector<std::string> names = gateway_.record.names();
  ASSERT_THAT(names, SizeIs(11));
  std::sort(names.begin() + 1, names.begin() + 3);
  std::sort(names.begin() + 6, names.begin() + 8);
  EXPECT_THAT(names,
              ElementsAre("BatchResolveIdentities", "BatchFindRecordings",
                          "BatchResolveIdentities", "BatchClaimIdentities",
                          "BatchEnsureContacts", "BatchRecordInteractions",
                          "BatchFindRecordings", "BatchResolveIdentities",
                          "BatchClaimIdentities", "BatchEnsureContacts",
                          "BatchRecordInteractions"));
}

TEST_F(TouchBatchTest, ManyValuesAreResolved500ACall) {
  Batch batch;
  for (int i = 0; i < kMostTouches; ++i) {
    auto& touch = AddTouchBy(batch, absl::StrCat("held ", i));
    for (const char* more : {"held a", "held b", "held c"}) {
      *touch.add_identities() = touch.identities(0);
      touch.mutable_identities()->rbegin()->set_value(more);
    }
  }
  // The last value of all is new, so that its touch is the only one to claim.
  batch.mutable_touches()->rbegin()->mutable_identities(3)->set_value("new");
  const auto recorded = Record(batch);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(Calls()["BatchResolveIdentities"], 2);
  EXPECT_THAT(holders_, ElementsAre(Pair("held 199", ::testing::_)));
  EXPECT_EQ(recorded->results(198).response().contact_id(), kAda);
}

TEST_F(TouchBatchTest, TwoTouchesOfOneNewValueFindOneContact) {
  Batch batch;
  AddTouchBy(batch, "new");
  AddTouchBy(batch, "new");
  const auto recorded = Record(batch);
  ASSERT_THAT(recorded, IsOk());
  const auto& first = recorded->results(0).response();
  const auto& second = recorded->results(1).response();
  EXPECT_EQ(first.contact_id(), second.contact_id());
  EXPECT_EQ(first.canonical_id(), second.canonical_id());
  EXPECT_TRUE(first.contact_created());
  EXPECT_FALSE(second.contact_created());
}

// Answers look-ups by what was recorded: ALREADY_EXISTS, or INVALID_ARGUMENT by
// a request_id, for other content. Of the subject "wrong" all is invalid.
void CompareWithWhatIsStored(GatewayHarness& gateway) {
  using Request = interactions::v1::RecordInteractionRequest;
  auto stored = std::make_shared<std::map<std::string, std::string>>();
  const auto key = [](const Request& request) {
    const interactions::v1::Interaction& interaction = request.interaction();
    return interaction.external_id().empty()
               ? request.request_id()
               : absl::StrCat(interaction.external_id(), "/",
                              interaction.source_revision());
  };
  gateway.interactions.lookup = [=](const auto& request, auto& response) {
    for (const auto& item : request.requests()) {
      auto& result = *response.add_results();
      result.mutable_response();
      const Request& asked = item.request();
      const auto known = stored->find(key(asked));
      const bool wrong = asked.interaction().subject() == "wrong";
      if (!wrong && (known == stored->end() ||
                     known->second == asked.forwarded().fingerprint())) {
        continue;
      }
      *result.mutable_error() =
          Error(wrong || asked.interaction().external_id().empty()
                    ? StatusCode::kInvalidArgument
                    : StatusCode::kAlreadyExists,
                "");
    }
    return absl::OkStatus();
  };
  gateway.interactions.batch_record =
      [=, record = gateway.interactions.batch_record](const auto& request,
                                                      auto& response) {
        for (const Request& item : request.requests()) {
          stored->emplace(key(item), item.forwarded().fingerprint());
        }
        return record(request, response);
      };
}

std::vector<int> CodesOf(const v1::BatchRecordTouchesResponse& recorded) {
  std::vector<int> codes;
  for (const auto& result : recorded.results()) {
    codes.push_back(result.error().code());
  }
  return codes;
}

TEST_F(TouchBatchTest, OneIdForSeveralTouchesWritesTheFirstAlone) {
  CompareWithWhatIsStored(gateway_);
  Batch batch;
  for (const char* value : {"ada", "bob", "ada"}) {
    AddTouchBy(batch, value).set_request_id("again");
  }
  for (const char* value : {"cem", "dan"}) {
    auto& interaction = *AddTouchBy(batch, value).mutable_interaction();
    interaction.set_source("shop");
    interaction.set_external_id("order-1");
    interaction.set_subject(value);
  }
  *batch.add_touches() = batch.touches(3);
  batch.mutable_touches(5)->mutable_interaction()->set_source_revision(1);
  const auto recorded = Record(batch);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_THAT(CodesOf(*recorded), ElementsAre(0, 3, 0, 0, 6, 0));
  EXPECT_THAT(holders_, SizeIs(2));
}

TEST_F(TouchBatchTest, WhatIsNotStoredMakesNoOtherARepeat) {
  CompareWithWhatIsStored(gateway_);
  Batch batch;
  for (const char* subject : {"wrong", "right", "other"}) {
    auto& touch = AddTouchBy(batch, "ada");
    touch.set_request_id("again");
    touch.mutable_interaction()->set_subject(subject);
    auto& order = *AddTouchBy(batch, "bob").mutable_interaction();
    order.set_source("shop");
    order.set_external_id("order-1");
    order.set_subject(subject);
  }
  const auto recorded = Record(batch);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_THAT(CodesOf(*recorded), ElementsAre(3, 3, 0, 0, 3, 6));
}

TEST_F(TouchBatchTest, TouchesAreWrittenInOrderWhateverStepsTheyNeed) {
  Batch batch;
  AddTouchBy(batch, "new");
  AddTouchOf(batch, kAda);
  AddTouchBy(batch, "held");
  AddTouchOf(batch, kBob)
      .mutable_interaction()
      ->set_kind(interactions::v1::KIND_PURCHASE);
  AddTouchBy(batch, "new");
  const auto recorded = Record(batch);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_THAT(recorded_, ElementsAre("touch-0", "touch-1", "touch-2", "touch-3",
                                     "touch-4"));
  const std::string claimed = holders_["new"];
  EXPECT_THAT(ensured_, ElementsAre(claimed, kAda, kBob, claimed));
  for (int i = 0; i < batch.touches_size(); ++i) {
    EXPECT_EQ(recorded->results(i).response().interaction().subject(),
              batch.touches(i).request_id());
  }
}

// Each step fails for the first touch that it has.
// The answer that `handler` gives, with `error` for the first item.
template <typename Handler>
void FailFirst(Handler& handler, const google::rpc::Status& error) {
  handler = [answer = handler, error](const auto& request, auto& response) {
    absl::Status status = answer(request, response);
    *response.mutable_results(0)->mutable_error() = error;
    return status;
  };
}

void FailFirstOfEachStep(GatewayHarness& gateway) {
  gateway.interactions.lookup = [](const auto& request, auto& response) {
    for (int i = 0; i < request.requests_size(); ++i) {
      response.add_results()->mutable_response();
    }
    *response.mutable_results(0)->mutable_error() =
        Error(StatusCode::kInvalidArgument, "lookup");
    return absl::OkStatus();
  };
  FailFirst(gateway.identity.batch_claim,
            Error(StatusCode::kResourceExhausted, "claim"));
  FailFirst(gateway.contacts.batch_ensure,
            Error(StatusCode::kInvalidArgument, "ensure"));
  FailFirst(gateway.interactions.batch_record,
            Error(StatusCode::kAlreadyExists, "record"));
}

TEST_F(TouchBatchTest, AFaultOfOneTouchIsItsOwn) {
  FailFirstOfEachStep(gateway_);
  Batch batch;
  for (int i = 0; i < 5; ++i) AddTouchBy(batch, absl::StrCat("new ", i));
  const auto recorded = Record(batch);
  ASSERT_THAT(recorded, IsOk());
  std::vector<std::string> errors;
  for (const auto& result : recorded->results()) {
    errors.push_back(result.error().message());
  }
  EXPECT_THAT(errors, ElementsAre("lookup", "claim", "ensure", "record", ""));
  EXPECT_THAT(holders_, SizeIs(4));
  EXPECT_THAT(ensured_, SizeIs(3));
  EXPECT_THAT(recorded_, ElementsAre("touch-3", "touch-4"));
  EXPECT_TRUE(recorded->results(4).has_response());
}

// A batch of which each touch needs another step.
Batch Various() {
  Batch batch;
  AddTouchBy(batch, "new");
  AddTouchBy(batch, "held");
  AddTouchOf(batch, kAda);
  AddTouchBy(batch, "known").mutable_interaction()->set_subject("known");
  return batch;
}

TEST_F(TouchBatchTest, ACallThatFailsFailsTheBatchAndEndsIt) {
  const auto down = [](const auto&, auto&) {
    return absl::UnavailableError("");
  };
  // From the last step to the first; each is tried while those before it still
  // succeed.
  gateway_.interactions.batch_record = down;
  EXPECT_THAT(Record(Various()),
              StatusIs(StatusCode::kUnavailable, "interactions-svc"));
  EXPECT_THAT(ensured_, SizeIs(2));
  gateway_.contacts.batch_ensure = down;
  EXPECT_THAT(Record(Various()),
              StatusIs(StatusCode::kUnavailable, "contacts-svc"));
  EXPECT_EQ(Calls()["BatchRecordInteractions"], 1);
  gateway_.identity.batch_claim = down;
  EXPECT_THAT(Record(Various()),
              StatusIs(StatusCode::kUnavailable, "identity-svc"));
  EXPECT_EQ(Calls()["BatchEnsureContacts"], 2);
  gateway_.interactions.lookup = down;
  EXPECT_THAT(Record(Various()),
              StatusIs(StatusCode::kUnavailable, "interactions-svc"));
  gateway_.identity.batch_resolve = down;
  EXPECT_THAT(Record(Various()),
              StatusIs(StatusCode::kUnavailable, "identity-svc"));
  gateway_.contacts.batch_get = down;
  EXPECT_THAT(Record(Various()),
              StatusIs(StatusCode::kUnavailable, "contacts-svc"));
  EXPECT_EQ(Calls()["BatchClaimIdentities"], 3);
}

TEST_F(TouchBatchTest, AReadThatFailsFailsTheBatchBeforeItWrites) {
  gateway_.contacts.batch_get = [](const auto&, auto&) {
    return absl::UnavailableError("");
  };
  Batch batch;
  AddTouchBy(batch, "new");
  AddTouchBy(batch, "known").mutable_interaction()->set_subject("known");
  EXPECT_THAT(Record(batch),
              StatusIs(StatusCode::kUnavailable, "contacts-svc"));
  EXPECT_THAT(recorded_, IsEmpty());
}

TEST_F(TouchBatchTest, TooFewResultsAreNoAnswer) {
  gateway_.identity.batch_claim = [](const auto&, auto& response) {
    response.add_results()->mutable_response()->set_contact_id(kAda);
    return absl::OkStatus();
  };
  Batch batch;
  AddTouchBy(batch, "new");
  AddTouchBy(batch, "other");
  EXPECT_THAT(Record(batch), StatusIs(StatusCode::kInternal));
  EXPECT_THAT(ensured_, SizeIs(0));
}

TEST_F(TouchBatchTest, ABatchEndsAtItsDeadlineWhateverItWaitsFor) {
  const auto claim = gateway_.identity.batch_claim;
  gateway_.identity.batch_claim = nullptr;
  EXPECT_THAT(gateway_.Call(&Stub::BatchRecordTouches, Various(),
                            testing::kDemo, absl::Milliseconds(200)),
              StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_THAT(recorded_, SizeIs(0));
  // The limit is one flow, so the other one has ended.
  gateway_.identity.batch_claim = claim;
  EXPECT_THAT(Record(Various()), IsOk());
}

}  // namespace
}  // namespace kith::gateway
