#include "gateway/flows/group_flow.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/violations.h"
#include "common/status/rpc_status.h"
#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using Stub = v1::GatewayService::Stub;

v1::CustomerRef RefById(const std::string& id) {
  v1::CustomerRef ref;
  ref.set_contact_id(id);
  return ref;
}

v1::CustomerRef RefByValue(const std::string& value) {
  v1::CustomerRef ref;
  ref.mutable_value()->set_value(value);
  return ref;
}

v1::MergeContactsRequest MergeOf(const v1::CustomerRef& survivor,
                                 const std::vector<v1::CustomerRef>& absorbed) {
  v1::MergeContactsRequest request;
  *request.mutable_survivor() = survivor;
  for (const v1::CustomerRef& ref : absorbed) *request.add_absorbed() = ref;
  return request;
}

// contacts-svc answers every change as it came.
class GroupFlowTest : public ::testing::Test {
 protected:
  void SetUp() override {
    gateway_.contacts.merge = [this](const auto& request, auto& response) {
      merged_ = request;
      response.mutable_contact()->set_contact_id(request.survivor_id());
      for (const std::string& id : request.absorbed_ids()) {
        response.add_edges()->set_absorbed_id(id);
      }
      return absl::OkStatus();
    };
    gateway_.contacts.unmerge = [this](const auto& request, auto& response) {
      unmerged_ = request;
      response.mutable_group()->add_parts()->set_canonical_id(
          request.contact_id());
      return absl::OkStatus();
    };
    gateway_.contacts.unmerge_by_cause = [this](const auto& request,
                                                auto& response) {
      by_cause_ = request;
      response.add_groups();
      response.set_next_page_token("more");
      return absl::OkStatus();
    };
  }

  // Each value is held by the contact of this name; "both" by two.
  void SetHolders(
      const std::vector<std::pair<std::string, std::string>>& holders) {
    gateway_.identity.batch_resolve = [this, holders](const auto& request,
                                                      auto& response) {
      resolved_ = request.requests(0);
      for (const auto& one : request.requests()) {
        auto& resolved = *response.add_results()->mutable_response();
        for (const auto& [value, holder] : holders) {
          if (one.value().value() != value) continue;
          auto& identity = *resolved.add_candidates()->mutable_identity();
          identity.set_contact_id(holder);
          identity.set_identity_key(absl::StrCat("key-", holder));
        }
      }
      return absl::OkStatus();
    };
  }

  // Ada and Bob are one, Ada standing for both.
  void JoinAdaAndBob() {
    gateway_.contacts.batch_get = [](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        contacts::v1::Contact& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(kAda);
        contact.add_member_ids(kAda);
        contact.add_member_ids(kBob);
      }
      return absl::OkStatus();
    };
  }

  GatewayHarness gateway_;
  contacts::v1::MergeContactsRequest merged_;
  contacts::v1::UnmergeContactsRequest unmerged_;
  contacts::v1::UndoMergesRequest by_cause_;
  identity::v1::ResolveIdentityRequest resolved_;
};

TEST_F(GroupFlowTest, IdsAreJoinedAsTheyAreNamedInOneCall) {
  auto request = MergeOf(RefById(kBob), {RefById(kAda), RefById(kCleo)});
  request.mutable_cause()->set_kind(contacts::v1::MERGE_CAUSE_KIND_DECISION);
  request.mutable_actor()->set_name("agent-7");
  request.set_reason("same person");
  request.set_request_id("r-1");
  const auto merged = gateway_.Call(&Stub::MergeContacts, request);
  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ(merged->contact().contact_id(), kBob);
  EXPECT_EQ(merged->edges(1).absorbed_id(), kCleo);
  EXPECT_EQ(merged_.survivor_id(), kBob);
  EXPECT_THAT(merged_.absorbed_ids(), ElementsAre(kAda, kCleo));
  EXPECT_EQ(merged_.cause().kind(), contacts::v1::MERGE_CAUSE_KIND_DECISION);
  EXPECT_EQ(merged_.actor().name(), "agent-7");
  EXPECT_EQ(merged_.reason(), "same person");
  EXPECT_EQ(merged_.request_id(), "r-1");
  EXPECT_THAT(gateway_.record.names(), ElementsAre("MergeContacts"));
}

TEST_F(GroupFlowTest, AValueMeansItsHolderNotTheCanonicalContact) {
  JoinAdaAndBob();
  SetHolders({{"bob@example.com", kBob}, {"cleo@example.com", kCleo}});
  ASSERT_THAT(gateway_.Call(&Stub::MergeContacts,
                            MergeOf(RefByValue("cleo@example.com"),
                                    {RefByValue("bob@example.com")})),
              IsOk());
  EXPECT_EQ(merged_.survivor_id(), kCleo);
  EXPECT_THAT(merged_.absorbed_ids(), ElementsAre(kBob));
  EXPECT_THAT(merged_.request_id(), Not(IsEmpty()))
      << "a call that is tried again must know itself";
}

TEST_F(GroupFlowTest, OfSeveralHoldersInOneGroupTheFirstIsMeant) {
  JoinAdaAndBob();
  SetHolders({{"both", kBob}, {"both", kAda}});
  ASSERT_THAT(gateway_.Call(&Stub::MergeContacts,
                            MergeOf(RefById(kCleo), {RefByValue("both")})),
              IsOk());
  EXPECT_THAT(merged_.absorbed_ids(), ElementsAre(kBob));
}

TEST_F(GroupFlowTest, AnAmbiguousValueIsRefused) {
  SetHolders({{"both", kBob}, {"both", kAda}});
  EXPECT_THAT(gateway_.Call(&Stub::MergeContacts,
                            MergeOf(RefById(kCleo), {RefByValue("both")})),
              StatusIs(StatusCode::kFailedPrecondition,
                       "absorbed[0]: the value leads"));
  v1::UnmergeContactsRequest unmerge;
  *unmerge.mutable_customer() = RefByValue("both");
  EXPECT_THAT(gateway_.Call(&Stub::UnmergeContacts, unmerge),
              StatusIs(StatusCode::kFailedPrecondition, "customer: the value"));
  v1::ListMergeHistoryRequest history;
  *history.mutable_customer() = RefByValue("both");
  EXPECT_THAT(gateway_.Call(&Stub::ListMergeHistory, history),
              StatusIs(StatusCode::kFailedPrecondition, "customer: the value"));
}

TEST_F(GroupFlowTest, BadNamesAreToldAtOnce) {
  EXPECT_THAT(gateway_.Call(&Stub::MergeContacts, MergeOf(RefById(kAda), {})),
              StatusIs(StatusCode::kInvalidArgument, "absorbed: 0 given"));
  const auto bad = gateway_.Call(
      &Stub::MergeContacts,
      MergeOf(RefById("17"), {v1::CustomerRef(), RefByValue("")}));
  for (const char* told : {"survivor.contact_id: ", "absorbed[0]: not set",
                           "absorbed[1].value.value: empty"}) {
    EXPECT_THAT(bad, StatusIs(StatusCode::kInvalidArgument, told));
  }
  EXPECT_THAT(gateway_.Call(&Stub::MergeContacts,
                            MergeOf(RefById(kAda), {RefByValue("nobody")})),
              StatusIs(StatusCode::kNotFound, "absorbed[0]: nobody is known"));
  EXPECT_THAT(gateway_.Call(&Stub::MergeContacts,
                            MergeOf(RefById(kAda), {RefById(kAda)})),
              StatusIs(StatusCode::kInvalidArgument, "absorbed[0]: means"));
  EXPECT_THAT(gateway_.record.names(),
              Not(::testing::Contains("MergeContacts")));
}

TEST_F(GroupFlowTest, WhomContactsSvcDoesNotKnowIsNamedAsTheCallerNamesThem) {
  const auto merge_without = [this](const char* field) {
    gateway_.contacts.merge = [field](const auto&, auto&) {
      return absl::NotFoundError(absl::StrCat(field, ": no contact"));
    };
    return gateway_.Call(
        &Stub::MergeContacts,
        MergeOf(RefById(kAda), {RefById(kBob), RefById(kCleo)}));
  };
  EXPECT_EQ(merge_without("absorbed_ids[1]").status().message(),
            "absorbed[1]: no contact");
  EXPECT_EQ(merge_without("survivor_id").status().message(),
            "survivor: no contact");
}

TEST_F(GroupFlowTest, WhatIdentitySvcRefusesIsNamedAsTheCallerNamesIt) {
  gateway_.identity.batch_resolve = [](const auto& request, auto& response) {
    for (int i = 0; i < request.requests_size(); ++i) {
      api::Violations violations;
      violations.Add("value.value", "321 characters");
      *response.add_results()->mutable_error() =
          status::ToProto(violations.ToStatus());
    }
    return absl::OkStatus();
  };
  const auto refused =
      gateway_.Call(&Stub::MergeContacts,
                    MergeOf(RefById("17"),
                            {RefByValue("a"), RefById(kAda), RefByValue("b")}));
  const auto told =
      status::FindDetail<google::rpc::BadRequest>(refused.status());
  ASSERT_TRUE(told.has_value()) << refused.status();
  std::vector<std::string> fields;
  for (const auto& one : told->field_violations()) {
    fields.push_back(one.field());
    EXPECT_THAT(refused,
                StatusIs(StatusCode::kInvalidArgument,
                         absl::StrCat(one.field(), ": ", one.description())));
  }
  EXPECT_THAT(fields,
              ElementsAre("survivor.contact_id", "absorbed[0].value.value",
                          "absorbed[2].value.value"));
  v1::ListMergeHistoryRequest history;
  *history.mutable_customer() = RefByValue("a");
  EXPECT_THAT(gateway_.Call(&Stub::ListMergeHistory, history),
              StatusIs(StatusCode::kInvalidArgument, "customer.value.value: "));
}

TEST_F(GroupFlowTest, UnmergeSaysEdgeOrMember) {
  SetHolders({{"bob@example.com", kBob}});
  v1::UnmergeContactsRequest request;
  *request.mutable_customer() = RefByValue("bob@example.com");
  request.set_all_edges(true);
  request.set_dry_run(true);
  const auto parts = gateway_.Call(&Stub::UnmergeContacts, request);
  ASSERT_THAT(parts, IsOk());
  EXPECT_EQ(parts->group().parts(0).canonical_id(), kBob);
  EXPECT_TRUE(unmerged_.all_edges());
  EXPECT_TRUE(unmerged_.dry_run());
  request.set_edge_id(kCleo);
  ASSERT_THAT(gateway_.Call(&Stub::UnmergeContacts, request), IsOk());
  EXPECT_EQ(unmerged_.edge_id(), kCleo);
}

TEST_F(GroupFlowTest, ACauseMayBeAValueThatAnybodyEverHeld) {
  SetHolders({{"bob@example.com", kBob}});
  v1::UndoMergesRequest request;
  request.mutable_value()->set_value("bob@example.com");
  request.set_page_token("next");
  const auto undone = gateway_.Call(&Stub::UndoMerges, request);
  ASSERT_THAT(undone, IsOk());
  EXPECT_EQ(undone->next_page_token(), "more");
  EXPECT_EQ(undone->groups_size(), 1);
  EXPECT_EQ(by_cause_.cause().kind(), contacts::v1::MERGE_CAUSE_KIND_IDENTITY);
  EXPECT_EQ(by_cause_.cause().value(), absl::StrCat("key-", kBob));
  EXPECT_EQ(by_cause_.page_token(), "next");
  EXPECT_TRUE(resolved_.has_at_time());
  EXPECT_EQ(resolved_.at_time().seconds(), 0);
}

TEST_F(GroupFlowTest, ACauseIsOneIdentity) {
  SetHolders({{"both", kBob}, {"both", kAda}});
  v1::UndoMergesRequest request;
  request.mutable_value()->set_value("both");
  EXPECT_THAT(gateway_.Call(&Stub::UndoMerges, request),
              StatusIs(StatusCode::kFailedPrecondition, "value: may mean"));
  request.mutable_value()->set_value("nobody");
  EXPECT_THAT(gateway_.Call(&Stub::UndoMerges, request),
              StatusIs(StatusCode::kNotFound, "value: nobody ever held it"));
  request.mutable_cause()->set_value("ticket-7");
  ASSERT_THAT(gateway_.Call(&Stub::UndoMerges, request), IsOk());
  EXPECT_EQ(by_cause_.cause().value(), "ticket-7");
}

TEST_F(GroupFlowTest, HistoryIsOfTheContactThatIsNamed) {
  gateway_.contacts.history = [](const auto& request, auto& response) {
    response.add_edges()->set_survivor_id(request.contact_id());
    response.set_canonical_id(kAda);
    response.set_next_page_token(request.page_token() + "+");
    return absl::OkStatus();
  };
  v1::ListMergeHistoryRequest request;
  *request.mutable_customer() = RefById(kBob);
  request.set_page_token("page");
  const auto history = gateway_.Call(&Stub::ListMergeHistory, request);
  ASSERT_THAT(history, IsOk());
  EXPECT_EQ(history->edges(0).survivor_id(), kBob);
  EXPECT_EQ(history->canonical_id(), kAda);
  EXPECT_EQ(history->next_page_token(), "page+");
}

TEST_F(GroupFlowTest, ValuesAreLinkedAndUnlinkedForTheWholeGroup) {
  JoinAdaAndBob();
  identity::v1::LinkIdentityRequest linked;
  identity::v1::UnlinkIdentityRequest unlinked;
  gateway_.identity.link = [&](const auto& request, auto&) {
    linked = request;
    return absl::OkStatus();
  };
  gateway_.identity.unlink = [&](const auto& request, auto&) {
    unlinked = request;
    return absl::OkStatus();
  };
  v1::LinkIdentityRequest link;
  *link.mutable_customer() = RefById(kBob);
  EXPECT_EQ(gateway_.Call(&Stub::LinkIdentity, link)->canonical_id(), kAda);
  EXPECT_EQ(linked.contact_id(), kBob);
  EXPECT_THAT(linked.member_ids(), UnorderedElementsAre(kAda, kBob));
  v1::UnlinkIdentityRequest unlink;
  *unlink.mutable_customer() = RefById(kBob);
  EXPECT_EQ(gateway_.Call(&Stub::UnlinkIdentity, unlink)->canonical_id(), kAda);
  EXPECT_EQ(unlinked.contact_id(), kBob);
  EXPECT_THAT(unlinked.member_ids(), UnorderedElementsAre(kAda, kBob));
}

}  // namespace
}  // namespace kith::gateway
