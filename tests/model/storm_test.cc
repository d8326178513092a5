#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "contacts-svc/groups/groups_fixture.h"
#include "tests/model/customer_model.h"
#include "tests/model/test_numbers.h"

namespace kith::model {
namespace {

using ::kith::testing::IsOk;

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
  const int64_t seed = FirstSeed();
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
