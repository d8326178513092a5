#include "gateway/watch/queue_bells.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using changes::v1::Change;

class QueueBellsTest : public ::testing::Test {
 protected:
  std::shared_ptr<QueueBells::Bell> Listen(std::vector<std::string> queues,
                                           uint64_t tenant_id = 1) {
    return bells_.Add(tenant_id, std::move(queues), [this] { ++rung_; });
  }

  // How often the bells ring for the change.
  int Ring(Change change, uint64_t tenant_id = 1) {
    rung_ = 0;
    change.set_tenant_id(tenant_id);
    bells_.Ring(change);
    return rung_;
  }

  static Change Opened(const std::string& queue) {
    Change change;
    change.mutable_action_opened()->set_queue(queue);
    return change;
  }

  QueueBells bells_;
  int rung_ = 0;
};

TEST_F(QueueBellsTest, EachChangeOfAnActionOrALeaseRings) {
  const auto bell = Listen({"service"});
  EXPECT_EQ(Ring(Opened("service")), 1);
  Change changed;
  changed.mutable_action_changed()->set_queue("service");
  EXPECT_EQ(Ring(changed), 1);
  Change ended;
  ended.mutable_action_ended()->set_queue("service");
  EXPECT_EQ(Ring(ended), 1);
  Change leased;
  leased.mutable_contact_leased()->add_queues("sales");
  EXPECT_EQ(Ring(leased), 0);
  leased.mutable_contact_leased()->add_queues("service");
  EXPECT_EQ(Ring(leased), 1);
  Change other;
  other.mutable_contact_updated();
  EXPECT_EQ(Ring(other), 0);
}

TEST_F(QueueBellsTest, OfOneChangeABellRingsOnce) {
  const auto bell = Listen({"service", "sales", "service"});
  Change leased;
  leased.mutable_contact_leased()->add_queues("sales");
  leased.mutable_contact_leased()->add_queues("service");
  EXPECT_EQ(Ring(leased), 1);
}

TEST_F(QueueBellsTest, ABellHearsItsTenantAndQueuesAlone) {
  const auto bell = Listen({"service"});
  const auto any = Listen({QueueBells::kAnyQueue});
  const auto other = Listen({"service"}, 2);
  EXPECT_EQ(Ring(Opened("service")), 2);
  EXPECT_EQ(Ring(Opened("sales")), 1);
  EXPECT_EQ(Ring(Opened("service"), 2), 1);
  EXPECT_EQ(Ring(Opened("service"), 3), 0);
}

TEST_F(QueueBellsTest, WhatIsRemovedHearsNothing) {
  const auto bell = Listen({"service", "sales", "service"});
  const auto stays = Listen({"service"});
  bells_.Remove(bell);
  EXPECT_EQ(Ring(Opened("service")), 1);
  EXPECT_EQ(Ring(Opened("sales")), 0);
}

}  // namespace
}  // namespace kith::gateway
