#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/mysql/migrations.h"
#include "common/testing/cut_everywhere.h"
#include "contacts-svc/contact_store.h"
#include "contacts-svc/groups/group_reader.h"
#include "contacts-svc/groups/groups_fixture.h"
#include "contacts-svc/groups/merge_store.h"
#include "contacts-svc/groups/unmerge_store.h"
#include "contacts-svc/schema.h"
#include "contacts-svc/suggestions/suggestion_decision.h"
#include "contacts-svc/suggestions/suggestion_store.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using ::kith::testing::IsOk;

// Cuts the connection before each message of a call in turn, for good, so that
// the call fails there; what is left is what was there before, or all of it,
// and a repeat ends with one effect.
class MergeFaultsTest : public GroupsTest {
 protected:
  using Call = std::function<absl::Status(const mysql::Tx&)>;

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
          "FROM not_same ORDER BY contact_id, other_id",
          "SELECT CONCAT_WS('/', HEX(match_key), HEX(contact_id)) "
          "FROM match_keys ORDER BY match_key, contact_id",
          "SELECT CONCAT_WS('/', HEX(contact_id), HEX(other_id), state, "
          "HEX(details)) FROM suggestions ORDER BY contact_id, other_id"}) {
      EXPECT_THAT(session.Query(sql, {},
                                [&](const mysql::Row& row) {
                                  state += row.Bytes(0) + "\n";
                                }),
                  IsOk());
    }
    return state;
  }

  static v1::Contact Ada(const std::string& postcode) {
    v1::Contact contact;
    contact.set_display_name("Ada King");
    (*contact.mutable_attributes())["birthday"] = "1815-12-10";
    (*contact.mutable_attributes())["postcode"] = postcode;
    return contact;
  }

  std::string MakeAda(const std::string& postcode) {
    harness_.clock().Advance(absl::Milliseconds(1));
    v1::CreateContactRequest request;
    *request.mutable_contact() = Ada(postcode);
    return harness_.Call(&Stub::CreateContact, request)->contact_id();
  }

  // Answers how many cuts it took to come to the end.
  int CutEverywhere(const Call& call) {
    return testing::CutEverywhere(
        harness_.database().options(),
        [&](mysql::Session& session, absl::Time deadline) {
          const mysql::TenantTx tx(session, 1, harness_.clock().Now(),
                                   deadline);
          return call(tx);
        },
        [&] { return State(); });
  }
};

TEST_F(MergeFaultsTest, NoHalfMerge) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make();
  Join(a, b);
  Join(c, d);
  v1::MergeContactsRequest request = MergeOf(b, {d, c}, Job());
  request.set_request_id("merge-cut");
  const MergeStore store;
  const int cuts = CutEverywhere(
      [&](const mysql::Tx& tx) { return store.Merge(tx, request).status(); });
  EXPECT_GT(cuts, 20);
  EXPECT_EQ(Get(d)->canonical_id(), a);
  EXPECT_EQ(History(a).size(), 4u);
}

TEST_F(MergeFaultsTest, NoHalfSuggestion) {
  const std::string a = MakeAda("12345"), b = MakeAda("");
  const ContactStore contacts;
  v1::CreateContactRequest create;
  create.set_contact_id("0192f0c1-2a3b-7c4d-8e5f-ffffffffffff");
  *create.mutable_contact() = Ada("12345");
  const int cuts = CutEverywhere([&](const mysql::Tx& tx) {
    return contacts.Create(tx, create).status();
  });
  EXPECT_GT(cuts, 15);
  EXPECT_EQ(Rows("suggestions"), 6);
}

TEST_F(MergeFaultsTest, NoHalfSuggestionByTouch) {
  const std::string a = MakeAda(""), b = Make(), c = MakeAda("");
  const ContactStore contacts;
  v1::EnsureContactRequest ensure;
  ensure.set_contact_id(a);
  for (const std::string& id : {b, c}) {
    v1::Companion& companion = *ensure.add_companions();
    companion.set_contact_id(id);
    companion.set_value("phone +14155552671");
  }
  const int cuts = CutEverywhere([&](const mysql::Tx& tx) {
    return contacts.Ensure(tx, ensure).status();
  });
  EXPECT_GT(cuts, 15);
  EXPECT_EQ(Rows("suggestions"), 4);
}

TEST_F(MergeFaultsTest, NoHalfDecision) {
  const std::string a = MakeAda(""), b = MakeAda(""), c = MakeAda("");
  const MergeStore merges;
  const SuggestionStore store(merges);
  v1::ConfirmSuggestionRequest confirm;
  confirm.set_suggestion_id(a + "." + b);
  *confirm.mutable_actor() = Person();
  confirm.set_request_id("confirm-cut");
  int cuts = CutEverywhere(
      [&](const mysql::Tx& tx) { return store.Confirm(tx, confirm).status(); });
  EXPECT_GT(cuts, 20);
  EXPECT_EQ(History(a).size(), 1u);
  v1::RejectSuggestionRequest reject;
  reject.set_suggestion_id(a + "." + c);
  *reject.mutable_actor() = Person();
  reject.set_request_id("reject-cut");
  cuts = CutEverywhere(
      [&](const mysql::Tx& tx) { return store.Reject(tx, reject).status(); });
  EXPECT_GT(cuts, 10);
  EXPECT_EQ(Rows("not_same"), 2);
}

TEST_F(MergeFaultsTest, NoHalfUnmerge) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make();
  Join(a, b);
  const std::string edge = Join(c, d);
  Join(b, c);
  v1::UnmergeContactsRequest request = UnmergeOf(b);
  request.set_request_id("unmerge-cut");
  const UnmergeStore store(RejectIfOpen);
  const int cuts = CutEverywhere(
      [&](const mysql::Tx& tx) { return store.Unmerge(tx, request).status(); });
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
  v1::UndoMergesRequest request;
  *request.mutable_cause() = Cause(v1::MERGE_CAUSE_KIND_RULE, "same name");
  *request.mutable_actor() = Job();
  const UnmergeStore store(RejectIfOpen);
  CutEverywhere([&](const mysql::Tx& tx) {
    return store.UndoMerges(tx, request).status();
  });
  for (const std::string& id : {a, b, c, d}) {
    EXPECT_EQ(Get(id)->canonical_id(), id);
  }
}

TEST(GroupMigrationsTest, ARowOfTheReleaseBeforeStandsForItself) {
  const mysql::Schema before(Schema().begin(), Schema().begin() + 2);
  const testing::TestDatabase database(before);
  // By code that knows nothing of groups, which goes on beside ours for a
  // while.
  const auto insert = [&](const std::string& id) {
    database.Execute(absl::StrCat(
        "INSERT INTO contacts (tenant_id, contact_id, canonical_id, kind, "
        "stage, display_name, given_name, family_name, owner, details, "
        "version, create_micros, update_micros) VALUES (1, UNHEX(REPEAT('",
        id, "', 16)), UNHEX(REPEAT('", id,
        "', 16)), 1, 2, 'Old', '', '', '', '', 3, 0, 0)"));
  };
  insert("0a");
  mysql::Session session(database.options());
  ASSERT_THAT(mysql::Migrate(session, Schema()), IsOk());
  insert("0b");
  for (const char* id : {"0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a",
                         "0b0b0b0b-0b0b-0b0b-0b0b-0b0b0b0b0b0b"}) {
    const auto contact =
        ReadContact(mysql::TenantTx(session, 1, absl::Now()), *Uuid::Parse(id));
    ASSERT_THAT(contact, IsOk());
    EXPECT_EQ(contact->display_name(), "Old");
    EXPECT_EQ(contact->etag(), "3");
    EXPECT_EQ(contact->member_ids_size(), 1);
  }
}

}  // namespace
}  // namespace kith::contacts
