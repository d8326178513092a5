#include "interactions-svc/actions/queue_waits.h"

#include <memory>
#include <string>
#include <vector>

#include "common/mysql/session.h"
#include "common/ops/metrics.h"
#include "gmock/gmock.h"
#include "interactions-svc/actions_fixture.h"

namespace kith::interactions {
namespace {

using ::kith::testing::IsOk;

class QueueWaitsTest : public ActionsFixture {
 protected:
  QueueWaitsTest() {
    const config::v1::TenantsFile file = testing::TestTenantsFile();
    for (const config::v1::Tenant& tenant : file.tenants()) {
      tenants_.push_back(std::make_shared<const config::v1::Tenant>(tenant));
    }
  }

  void Export() {
    EXPECT_THAT(waits_.Export(session_, tenants_, Now()), IsOk());
  }

  static double FirstRank(const std::string& queue,
                          const std::string& tenant = "demo") {
    return ops::Gauge("kith_queue_first_rank_timestamp_seconds", "",
                      {{"tenant", tenant}, {"queue", queue}})
        .Value();
  }

  static double Seconds(absl::Time time) {
    return absl::ToDoubleSeconds(time - absl::UnixEpoch());
  }

  mysql::Session session_{harness_.database().options()};
  std::vector<std::shared_ptr<const config::v1::Tenant>> tenants_;
  QueueWaits waits_;
};

TEST_F(QueueWaitsTest, TheFirstThatWaitsIsExportedForEachQueue) {
  ASSERT_THAT(session_.Connect(), IsOk());
  Export();
  EXPECT_EQ(FirstRank("service"), 0);
  Say(Missed("m", 7));
  Say(Missed("n", 3, kBob));
  Say(Lead("l", 20));
  Say(Missed("o", 1), testing::kOther);
  Export();
  EXPECT_EQ(FirstRank("service"), Seconds(Noon() + absl::Minutes(63)));
  EXPECT_EQ(FirstRank("sales"), Seconds(Noon() + absl::Minutes(50)));
  EXPECT_EQ(FirstRank("review"), 0);
  EXPECT_EQ(FirstRank("service", "other"), Seconds(Noon() + absl::Minutes(61)));
}

TEST_F(QueueWaitsTest, WhoIsDealtWithWaitsForNobody) {
  ASSERT_THAT(session_.Connect(), IsOk());
  Say(Missed("m"));
  EXPECT_THAT(Given("sam"), ::testing::ElementsAre(kAda));
  const absl::Time end = Now() + absl::Minutes(5);
  Export();
  EXPECT_EQ(FirstRank("service"), 0);
  // The lease ends by time, and nothing is written.
  harness_.clock().Advance(absl::Minutes(5));
  Export();
  EXPECT_EQ(FirstRank("service"), Seconds(end));
  Say(CalledBack("c", 30));
  Export();
  EXPECT_EQ(FirstRank("service"), 0);
}

TEST_F(QueueWaitsTest, ATenantThatIsGoneWaitsForNobody) {
  ASSERT_THAT(session_.Connect(), IsOk());
  Say(Missed("m"));
  Export();
  EXPECT_GT(FirstRank("service"), 0);
  tenants_.clear();
  Export();
  EXPECT_EQ(FirstRank("service"), 0);
}

}  // namespace
}  // namespace kith::interactions
