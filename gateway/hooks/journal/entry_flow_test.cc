#include "gateway/hooks/journal/entry_flow.h"

#include <atomic>
#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/call_gate.h"
#include "common/testing/matchers.h"
#include "common/testing/temporary_directory.h"
#include "common/testing/test_keys.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/flows/permission_flow.h"
#include "gateway/gateway_harness.h"
#include "gateway/hooks/journal/journal_driver.h"
#include "gateway/hooks/mapping/placed_touch.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using interactions::v1::Entry;
using ::kith::testing::IsOk;
using ::kith::testing::kDemoAllTenants;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Understands what a test says, of the source "shop".
class ScriptedUnderstander final : public Understander {
 public:
  std::optional<HookSource> Find(absl::string_view /*path*/) const override {
    return source;
  }
  std::optional<HookSource> FindSource(uint64_t /*tenant_id*/,
                                       absl::string_view name) const override {
    return name == "shop" ? source : std::nullopt;
  }
  HookAdmission Admit(const HookSource& /*source*/,
                      const v1::HookRequest& /*request*/,
                      absl::Time /*now*/) const override {
    return {};
  }
  v1::HookAnswer AnswerTo(const HookSource& /*source*/,
                          const v1::HookRequest& /*request*/,
                          absl::string_view /*entry_id*/) const override {
    return {};
  }
  absl::StatusOr<std::vector<PlacedTouch>> Understand(
      const HookSource& /*source*/, const JournaledHook& hook) const override {
    last = hook;
    understood();
    if (!touches.ok()) return touches.status();
    std::vector<PlacedTouch> placed;
    int32_t place = first_place;
    for (const v1::HookTouch& touch : *touches) {
      placed.push_back({.place = place++, .touch = touch});
    }
    return placed;
  }

  std::optional<HookSource> source =
      HookSource{.tenant_id = 2,
                 .source = "shop",
                 .assurance = config::v1::ASSURANCE_REPORTED};
  absl::StatusOr<std::vector<v1::HookTouch>> touches =
      std::vector<v1::HookTouch>();
  int32_t first_place = 0;
  std::function<void()> understood = [] {};
  mutable JournaledHook last;
};

v1::HookTouch TouchBy(const std::string& id) {
  v1::HookTouch touch;
  identity::v1::ChannelValue& value = *touch.mutable_touch()->add_identities();
  value.set_channel(identity::v1::CHANNEL_EMAIL);
  value.set_value("ada@example.com");
  touch.mutable_touch()->mutable_interaction()->set_kind(
      interactions::v1::KIND_NOTE);
  touch.mutable_touch()->set_request_id(id);
  return touch;
}

std::string OwnKey(const testing::TemporaryDirectory& directory) {
  std::string path = directory.Path("service.key");
  std::ofstream(path)
      << testing::Authorization(kDemoAllTenants).substr(sizeof("Bearer"));
  return path;
}

Detached Await(Task<absl::Status> task, absl::Status& status,
               absl::Notification& done) {
  status = co_await task;
  done.Notify();
}

class EntryFlowTest : public ::testing::Test {
 protected:
  EntryFlowTest() {
    gateway_.interactions.settle_entry = [this](const auto& request,
                                                auto& /*response*/) {
      settled_.push_back(request);
      return settle_status_;
    };
    gateway_.interactions.batch_record = [this](const auto& request,
                                                auto& response) {
      for (const auto& item : request.requests()) {
        recorded_.push_back(item.request_id());
        auto& result = *response.add_results();
        if (item.request_id() == refused_) {
          result.mutable_error()->set_code(error_);
          result.mutable_error()->set_message("interaction.topic: too long");
          continue;
        }
        *result.mutable_response()->mutable_interaction() = item.interaction();
        result.mutable_response()->mutable_interaction()->set_interaction_id(
            kBob);
        result.mutable_response()->set_outcome(
            interactions::v1::RECORD_OUTCOME_RECORDED);
      }
      return absl::OkStatus();
    };
    entry_.set_entry_id(kAda);
    entry_.set_source("shop");
    entry_.set_method("POST");
    entry_.set_target("/hooks/shop");
    entry_.set_body("a=1");
    entry_.set_verdict(interactions::v1::SIGNATURE_VERDICT_SIGNED);
    entry_.set_attempt_count(3);
  }

  absl::Status Run() {
    absl::Status status;
    absl::Notification done;
    Await(flow_.Run(2, entry_), status, done);
    done.WaitForNotification();
    return status;
  }

  const testing::TemporaryDirectory directory_;
  GatewayHarness gateway_{
      100, {}, testing::TestKeys(), 100, OwnKey(directory_)};
  testing::FakeClock clock_{absl::FromUnixSeconds(1'790'000'000)};
  CustomerFlow customers_{gateway_.backends()};
  PermissionFlow permissions_{gateway_.backends(), customers_, clock_};
  TouchFlow touches_{gateway_.backends(), customers_, permissions_, clock_};
  ConsentFlow consents_{gateway_.backends(), customers_, clock_};
  ScriptedUnderstander understander_;
  EntryFlow flow_{gateway_.backends(), touches_, consents_, understander_,
                  testing::TestKeys()};
  Entry entry_;
  std::vector<interactions::v1::SettleEntryRequest> settled_;
  std::vector<std::string> recorded_;
  std::string refused_;
  int error_ = 3;  // INVALID_ARGUMENT
  absl::Status settle_status_;
};

TEST_F(EntryFlowTest, TouchesAreRecordedForTheTenantOfTheEntry) {
  understander_.touches = {TouchBy("one"), TouchBy("two")};
  EXPECT_THAT(Run(), IsOk());
  EXPECT_EQ(gateway_.record.metadata(rpc::kTenantMetadata), "other");
  EXPECT_EQ(gateway_.record.metadata("authorization"),
            testing::Authorization(kDemoAllTenants));
  EXPECT_EQ(understander_.last.request.body(), "a=1");
  EXPECT_EQ(understander_.last.entry_id, kAda);
  EXPECT_THAT(recorded_, ElementsAre("one", "two"));
  ASSERT_THAT(settled_, SizeIs(1));
  EXPECT_EQ(settled_[0].attempt(), 3);
  EXPECT_EQ(settled_[0].state(), interactions::v1::ENTRY_STATE_DONE);
  ASSERT_THAT(settled_[0].effects(), SizeIs(2));
  EXPECT_EQ(settled_[0].effects(1).touch_index(), 1);
  EXPECT_EQ(settled_[0].effects(1).interaction_id(), kBob);
}

TEST_F(EntryFlowTest, WhatAFormHasSentIsRecordedAsOfAForm) {
  understander_.source->assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  entry_.set_verdict(interactions::v1::SIGNATURE_VERDICT_UNSIGNED);
  understander_.touches = {TouchBy("one")};
  std::string assurance;
  const auto answer = gateway_.interactions.batch_record;
  gateway_.interactions.batch_record = [&](const auto& request,
                                           auto& response) {
    assurance = gateway_.record.metadata(rpc::kAssuranceMetadata);
    return answer(request, response);
  };
  EXPECT_THAT(Run(), IsOk());
  EXPECT_EQ(assurance, "ASSURANCE_UNAUTHENTICATED");
  ASSERT_THAT(settled_, SizeIs(1));
  EXPECT_EQ(settled_[0].state(), interactions::v1::ENTRY_STATE_DONE);
}

// Anybody may have sent it, before the connector wanted signatures.
TEST_F(EntryFlowTest, WhatWasNotSignedIsRecordedAsOfNoSystem) {
  entry_.set_verdict(interactions::v1::SIGNATURE_VERDICT_UNSIGNED);
  understander_.touches = {TouchBy("one")};
  EXPECT_THAT(Run(), IsOk());
  EXPECT_THAT(recorded_, SizeIs(0));
  ASSERT_THAT(settled_, SizeIs(1));
  EXPECT_EQ(settled_[0].state(), interactions::v1::ENTRY_STATE_FAILED);
  EXPECT_EQ(settled_[0].failure(), interactions::v1::ENTRY_FAILURE_REFUSED);
}

TEST_F(EntryFlowTest, NoSourceHasMoreAssuranceThanTheGateway) {
  understander_.source->assurance = config::v1::ASSURANCE_VERIFIED;
  understander_.touches = {TouchBy("one")};
  EXPECT_THAT(Run(), IsOk());
  EXPECT_THAT(recorded_, SizeIs(0));
  ASSERT_THAT(settled_, SizeIs(1));
  EXPECT_EQ(settled_[0].failure(), interactions::v1::ENTRY_FAILURE_REFUSED);
}

TEST_F(EntryFlowTest, WhatIsNotUnderstoodStaysWithItsReason) {
  understander_.touches = absl::InvalidArgumentError("form.email: missing");
  EXPECT_THAT(Run(), IsOk());
  ASSERT_THAT(settled_, SizeIs(1));
  EXPECT_EQ(settled_[0].state(), interactions::v1::ENTRY_STATE_FAILED);
  EXPECT_EQ(settled_[0].failure(), interactions::v1::ENTRY_FAILURE_MAPPING);
  EXPECT_EQ(settled_[0].reason(), "form.email: missing");
}

TEST_F(EntryFlowTest, ASourceThatIsGoneFails) {
  understander_.source.reset();
  EXPECT_THAT(Run(), IsOk());
  ASSERT_THAT(settled_, SizeIs(1));
  EXPECT_EQ(settled_[0].failure(), interactions::v1::ENTRY_FAILURE_MAPPING);
}

TEST_F(EntryFlowTest, ARefusedTouchStopsNoOther) {
  understander_.touches = {TouchBy("one"), TouchBy("two"), TouchBy("three")};
  refused_ = "two";
  EXPECT_THAT(Run(), IsOk());
  ASSERT_THAT(settled_, SizeIs(1));
  EXPECT_EQ(settled_[0].state(), interactions::v1::ENTRY_STATE_FAILED);
  EXPECT_EQ(settled_[0].failure(), interactions::v1::ENTRY_FAILURE_VALIDATION);
  EXPECT_THAT(settled_[0].reason(), HasSubstr("interaction.topic"));
  ASSERT_THAT(settled_[0].effects(), SizeIs(2));
  EXPECT_EQ(settled_[0].effects(1).touch_index(), 2);
}

TEST_F(EntryFlowTest, AnOutageHasTheAttemptMadeAgain) {
  understander_.touches = {TouchBy("one")};
  gateway_.interactions.batch_record = [](const auto& /*request*/,
                                          auto& /*response*/) {
    return absl::UnavailableError("down");
  };
  EXPECT_THAT(Run(), IsOk());
  ASSERT_THAT(settled_, SizeIs(1));
  EXPECT_EQ(settled_[0].state(), interactions::v1::ENTRY_STATE_RECEIVED);
}

TEST_F(EntryFlowTest, WhatIsRecordedIsNotRecordedAgain) {
  understander_.touches = {TouchBy("one"), TouchBy("two")};
  entry_.add_effects()->set_touch_index(0);
  EXPECT_THAT(Run(), IsOk());
  EXPECT_THAT(recorded_, ElementsAre("two"));
  ASSERT_THAT(settled_, SizeIs(1));
  ASSERT_THAT(settled_[0].effects(), SizeIs(1));
  EXPECT_EQ(settled_[0].effects(0).touch_index(), 1);
}

// Its connector was mended: the touch before it is ignored now.
TEST_F(EntryFlowTest, WhatIsRecordedIsKnownByItsPlace) {
  understander_.touches = {TouchBy("two"), TouchBy("three")};
  understander_.first_place = 50;
  entry_.add_effects()->set_touch_index(50);
  EXPECT_THAT(Run(), IsOk());
  EXPECT_THAT(recorded_, ElementsAre("three"));
  ASSERT_THAT(settled_, SizeIs(1));
  ASSERT_THAT(settled_[0].effects(), SizeIs(1));
  EXPECT_EQ(settled_[0].effects(0).touch_index(), 51);
}

// What a killed gateway has left. It is of one of the tenants, whichever the
// driver asks for first.
TEST_F(EntryFlowTest, TheDriverTakesUpWhatWaits) {
  understander_.touches = {TouchBy("one")};
  std::atomic<int> leases = 0;
  gateway_.interactions.lease_entries = [&](const auto& /*request*/,
                                            auto& response) {
    if (leases++ == 0) *response.add_entries() = entry_;
    return absl::OkStatus();
  };
  absl::Notification done;
  gateway_.interactions.settle_entry = [&](const auto& request,
                                           auto& /*response*/) {
    settled_.push_back(request);
    done.Notify();
    return absl::OkStatus();
  };
  {
    const JournalDriver driver(flow_, testing::TestKeys(),
                               absl::Milliseconds(1));
    done.WaitForNotification();
  }
  ASSERT_THAT(settled_, SizeIs(1));
  EXPECT_EQ(settled_[0].entry_id(), kAda);
  EXPECT_EQ(settled_[0].state(), interactions::v1::ENTRY_STATE_DONE);
}

// One after the other, the first would be settled before the last begins.
TEST_F(EntryFlowTest, TheDriverRunsWhatItHasLeasedSideBySide) {
  constexpr int kEntries = 5;
  understander_.touches = {TouchBy("one")};
  gateway_.interactions.batch_record = {};  // answers nothing
  std::atomic<int> leases = 0;
  gateway_.interactions.lease_entries = [&](const auto& request,
                                            auto& response) {
    // Of 100, the share of one of the tenants that are looked at.
    EXPECT_GE(request.entry_count(), 33);
    EXPECT_LE(request.entry_count(), 50);
    // Of the tenants, which ask side by side, one has entries.
    const bool is_first = leases++ == 0;
    for (int i = 0; is_first && i < kEntries; ++i) {
      *response.add_entries() = entry_;
    }
    return absl::OkStatus();
  };
  std::atomic<int> settled = 0;
  gateway_.interactions.settle_entry = [&](const auto& /*request*/,
                                           auto& /*response*/) {
    ++settled;
    return absl::OkStatus();
  };
  absl::BlockingCounter begun(kEntries);
  understander_.understood = [&] { begun.DecrementCount(); };
  {
    const JournalDriver driver(flow_, testing::TestKeys(),
                               absl::Milliseconds(1));
    begun.Wait();
    EXPECT_EQ(settled, 0);
    gateway_.record.Release();
  }
  EXPECT_EQ(settled, kEntries);
}

TEST_F(EntryFlowTest, TheDriverGoesOnAfterAnOutage) {
  std::atomic<int> leases = 0;
  absl::Notification again;
  gateway_.interactions.lease_entries = [&](const auto& /*request*/,
                                            auto& /*response*/) {
    if (++leases == 10) again.Notify();
    return absl::UnavailableError("down");
  };
  const JournalDriver driver(flow_, testing::TestKeys(), absl::Milliseconds(1));
  again.WaitForNotification();
}

TEST_F(EntryFlowTest, AnAttemptThatCannotBeSettledSaysSo) {
  settle_status_ = absl::UnavailableError("down");
  EXPECT_FALSE(Run().ok());
}

}  // namespace
}  // namespace kith::gateway
