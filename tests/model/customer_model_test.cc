#include "tests/model/customer_model.h"

#include <cstdlib>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/ops/times.h"
#include "contacts-svc/groups_fixture.h"
#include "google/protobuf/util/message_differencer.h"

namespace kith::model {
namespace {

using contacts::Api;
using contacts::Stub;
using google::protobuf::util::MessageDifferencer;
using ::kith::testing::FakeClock;
using ::kith::testing::IsOk;
using ::testing::SizeIs;

using Harness = testing::ServiceHarness<Api, contacts::ContactsService>;

// The nightly run asks for 10,000.
int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* text = std::getenv(name);
  int64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number
                                                            : otherwise;
}

// A sequence of random calls over a few contacts of its own. After each step,
// all that the service says is what the model says.
class Sequence {
 public:
  Sequence(Harness& harness, uint64_t seed)
      : harness_(harness), random_(seed) {}

  void Run() {
    for (int i = 0; i < 3; ++i) Create();
    for (int step = 0; step < 25 && !::testing::Test::HasFailure(); ++step) {
      harness_.clock().Advance(absl::Milliseconds(1));
      Step();
      Compare();
    }
  }

 private:
  // What may happen, and how often in 100 steps. Other services' calls are
  // added here.
  void Step() {
    static const std::vector<std::pair<int, void (Sequence::*)()>> kSteps = {
        {10, &Sequence::Create},       {20, &Sequence::Update},
        {10, &Sequence::Ensure},       {4, &Sequence::Delete},
        {6, &Sequence::Undelete},      {30, &Sequence::Merge},
        {12, &Sequence::Unmerge},      {4, &Sequence::UnmergeMember},
        {4, &Sequence::UnmergeByCause}};
    int at = Pick(100);
    for (const auto& [weight, step] : kSteps) {
      if (at < weight) return (this->*step)();
      at -= weight;
    }
  }

  int Pick(int below) {
    return static_cast<int>(random_() % static_cast<uint64_t>(below));
  }
  const std::string& PickId() {
    return ids_[Pick(static_cast<int>(ids_.size()))];
  }
  absl::Time Now() { return now_ = harness_.clock().Now(); }

  v1::Actor PickActor() {
    return Pick(2) == 0 ? contacts::Person() : contacts::Job();
  }

  v1::Contact PickFields() {
    v1::Contact fields;
    const auto text = [&] {
      return Pick(3) == 0 ? "" : absl::StrCat("v", Pick(1000));
    };
    fields.set_display_name(text());
    fields.set_given_name(text());
    fields.set_owner(text());
    if (Pick(2) == 0) (*fields.mutable_attributes())["tier"] = text();
    if (Pick(2) == 0) fields.add_labels(absl::StrCat("l", Pick(4)));
    if (Pick(4) == 0) fields.add_roles(v1::ROLE_AFFILIATE);
    fields.set_stage(static_cast<v1::Stage>(1 + Pick(5)));
    if (Pick(3) == 0) *fields.mutable_attribution() = PickAttribution();
    return fields;
  }

  v1::Attribution PickAttribution() {
    v1::Attribution attribution;
    attribution.set_campaign(absl::StrCat("c", Pick(1000)));
    *attribution.mutable_touch_time() =
        ops::ToProto(absl::UnixEpoch() + absl::Microseconds(Pick(1 << 30)));
    return attribution;
  }

  void Create() {
    if (ids_.size() >= 8) return;
    v1::CreateContactRequest request;
    *request.mutable_contact() = PickFields();
    const auto made = harness_.Call(&Stub::CreateContact, request);
    ASSERT_THAT(made, IsOk());
    ids_.push_back(made->contact_id());
    model_.Create(made->contact_id(), request.contact(),
                  ops::FromProto(made->create_time()));
  }

  void Update() {
    static constexpr const char* kPaths[] = {
        "display_name", "given_name", "owner", "attributes",
        "labels",       "roles",      "stage", "attribution"};
    v1::UpdateContactRequest request;
    *request.mutable_contact() = PickFields();
    const std::string path = kPaths[Pick(8)];
    if (path == "attribution") {
      *request.mutable_contact()->mutable_attribution() = PickAttribution();
    }
    request.mutable_contact()->set_contact_id(PickId());
    request.mutable_update_mask()->add_paths(path);
    const std::string& id = request.contact().contact_id();
    const auto updated = harness_.Call(&Stub::UpdateContact, request);
    if (model_.IsDeleted(id)) {
      EXPECT_THAT(updated, contacts::IsRefusedAs("CONTACT_DELETED"));
      return;
    }
    ASSERT_THAT(updated, IsOk());
    // The service's clock is shared with other sequences: what it took is what
    // the written row says, if it is the latest of the group.
    model_.Update(id, path, request.contact(),
                  ops::FromProto(updated->update_time()));
  }

  void Ensure() {
    v1::EnsureContactRequest request;
    request.set_contact_id(PickId());
    request.set_at_least_stage(static_cast<v1::Stage>(Pick(5)));
    if (Pick(2) == 0) {
      *request.mutable_contact()->mutable_attribution() = PickAttribution();
    }
    const auto ensured = harness_.Call(&Stub::EnsureContact, request);
    ASSERT_THAT(ensured, IsOk());
    model_.Ensure(request, ops::FromProto(ensured->contact().update_time()));
  }

  void Delete() {
    v1::DeleteContactRequest request;
    request.set_contact_id(PickId());
    const auto deleted = harness_.Call(&Stub::DeleteContact, request);
    ASSERT_THAT(deleted, IsOk());
    model_.Delete(request.contact_id(), ops::FromProto(deleted->delete_time()));
  }

  void Undelete() {
    v1::UndeleteContactRequest request;
    request.set_contact_id(PickId());
    const auto undeleted = harness_.Call(&Stub::UndeleteContact, request);
    ASSERT_THAT(undeleted, IsOk());
    model_.Undelete(request.contact_id(),
                    ops::FromProto(undeleted->update_time()));
  }

  // Of this sequence alone: causes are the tenant's.
  v1::MergeCause PickCause() {
    return contacts::Cause(v1::MERGE_CAUSE_KIND_IMPORT,
                           absl::StrCat(ids_.front(), "/", Pick(3)));
  }

  void Merge() {
    v1::MergeRequest request = contacts::MergeOf(PickId(), {}, PickActor());
    *request.mutable_cause() = PickCause();
    for (int i = 0; i <= Pick(2); ++i) {
      const std::string& id = PickId();
      if (id == request.survivor_id() ||
          (i == 1 && id == request.absorbed_ids(0))) {
        return;
      }
      request.add_absorbed_ids(id);
    }
    const std::string refusal = model_.Refusal(request);
    const auto merged = harness_.Call(&Stub::Merge, request);
    if (!refusal.empty()) {
      EXPECT_THAT(merged, contacts::IsRefusedAs(refusal));
      return;
    }
    ASSERT_THAT(merged, IsOk());
    ASSERT_EQ(merged->edges_size(), request.absorbed_ids_size());
    for (const v1::MergeEdge& edge : merged->edges()) {
      for (const v1::MergeEdge& other : model_.InForce()) {
        if (model_.CanonicalOf(other.survivor_id()) ==
                model_.CanonicalOf(edge.survivor_id()) ||
            model_.CanonicalOf(other.survivor_id()) ==
                model_.CanonicalOf(edge.absorbed_id())) {
          EXPECT_GT(edge.edge_order(), other.edge_order());
        }
      }
      model_.Merge(edge);
    }
  }

  void Unmerge() {
    const std::vector<v1::MergeEdge> edges = model_.InForce();
    if (edges.empty()) return;
    const v1::MergeEdge& edge = edges[Pick(static_cast<int>(edges.size()))];
    v1::UnmergeRequest request;
    request.set_contact_id(Pick(2) == 0 ? edge.survivor_id()
                                        : edge.absorbed_id());
    request.set_edge_id(edge.edge_id());
    *request.mutable_actor() = PickActor();
    TakeApart(request);
  }

  void UnmergeMember() {
    v1::UnmergeRequest request;
    request.set_contact_id(PickId());
    request.set_all_edges(true);
    *request.mutable_actor() = PickActor();
    TakeApart(request);
  }

  void TakeApart(v1::UnmergeRequest request) {
    request.set_dry_run(true);
    const auto shown = harness_.Call(&Stub::Unmerge, request);
    ASSERT_THAT(shown, IsOk());
    request.set_dry_run(false);
    const auto done = harness_.Call(&Stub::Unmerge, request);
    ASSERT_THAT(done, IsOk());
    EXPECT_EQ(done->group().parts_size(), shown->group().parts_size());
    Apply(request.contact_id(), done->group());
  }

  void UnmergeByCause() {
    v1::UnmergeByCauseRequest request;
    *request.mutable_cause() = PickCause();
    *request.mutable_actor() = PickActor();
    request.set_page_size(1 + Pick(3));
    do {
      const auto page = harness_.Call(&Stub::UnmergeByCause, request);
      ASSERT_THAT(page, IsOk());
      for (const v1::UnmergedGroup& group : page->groups()) {
        ASSERT_GT(group.removed_edges_size(), 0);
        Apply(group.removed_edges(0).survivor_id(), group);
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    for (const v1::MergeEdge& edge : model_.InForce()) {
      EXPECT_NE(edge.cause().value(), request.cause().value());
    }
  }

  // What the service says it has done is done in the model too, and compared.
  void Apply(const std::string& id, const v1::UnmergedGroup& group) {
    const std::set<std::string> before = model_.GroupOf(id);
    for (const v1::MergeEdge& edge : group.removed_edges()) {
      EXPECT_TRUE(before.contains(edge.survivor_id()));
      model_.Unmerge(edge.edge_id(), edge.reversal());
    }
    std::set<std::string> parts;
    for (const std::string& member : before) {
      parts.insert(model_.CanonicalOf(member));
    }
    EXPECT_EQ(group.parts_size(), static_cast<int>(parts.size()));
    for (const v1::GroupPart& part : group.parts()) {
      EXPECT_TRUE(parts.contains(part.canonical_id()));
      EXPECT_EQ(std::set<std::string>(part.member_ids().begin(),
                                      part.member_ids().end()),
                model_.GroupOf(part.canonical_id()));
    }
    const std::vector<v1::MergeEdge> still(group.still_joined_by().begin(),
                                           group.still_joined_by().end());
    const auto joined = Fold({ids_.begin(), ids_.end()}, still);
    for (const v1::MergeEdge& edge : group.removed_edges()) {
      EXPECT_EQ(joined.at(edge.survivor_id()) == joined.at(edge.absorbed_id()),
                model_.CanonicalOf(edge.survivor_id()) ==
                    model_.CanonicalOf(edge.absorbed_id()));
    }
  }

  void Compare() {
    v1::BatchGetContactsRequest request;
    for (const std::string& id : ids_) request.add_contact_ids(id);
    const auto found = harness_.Call(&Stub::BatchGetContacts, request);
    ASSERT_THAT(found, IsOk());
    ASSERT_THAT(found->contacts(), SizeIs(static_cast<int>(ids_.size())));
    for (v1::Contact contact : found->contacts()) {
      const std::string etag = contact.etag();
      contact.clear_etag();
      const v1::Contact expected = model_.Get(contact.contact_id());
      EXPECT_TRUE(MessageDifferencer::Equals(contact, expected))
          << contact.DebugString() << "want\n"
          << expected.DebugString();
      v1::Contact& known = known_[contact.contact_id()];
      if (!MessageDifferencer::Equals(known, contact)) {
        EXPECT_TRUE(etags_.insert(contact.contact_id() + etag).second);
      }
      known = contact;
      if (contact.contact_id() == contact.canonical_id()) {
        CompareHistory(contact.contact_id());
      }
    }
  }

  void CompareHistory(const std::string& id) {
    const auto expected = model_.History(id);
    v1::ListMergeHistoryRequest request;
    request.set_contact_id(id);
    request.set_page_size(1 + Pick(20));
    size_t seen = 0;
    do {
      const auto page = harness_.Call(&Stub::ListMergeHistory, request);
      ASSERT_THAT(page, IsOk());
      for (const v1::MergeEdge& edge : page->edges()) {
        ++seen;
        const auto it = expected.find(edge.edge_id());
        ASSERT_NE(it, expected.end());
        EXPECT_TRUE(MessageDifferencer::Equals(edge, it->second))
            << edge.DebugString() << "want\n"
            << it->second.DebugString();
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(seen, expected.size());
  }

  Harness& harness_;
  std::mt19937_64 random_;
  absl::Time now_;
  CustomerModel model_;
  std::vector<std::string> ids_;
  // As they were when last read, with the etags that were seen.
  std::map<std::string, v1::Contact> known_;
  std::set<std::string> etags_;
};

TEST(CustomerModelTest, RandomSequencesAgreeWithTheModel) {
  Harness harness(contacts::Schema());
  const int64_t sequences = FromEnvironment("KITH_MODEL_SEQUENCES", 100);
  const int64_t first =
      FromEnvironment("KITH_MODEL_SEED",
                      static_cast<int64_t>(std::random_device()()) * 1'000'000);
  for (int64_t i = 0; i < sequences && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(
        absl::StrCat("KITH_MODEL_SEQUENCES=1 KITH_MODEL_SEED=", first + i));
    Sequence(harness, static_cast<uint64_t>(first + i)).Run();
  }
  std::printf("%lld sequences agree with the model, from seed %lld\n",
              static_cast<long long>(sequences), static_cast<long long>(first));
}

// All do what they like with the same contacts; what remains is the fold over
// the edges in force, in their order.
class Storm : public contacts::GroupsTest {
 protected:
  void Blow(uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto pick = [&] { return ids_[random() % ids_.size()]; };
    for (int step = 0; step < 60; ++step) {
      const std::string id = pick();
      switch (random() % 5) {
        case 0:
          EXPECT_THAT(Unmerge(UnmergeOf(id)), IsOk());
          break;
        case 1:
          EXPECT_THAT(Rename(id, absl::StrCat("n", step)), IsOk());
          break;
        case 2:
          EXPECT_THAT(Ensure(id, v1::STAGE_CUSTOMER), IsOk());
          break;
        default:
          if (const std::string other = pick(); other != id) {
            EXPECT_THAT(Merge(contacts::MergeOf(id, {other})), IsOk());
          }
      }
      const auto read = Get(pick());
      ASSERT_THAT(read, IsOk());
      // Never half a group: its canonical contact is a member, each once.
      EXPECT_EQ(read->member_ids(0), read->canonical_id());
      EXPECT_EQ(std::set<std::string>(read->member_ids().begin(),
                                      read->member_ids().end())
                    .size(),
                static_cast<size_t>(read->member_ids_size()));
    }
  }

  std::vector<std::string> ids_;
};

TEST_F(Storm, EndsInTheFoldOverTheEdgesInForce) {
  const int64_t seed = FromEnvironment(
      "KITH_MODEL_SEED", static_cast<int64_t>(std::random_device()()));
  SCOPED_TRACE(absl::StrCat("KITH_MODEL_SEED=", seed));
  for (int i = 0; i < 10; ++i) ids_.push_back(Make());
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back(
        [this, seed, t] { Blow(static_cast<uint64_t>(seed + t)); });
  }
  for (std::thread& thread : threads) thread.join();
  std::map<std::pair<int64_t, std::string>, v1::MergeEdge> in_force;
  for (const std::string& id : ids_) {
    for (const v1::MergeEdge& edge : History(id, 500)) {
      if (edge.has_reversal()) continue;
      in_force[{edge.edge_order(), edge.edge_id()}] = edge;
    }
  }
  std::vector<v1::MergeEdge> edges;
  for (const auto& [order, edge] : in_force) edges.push_back(edge);
  const auto canonical = Fold({ids_.begin(), ids_.end()}, edges);
  int64_t others = 0;
  for (const auto& [id, stands_for] : canonical) {
    const auto contact = Get(id);
    ASSERT_THAT(contact, IsOk());
    EXPECT_EQ(contact->canonical_id(), stands_for);
    int size = 0;
    for (const auto& [other, its] : canonical) {
      if (its == stands_for) ++size;
    }
    EXPECT_EQ(contact->member_ids_size(), size);
    if (id != stands_for) ++others;
  }
  EXPECT_EQ(Rows("group_members"), others);
}

}  // namespace
}  // namespace kith::model
