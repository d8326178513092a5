#include "contacts-svc/groups/group_fold.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Uuid IdOf(char name) { return Uuid::FromBytes(std::string(16, name)); }

std::vector<Uuid> Ids(const std::string& names) {
  std::vector<Uuid> ids;
  for (const char name : names) ids.push_back(IdOf(name));
  return ids;
}

// "ab" is an edge by which a absorbs b; their orders are 1, 2, 3, ...
std::vector<FoldEdge> Edges(const std::vector<std::string>& pairs) {
  std::vector<FoldEdge> edges;
  for (const std::string& pair : pairs) {
    const int64_t order = static_cast<int64_t>(edges.size()) + 1;
    edges.push_back({IdOf(pair[0]), IdOf(pair[1]), order});
  }
  return edges;
}

// The parts as text: "a:abc b:b".
std::string Parts(const GroupFold& fold) {
  std::string text;
  for (const FoldPart& part : fold.Parts()) {
    absl::StrAppend(&text, text.empty() ? "" : " ",
                    std::string(1, part.canonical.bytes()[0]), ":");
    for (const Uuid& id : part.members) {
      text.push_back(id.bytes()[0]);
    }
  }
  return text;
}

std::string Fold(const std::string& members,
                 const std::vector<std::string>& pairs) {
  return Parts(GroupFold(Ids(members), Edges(pairs)));
}

TEST(GroupFoldTest, WithoutEdgesEachStandsForItself) {
  EXPECT_EQ(Fold("abc", {}), "a:a b:b c:c");
}

TEST(GroupFoldTest, TheSurvivorsSideWins) {
  EXPECT_EQ(Fold("ab", {"ab"}), "a:ab");
  EXPECT_EQ(Fold("ab", {"ba"}), "b:ab");
  // c is named, and a stands for it.
  EXPECT_EQ(Fold("abcd", {"ac", "cd"}), "a:acd b:b");
  // A large side goes into a small one.
  EXPECT_EQ(Fold("abcdef", {"ab", "ac", "ad", "ae", "fa"}), "f:abcdef");
}

TEST(GroupFoldTest, AnEdgeWithinAGroupChangesNothing) {
  EXPECT_EQ(Fold("abc", {"ab", "bc", "ca"}), "a:abc");
}

TEST(GroupFoldTest, GoesByOrderAndNotByPosition) {
  std::vector<FoldEdge> edges = Edges({"ab", "cb"});
  EXPECT_EQ(Parts(GroupFold(Ids("abc"), edges)), "c:abc");
  std::swap(edges[0].order, edges[1].order);
  EXPECT_EQ(Parts(GroupFold(Ids("abc"), edges)), "a:abc");
}

TEST(GroupFoldTest, WithoutAnEdgeTheCanonicalOneOfAWholeGroupMayChange) {
  EXPECT_EQ(Fold("abc", {"ab", "ca", "bc"}), "c:abc");
  // Without the second edge, the third has joined c, and a has won.
  EXPECT_EQ(Fold("abc", {"ab", "bc"}), "a:abc");
}

TEST(GroupFoldTest, CountsTheEdgesOfEachPart) {
  const GroupFold fold(Ids("abcd"), Edges({"ab", "ba", "cd"}));
  ASSERT_EQ(fold.Parts().size(), 2u);
  EXPECT_EQ(fold.Parts()[0].edges, 2);
  EXPECT_EQ(fold.Parts()[1].edges, 1);
}

TEST(GroupFoldTest, APathGoesOverTheEdgesThatJoined) {
  // 0: ab, 1: bc, 2: ca (redundant), 3: cd.
  const GroupFold fold(Ids("abcde"), Edges({"ab", "bc", "ca", "cd"}));
  EXPECT_THAT(fold.Path(IdOf('a'), IdOf('d')), ElementsAre(0, 1, 3));
  EXPECT_THAT(fold.Path(IdOf('d'), IdOf('a')), ElementsAre(0, 1, 3));
  EXPECT_THAT(fold.Path(IdOf('a'), IdOf('a')), IsEmpty());
  EXPECT_THAT(fold.Path(IdOf('a'), IdOf('e')), IsEmpty());
  EXPECT_THAT(fold.Path(IdOf('a'), IdOf('x')), IsEmpty());
  EXPECT_TRUE(fold.Joined(IdOf('a'), IdOf('d')));
  EXPECT_FALSE(fold.Joined(IdOf('a'), IdOf('e')));
  EXPECT_FALSE(fold.Joined(IdOf('x'), IdOf('a')));
}

TEST(GroupFoldTest, TheGreatestGroupIsFoldedInALine) {
  std::vector<Uuid> members;
  std::vector<FoldEdge> edges;
  for (int i = 0; i < 10'000; ++i) {
    members.push_back(Uuid::MakeFrom(absl::UnixEpoch(), absl::StrCat(i)));
    if (i == 0) continue;
    edges.push_back({members[i], members[i - 1], i});
  }
  const Uuid first = members.front();
  const Uuid last = members.back();
  const GroupFold fold(members, edges);
  ASSERT_EQ(fold.Parts().size(), 1u);
  EXPECT_EQ(fold.Parts()[0].canonical, last);
  EXPECT_EQ(fold.Path(first, last).size(), 9'999u);
}

}  // namespace
}  // namespace kith::contacts
