#ifndef KITH_CONTACTS_SVC_GROUPS_GROUPS_FIXTURE_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUPS_FIXTURE_H_

#include <string>
#include <vector>

#include "common/status/rpc_status.h"
#include "common/testing/matchers.h"
#include "contacts-svc/contacts_fixture.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"

namespace kith::contacts {

inline v1::Actor Person() {
  v1::Actor actor;
  actor.set_kind(v1::ACTOR_KIND_PERSON);
  actor.set_name("Dana");
  return actor;
}

inline v1::Actor Job() {
  v1::Actor actor;
  actor.set_kind(v1::ACTOR_KIND_SYSTEM);
  actor.set_name("nightly");
  return actor;
}

inline v1::MergeCause Cause(v1::MergeCauseKind kind, const std::string& value) {
  v1::MergeCause cause;
  cause.set_kind(kind);
  cause.set_value(value);
  return cause;
}

inline v1::MergeContactsRequest MergeOf(
    const std::string& survivor, const std::vector<std::string>& absorbed,
    const v1::Actor& actor = Person()) {
  v1::MergeContactsRequest request;
  request.set_survivor_id(survivor);
  for (const std::string& id : absorbed) request.add_absorbed_ids(id);
  *request.mutable_cause() = Cause(v1::MERGE_CAUSE_KIND_RULE, "same name");
  *request.mutable_actor() = actor;
  return request;
}

// An error that says FAILED_PRECONDITION with this reason.
MATCHER_P(IsRefusedAs, reason, "") {
  const absl::Status& status = testing::StatusOf(arg);
  *result_listener << status.ToString();
  const auto info = status::FindDetail<google::rpc::ErrorInfo>(status);
  return absl::IsFailedPrecondition(status) && info.has_value() &&
         info->reason() == reason && info->domain() == "kith.dev";
}

// contacts-svc, with shorter ways to say what tests of groups say.
class GroupsTest : public ContactsTest {
 protected:
  // The ids of edges rise as well.
  absl::StatusOr<v1::MergeContactsResponse> Merge(
      const v1::MergeContactsRequest& request) {
    harness_.clock().Advance(absl::Milliseconds(1));
    return harness_.Call(&Stub::MergeContacts, request);
  }

  // The id of the edge.
  std::string Join(const std::string& survivor, const std::string& absorbed,
                   const v1::Actor& actor = Person()) {
    const auto merged = Merge(MergeOf(survivor, {absorbed}, actor));
    EXPECT_THAT(merged, testing::IsOk());
    return merged.ok() ? merged->edges(0).edge_id() : "";
  }

  absl::StatusOr<v1::UnmergeContactsResponse> Unmerge(
      const v1::UnmergeContactsRequest& request) {
    return harness_.Call(&Stub::UnmergeContacts, request);
  }

  // One edge, or all at the contact where none is given.
  static v1::UnmergeContactsRequest UnmergeOf(const std::string& id,
                                              const std::string& edge_id = "") {
    v1::UnmergeContactsRequest request;
    request.set_contact_id(id);
    if (edge_id.empty()) {
      request.set_all_edges(true);
    } else {
      request.set_edge_id(edge_id);
    }
    *request.mutable_actor() = Person();
    request.set_reason("not the same");
    return request;
  }

  std::vector<std::string> Members(const std::string& id) {
    const auto contact = Get(id);
    EXPECT_THAT(contact, testing::IsOk());
    if (!contact.ok()) return {};
    return {contact->member_ids().begin(), contact->member_ids().end()};
  }

  std::vector<v1::MergeEdge> History(const std::string& id, int page_size = 0) {
    v1::ListMergeHistoryRequest request;
    request.set_contact_id(id);
    request.set_page_size(page_size);
    std::vector<v1::MergeEdge> edges;
    do {
      const auto page = harness_.Call(&Stub::ListMergeHistory, request);
      EXPECT_THAT(page, testing::IsOk());
      if (!page.ok()) return edges;
      edges.insert(edges.end(), page->edges().begin(), page->edges().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return edges;
  }
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUPS_FIXTURE_H_
