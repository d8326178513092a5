#include "contacts-svc/groups/unmerge_answer.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::contacts {
namespace {

constexpr int kMany = 4'000;

// About 1 kB.
v1::MergeEdge Edge() {
  v1::MergeEdge edge;
  edge.set_reason(std::string(1'000, 'x'));
  return edge;
}

TEST(UnmergeAnswerTest, WhatFitsStaysAsItIs) {
  v1::UnmergedGroup group;
  for (int i = 0; i < 1'500; ++i) {
    *group.add_removed_edges() = Edge();
    *group.add_still_joined_by() = Edge();
  }
  group.add_parts();
  v1::UnmergedGroup wanted = group;
  Bound(group);
  EXPECT_EQ(group.removed_edge_count(), 1'500);
  EXPECT_EQ(group.part_count(), 1);
  EXPECT_EQ(group.still_joined_by_count(), 1'500);
  wanted.set_removed_edge_count(1'500);
  wanted.set_part_count(1);
  wanted.set_still_joined_by_count(1'500);
  EXPECT_EQ(group.SerializeAsString(), wanted.SerializeAsString());
}

TEST(UnmergeAnswerTest, EachListIsCutAndCounted) {
  v1::UnmergedGroup group;
  for (int i = 0; i < kMany; ++i) {
    *group.add_removed_edges() = Edge();
    *group.add_still_joined_by() = Edge();
    v1::GroupPart& part = *group.add_parts();
    for (int n = 0; n < 27; ++n) part.add_member_ids(std::string(36, 'x'));
  }
  Bound(group);
  EXPECT_LE(group.ByteSizeLong(), kGroupBytes);
  for (const int listed : {group.removed_edges_size(), group.parts_size(),
                           group.still_joined_by_size()}) {
    EXPECT_GT(listed, 900);
    EXPECT_LT(listed, 1'100);
  }
  for (const int64_t count : {group.removed_edge_count(), group.part_count(),
                              group.still_joined_by_count()}) {
    EXPECT_EQ(count, kMany);
  }
}

TEST(UnmergeAnswerTest, AShortListIsNotCut) {
  v1::UnmergedGroup group;
  for (int i = 0; i < kMany; ++i) *group.add_removed_edges() = Edge();
  for (int i = 0; i < 10; ++i) *group.add_still_joined_by() = Edge();
  group.add_parts();
  Bound(group);
  EXPECT_LT(group.removed_edges_size(), kMany);
  EXPECT_EQ(group.parts_size(), 1);
  EXPECT_EQ(group.still_joined_by_size(), 10);
}

}  // namespace
}  // namespace kith::contacts
