#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/status/status_macros.h"
#include "common/testing/database_proxy.h"
#include "contacts-svc/group_reader.h"
#include "contacts-svc/groups_fixture.h"
#include "contacts-svc/merge_store.h"
#include "contacts-svc/unmerge_store.h"

namespace kith::contacts {
namespace {

using ::kith::testing::DatabaseProxy;
using ::kith::testing::IsOk;
using ops::Uuid;

// Cuts the connection before each message of a call in turn, for good, so that
// the call fails there; what is left is what was there before, or all of it,
// and a repeat ends with one effect.
class MergeFaultsTest : public GroupsTest {
 protected:
  using Call =
      std::function<absl::Status(const ops::RequestContext&, mysql::Session&)>;

  static ops::RequestContext Context() {
    config::v1::Tenant tenant;
    tenant.set_id(1);
    ops::Principal principal;
    principal.tenant = std::make_shared<config::v1::Tenant>(tenant);
    ops::RequestContext context;
    context.principal = std::make_shared<ops::Principal>(principal);
    context.deadline = absl::Now() + absl::Seconds(30);
    return context;
  }

  // Runs the call with the link cut behind so many messages; false where it
  // came to its end before.
  bool CutBehind(int messages, const Call& call) {
    DatabaseProxy proxy(harness_.database().options().address);
    mysql::SessionOptions options = harness_.database().options();
    options.address = proxy.address();
    mysql::Session session(options);
    EXPECT_THAT(session.Connect(), IsOk());
    proxy.CutAfter(messages);
    ops::RequestContext context = Context();
    // A commit in doubt is not waited for: nobody is let in again.
    context.deadline = absl::Now() + absl::Milliseconds(50);
    const absl::Status status = call(context, session);
    EXPECT_EQ(status.ok(), !proxy.cut()) << status;
    return proxy.cut();
  }

  // All that is written of groups, as text.
  std::string State() {
    mysql::Session session(harness_.database().options());
    std::string state;
    for (const char* sql :
         {"SELECT CONCAT_WS('/', HEX(contact_id), HEX(canonical_id), "
          "group_size, group_edges, edge_order, version) "
          "FROM contacts ORDER BY contact_id",
          "SELECT CONCAT_WS('/', HEX(canonical_id), HEX(contact_id)) "
          "FROM group_members ORDER BY canonical_id, contact_id",
          "SELECT CONCAT_WS('/', HEX(contact_id), edge_order, "
          "unmerge_micros) FROM merge_edges ORDER BY contact_id, edge_order",
          "SELECT CONCAT_WS('/', cause_value, HEX(contact_id)) "
          "FROM merge_causes ORDER BY edge_id, contact_id",
          "SELECT CONCAT_WS('/', HEX(contact_id), HEX(other_id)) "
          "FROM not_same ORDER BY contact_id, other_id"}) {
      EXPECT_THAT(session.Query(sql, {},
                                [&](const mysql::Row& row) {
                                  state += row.Bytes(0) + "\n";
                                }),
                  IsOk());
    }
    return state;
  }

  // Answers how many cuts it took to come to the end.
  int CutEverywhere(const Call& call) {
    const std::string before = State();
    std::string after;
    for (int messages = 0;; ++messages) {
      const bool cut = CutBehind(messages, call);
      const std::string state = State();
      if (state != before && after.empty()) after = state;
      if (state != before) {
        EXPECT_EQ(state, after) << "cut behind " << messages;
      }
      if (!cut) {
        EXPECT_NE(state, before);
        return messages;
      }
    }
  }
};

TEST_F(MergeFaultsTest, NoHalfMerge) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make();
  Join(a, b);
  Join(c, d);
  v1::MergeRequest request = MergeOf(b, {d, c}, Job());
  request.set_request_id("merge-cut");
  const MergeStore store(harness_.clock());
  const int cuts = CutEverywhere(
      [&](const ops::RequestContext& context, mysql::Session& session) {
        return store.Merge(context, session, request).status();
      });
  EXPECT_GT(cuts, 20);
  EXPECT_EQ(Get(d)->canonical_id(), a);
  EXPECT_EQ(History(a).size(), 4u);
}

TEST_F(MergeFaultsTest, NoHalfUnmerge) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make();
  Join(a, b);
  const std::string edge = Join(c, d);
  Join(b, c);
  v1::UnmergeRequest request = UnmergeOf(b);
  request.set_request_id("unmerge-cut");
  const UnmergeStore store(harness_.clock());
  const int cuts = CutEverywhere(
      [&](const ops::RequestContext& context, mysql::Session& session) {
        return store.Unmerge(context, session, request).status();
      });
  EXPECT_GT(cuts, 20);
  EXPECT_EQ(Get(d)->canonical_id(), c);
  EXPECT_EQ(Get(b)->canonical_id(), b);
  EXPECT_EQ(Rows("merge_causes"), 1);
}

TEST_F(MergeFaultsTest, NoHalfUnmergeByCause) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make();
  Join(a, b);
  Join(c, d);
  Join(c, b);
  v1::UnmergeByCauseRequest request;
  *request.mutable_cause() = Cause(v1::MERGE_CAUSE_KIND_RULE, "same name");
  *request.mutable_actor() = Job();
  const UnmergeStore store(harness_.clock());
  CutEverywhere([&](const ops::RequestContext& context,
                    mysql::Session& session) {
    return store.UnmergeByCause(context, session, request, Uuid(), 20).status();
  });
  for (const std::string& id : {a, b, c, d}) {
    EXPECT_EQ(Get(id)->canonical_id(), id);
  }
}

TEST_F(MergeFaultsTest, ARowOfTheReleaseBeforeStandsForItself) {
  // As code that knows nothing of groups adds it.
  harness_.database().Execute(
      "INSERT INTO contacts (tenant_id, contact_id, canonical_id, kind, stage, "
      "display_name, given_name, family_name, owner, details, version, "
      "create_micros, update_micros) VALUES (1, UNHEX(REPEAT('0a', 16)), "
      "UNHEX(REPEAT('0a', 16)), 1, 2, 'Old', '', '', '', '', 3, 0, 0)");
  const std::string old = "0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a";
  const auto contact = Get(old);
  ASSERT_THAT(contact, IsOk());
  EXPECT_EQ(contact->etag(), "3");
  const std::string made = Make();
  Join(made, old);
  EXPECT_EQ(Get(made)->display_name(), "Old");
}

}  // namespace
}  // namespace kith::contacts
