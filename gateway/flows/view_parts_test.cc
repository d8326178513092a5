#include "gateway/flows/view_parts.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/rpc/callback_threads.h"
#include "common/testing/matchers.h"
#include "gateway/fake_contacts.h"
#include "gateway/fake_identity.h"
#include "gateway/fake_interactions.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using Identities = identity::v1::ListIdentitiesResponse::Result;

google::protobuf::FieldMask Mask(const std::vector<std::string>& paths) {
  google::protobuf::FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  return mask;
}

TEST(WantedPartsTest, AnEmptyMaskMeansAll) {
  const auto wanted = WantedParts::Make(Mask({}), 0);
  ASSERT_THAT(wanted, IsOk());
  EXPECT_TRUE(wanted->contact && wanted->identities && wanted->summary &&
              wanted->interactions);
  EXPECT_EQ(wanted->interactions_size, 20);
}

TEST(WantedPartsTest, AMaskNamesWhatIsWanted) {
  const auto wanted = WantedParts::Make(Mask({"summary"}), 101);
  ASSERT_THAT(wanted, IsOk());
  EXPECT_TRUE(wanted->summary);
  EXPECT_FALSE(wanted->contact || wanted->identities || wanted->interactions);
  EXPECT_EQ(wanted->interactions_size, 100);
}

TEST(WantedPartsTest, NamesAllFaults) {
  const auto wanted = WantedParts::Make(Mask({"summary", "name"}), -1);
  EXPECT_THAT(wanted, StatusIs(StatusCode::kInvalidArgument, "\"name\""));
  EXPECT_THAT(wanted,
              StatusIs(StatusCode::kInvalidArgument, "interactions_size: -1"));
}

CollectedParts Parts() {
  CollectedParts parts{Identities(), internal::v1::EncodedActivity::Result()};
  parts.identities->add_identities()->set_value("ada@example.com");
  parts.activity->mutable_summary()->add_sales();
  parts.activity->add_interactions();
  parts.activity->set_next_page_token("more");
  parts.activity->add_threads();
  parts.activity->add_last_problems();
  parts.activity->add_actions();
  return parts;
}

// Returns the contact of the first interaction.
std::string ContactShown(const CollectedParts& parts) {
  interactions::v1::Interaction interaction;
  EXPECT_TRUE(interaction.ParseFromString(parts.activity->interactions(0)));
  return interaction.contact_id();
}

// Returns what the caller receives.
v1::CustomerView Filled(CollectedParts parts, const WantedParts& wanted) {
  v1::CustomerView sent;
  FillView(std::move(parts), wanted, sent);
  v1::CustomerView received;
  EXPECT_TRUE(received.ParseFromString(sent.SerializeAsString()));
  return received;
}

// All parts, and as many interactions as Parts() has.
WantedParts OneOfEach() {
  WantedParts wanted;
  wanted.interactions_size = 1;
  return wanted;
}

// The parts with the code of each.
std::vector<std::string> PartsOf(const v1::CustomerView& view) {
  std::vector<std::string> parts;
  for (const v1::PartStatus& part : view.parts()) {
    parts.push_back(absl::StrCat(part.part(), " ", part.error().code()));
  }
  return parts;
}

TEST(FillViewTest, FillsWhatIsWanted) {
  const v1::CustomerView all = Filled(Parts(), OneOfEach());
  EXPECT_THAT(PartsOf(all), ElementsAre("contact 0", "identities 0",
                                        "summary 0", "interactions 0",
                                        "threads 0", "actions 0", "may_be 0"));
  EXPECT_THAT(all.threads(), SizeIs(1));
  EXPECT_THAT(all.actions(), SizeIs(1));
  EXPECT_THAT(all.last_problems(), SizeIs(1));
  EXPECT_THAT(all.identities(), SizeIs(1));
  EXPECT_THAT(all.summary().sales(), SizeIs(1));
  EXPECT_THAT(all.interactions(), SizeIs(1));
  EXPECT_EQ(all.next_page_token(), "more");
  const v1::CustomerView some =
      Filled(Parts(), *WantedParts::Make(Mask({"summary"}), 0));
  EXPECT_THAT(PartsOf(some), ElementsAre("summary 0"));
  EXPECT_THAT(some.identities(), IsEmpty());
  EXPECT_THAT(some.interactions(), IsEmpty());
  EXPECT_EQ(some.next_page_token(), "");
}

TEST(FillViewTest, SaysWhyAPartIsMissing) {
  CollectedParts parts = Parts();
  parts.identities = absl::UnavailableError("down");
  v1::CustomerView view = Filled(std::move(parts), OneOfEach());
  EXPECT_THAT(
      PartsOf(view),
      ElementsAre("contact 0", "identities 14", "summary 0", "interactions 0",
                  "threads 0", "actions 0", "may_be 14"));
  parts = Parts();
  parts.activity = absl::DeadlineExceededError("late");
  view = Filled(std::move(parts), WantedParts());
  EXPECT_THAT(PartsOf(view), ElementsAre("contact 0", "identities 0",
                                         "summary 4", "interactions 4",
                                         "threads 4", "actions 4", "may_be 0"));
}

TEST(FillViewTest, SaysThatThereAreMoreThreads) {
  CollectedParts parts = Parts();
  parts.activity->set_more_threads(true);
  const v1::CustomerView view =
      Filled(std::move(parts), *WantedParts::Make(Mask({"threads"}), 0));
  EXPECT_THAT(PartsOf(view), ElementsAre("threads 11"));
  EXPECT_THAT(view.threads(), SizeIs(1));
  EXPECT_THAT(view.parts(0).error().message(), HasSubstr("ListThreads"));
}

TEST(FillViewTest, SaysThatThereAreMoreActions) {
  CollectedParts parts = Parts();
  parts.activity->set_more_actions(true);
  const v1::CustomerView view =
      Filled(std::move(parts), *WantedParts::Make(Mask({"actions"}), 0));
  EXPECT_THAT(PartsOf(view), ElementsAre("actions 11"));
  EXPECT_THAT(view.actions(), SizeIs(1));
  EXPECT_THAT(view.parts(0).error().message(), HasSubstr("ListActions"));
}

struct CutCase {
  const char* name;
  int shown;
  int wanted;
  const char* next_page_token;
  // Of the part; empty: it is complete.
  const char* error;
};

// Cases G6.
const CutCase kCutCases[] = {
    {"CutShort", 3, 4, "more", "only the newest 3 of 4 interactions"},
    {"NothingFits", 0, 4, "more", "only the newest 0 of 4 interactions"},
    {"AFullPage", 4, 4, "more", ""},
    {"AllThereAre", 3, 4, "", ""},
    {"None", 0, 4, "", ""},
};

TEST(FillViewTest, SaysThatInteractionsWereCutShort) {
  for (const CutCase& one : kCutCases) {
    SCOPED_TRACE(one.name);
    CollectedParts parts = Parts();
    parts.activity->clear_interactions();
    for (int i = 0; i < one.shown; ++i) parts.activity->add_interactions();
    parts.activity->set_next_page_token(one.next_page_token);
    const v1::CustomerView view =
        Filled(std::move(parts),
               *WantedParts::Make(Mask({"interactions"}), one.wanted));
    EXPECT_THAT(view.interactions(), SizeIs(one.shown));
    EXPECT_EQ(view.next_page_token(), one.next_page_token);
    const bool cut = one.error[0] != '\0';
    EXPECT_THAT(PartsOf(view),
                ElementsAre(cut ? "interactions 11" : "interactions 0"));
    const std::string& message = view.parts(0).error().message();
    EXPECT_THAT(message, StartsWith(one.error));
    EXPECT_THAT(message, EndsWith(cut ? "next_page_token leads on" : ""));
  }
}

TEST(FillViewTest, SaysThatThereAreMoreIdentities) {
  CollectedParts parts = Parts();
  parts.identities->set_next_page_token("more");
  const v1::CustomerView view =
      Filled(std::move(parts), *WantedParts::Make(Mask({"identities"}), 0));
  EXPECT_THAT(view.identities(), SizeIs(1));
  EXPECT_THAT(PartsOf(view), ElementsAre("identities 11"));
}

class ViewPartsTest : public ::testing::Test {
 protected:
  ViewPartsTest() {
    rpc::KeepCallbackThreads();
    // Each set has an identity and an interaction for its first contact.
    identity_.list = [](const auto& request, auto& response) {
      for (const auto& set : request.sets()) {
        response.add_results()->add_identities()->set_contact_id(
            set.contact_ids(0));
      }
      return absl::OkStatus();
    };
    interactions_.activity = [](const auto& request, auto& response) {
      for (const auto& set : request.sets()) {
        response.add_results()->add_interactions()->set_contact_id(
            set.contact_ids(0));
      }
      return absl::OkStatus();
    };
    grpc::ServerBuilder builder;
    builder.RegisterService(&identity_);
    builder.RegisterService(&interactions_);
    server_ = builder.BuildAndStart();
    const auto link =
        std::make_shared<rpc::Link>(server_->InProcessChannel({}));
    backends_ = std::make_unique<Backends>(link, link, link, absl::Seconds(30),
                                           /*calls_per_service=*/100);
    context_.deadline = absl::Now() + absl::Seconds(30);
  }

  ~ViewPartsTest() override {
    server_->Shutdown();
    server_->Wait();
  }

  // What Collect returns.
  static std::vector<CollectedParts> Collect(ViewParts& parts) {
    std::vector<CollectedParts> collected;
    absl::Notification done;
    Await(parts, collected, done);
    done.WaitForNotification();
    return collected;
  }

  CallRecord record_;
  FakeIdentity identity_{record_};
  FakeInteractions interactions_{record_};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Backends> backends_;
  base::RequestContext context_;

 private:
  static Detached Await(ViewParts& parts,
                        std::vector<CollectedParts>& collected,
                        absl::Notification& done) {
    collected = co_await parts.Collect();
    done.Notify();
  }
};

std::vector<std::string> Ids(const std::string& first, int count) {
  std::vector<std::string> ids = {first};
  for (int i = 1; i < count; ++i) ids.push_back(absl::StrCat(first, "/", i));
  return ids;
}

TEST_F(ViewPartsTest, AskedTogetherIsOneCallOfEachService) {
  ViewParts parts(*backends_, context_, WantedParts());
  EXPECT_EQ(parts.Add({Ids("ada", 1), std::nullopt}), 0);
  EXPECT_EQ(parts.Add({Ids("bob", 2), std::nullopt}), 1);
  parts.Ask();
  const auto collected = Collect(parts);
  ASSERT_THAT(collected, SizeIs(2));
  EXPECT_EQ(collected[0].identities->identities(0).contact_id(), "ada");
  EXPECT_EQ(collected[1].identities->identities(0).contact_id(), "bob");
  EXPECT_EQ(ContactShown(collected[1]), "bob");
  EXPECT_THAT(record_.names(),
              UnorderedElementsAre("ListIdentities", "BatchGetActivity"));
}

TEST_F(ViewPartsTest, AskAsksForThoseAddedSinceTheLastTime) {
  ViewParts parts(*backends_, context_, WantedParts());
  parts.Add({Ids("ada", 1), std::nullopt});
  parts.Ask();
  EXPECT_EQ(parts.Add({Ids("bob", 1), std::nullopt}), 1);
  parts.Ask();
  parts.Ask();
  EXPECT_THAT(parts.contact_ids(1), ElementsAre("bob"));
  const auto collected = Collect(parts);
  ASSERT_THAT(collected, SizeIs(2));
  EXPECT_EQ(ContactShown(collected[0]), "ada");
  EXPECT_EQ(ContactShown(collected[1]), "bob");
  EXPECT_THAT(record_.names(), SizeIs(4));
}

TEST_F(ViewPartsTest, KnownIdentitiesAreNotAskedFor) {
  ViewParts parts(*backends_, context_, WantedParts());
  Identities known;
  known.add_identities()->set_value("ada@example.com");
  parts.Add({Ids("ada", 1), known});
  parts.Ask();
  auto collected = Collect(parts);
  ASSERT_THAT(collected, SizeIs(1));
  EXPECT_EQ(collected[0].identities->identities(0).value(), "ada@example.com");
  EXPECT_EQ(ContactShown(collected[0]), "ada");
  EXPECT_THAT(record_.names(), ElementsAre("BatchGetActivity"));
}

TEST_F(ViewPartsTest, WhatIsNotWantedIsNotAskedFor) {
  ViewParts parts(*backends_, context_,
                  *WantedParts::Make(Mask({"contact"}), 0));
  parts.Add({Ids("ada", 1), std::nullopt});
  parts.Ask();
  EXPECT_THAT(Collect(parts), SizeIs(1));
  EXPECT_THAT(record_.names(), IsEmpty());
}

TEST_F(ViewPartsTest, ActionsAreAPartOfTheirOwn) {
  std::vector<std::string> mask;
  interactions_.activity = [&](const auto& request, auto& response) {
    mask.assign(request.read_mask().paths().begin(),
                request.read_mask().paths().end());
    response.add_results()->add_actions()->set_contact_id("ada");
    return absl::OkStatus();
  };
  ViewParts parts(*backends_, context_,
                  *WantedParts::Make(Mask({"actions"}), 0));
  parts.Add({Ids("ada", 1), std::nullopt});
  parts.Ask();
  const auto collected = Collect(parts);
  EXPECT_THAT(mask, ElementsAre("actions"));
  EXPECT_EQ(collected[0].activity->actions(0).contact_id(), "ada");
}

TEST_F(ViewPartsTest, ACallAsksForFiveHundredContactsOrOneGroup) {
  ViewParts parts(*backends_, context_,
                  *WantedParts::Make(Mask({"identities"}), 0));
  const std::vector<std::pair<std::string, int>> sizes = {
      {"a", 499}, {"b", 1}, {"c", 1}, {"d", 900}, {"e", 1}};
  for (const auto& [first, size] : sizes) {
    parts.Add({Ids(first, size), std::nullopt});
  }
  parts.Ask();
  const auto collected = Collect(parts);
  ASSERT_THAT(collected, SizeIs(sizes.size()));
  for (size_t i = 0; i < sizes.size(); ++i) {
    EXPECT_EQ(collected[i].identities->identities(0).contact_id(),
              sizes[i].first);
  }
  EXPECT_THAT(record_.names(), SizeIs(4)) << "a and b, c, d, e";
}

TEST_F(ViewPartsTest, ACallThatFailsIsTheErrorOfAllItsCustomers) {
  identity_.list = [](const auto&, auto&) {
    return absl::UnavailableError("down");
  };
  ViewParts parts(*backends_, context_, WantedParts());
  parts.Add({Ids("ada", 1), std::nullopt});
  parts.Add({Ids("bob", 1), std::nullopt});
  parts.Ask();
  for (const CollectedParts& each : Collect(parts)) {
    EXPECT_THAT(each.identities, StatusIs(StatusCode::kUnavailable));
    EXPECT_THAT(each.activity, IsOk());
  }
}

}  // namespace
}  // namespace kith::gateway
