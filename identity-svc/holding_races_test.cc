#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/testing/lookup_tables.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_service_fixture.h"
#include "identity-svc/lookups.h"
#include "identity-svc/sharing/sharing.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

constexpr int kThreads = 32;
constexpr int kRacedValues = 2'000;
constexpr int kCallsOfThread = 200;

class HoldingRacesTest : public IdentityServiceTest {
 protected:
  static std::string NameOf(int value) { return absl::StrCat("race-", value); }

  // One thread: calls at random, few of which succeed, as others were first.
  void CallAtRandom(int thread) {
    std::mt19937 random(thread);
    const auto pick = [&](int below) {
      return static_cast<int>(random() % static_cast<unsigned>(below));
    };
    const std::vector<std::string> contacts = {kAda, kBob, kCleo};
    for (int i = 0; i < kCallsOfThread; ++i) {
      // Half of the calls meet on few values.
      const v1::ChannelValue value =
          External("crm", NameOf(pick(2) == 0 ? pick(kRacedValues) : pick(20)));
      const std::string& one = contacts[pick(3)];
      const std::string& other = contacts[pick(3)];
      const absl::Time time = Now() - absl::Minutes(pick(1'000));
      switch (pick(6)) {
        case 0:
          EXPECT_THAT(ClaimAt(one, value, time), IsOk());
          break;
        case 1:
          Check(Link(one, value));
          break;
        case 2:
          Check(EndAt(one, value, time));
          break;
        case 3:
          Check(Share(one, value));
          break;
        case 4:
          Check(Unshare(one, value, pick(2) == 0));
          break;
        default:
          Check(Move(one, other, value, time, pick(2) == 0));
      }
    }
  }

  // What a race may end with: who is first has changed the holder.
  template <typename Answer>
  static void Check(const Answer& answer) {
    const absl::Status& status = answer.status();
    EXPECT_TRUE(status.ok() || absl::IsNotFound(status) ||
                absl::IsAlreadyExists(status) ||
                absl::IsFailedPrecondition(status))
        << status;
  }

  absl::StatusOr<v1::UnlinkIdentityResponse> EndAt(
      const std::string& contact, const v1::ChannelValue& value,
      absl::Time time) {
    v1::UnlinkIdentityRequest request;
    request.set_contact_id(contact);
    *request.mutable_value() = value;
    *request.mutable_end_time() = base::ToProto(time);
    return harness_.Call(&Stub::UnlinkIdentity, request);
  }

  absl::StatusOr<v1::ShareIdentityResponse> Share(
      const std::string& contact, const v1::ChannelValue& value) {
    v1::ShareIdentityRequest request;
    *request.mutable_value() = value;
    request.add_contact_ids(contact);
    request.set_proposed_stand_in_contact_id(
        base::Uuid::MakeFrom(absl::UnixEpoch(), value.value()).ToString());
    return harness_.Call(&Stub::ShareIdentity, request);
  }

  absl::StatusOr<v1::UnshareIdentityResponse> Unshare(
      const std::string& contact, const v1::ChannelValue& value, bool keep) {
    v1::UnshareIdentityRequest request;
    *request.mutable_value() = value;
    if (keep) {
      request.set_keep_contact_id(contact);
    } else {
      request.set_remove_contact_id(contact);
    }
    return harness_.Call(&Stub::UnshareIdentity, request);
  }

  absl::StatusOr<v1::MoveIdentityResponse> Move(const std::string& from,
                                                const std::string& to,
                                                const v1::ChannelValue& value,
                                                absl::Time time,
                                                bool never_theirs) {
    v1::MoveIdentityRequest request;
    request.set_from_contact_id(from);
    request.set_to_contact_id(to);
    *request.mutable_value() = value;
    request.set_never_theirs(never_theirs);
    if (!never_theirs) *request.mutable_from_time() = base::ToProto(time);
    return harness_.Call(&Stub::MoveIdentity, request);
  }
};

void CheckHistory(const Holdings& holdings) {
  ASSERT_FALSE(holdings.empty());
  EXPECT_EQ(holdings.front().start_micros, kFromEver);
  for (size_t i = 0; i < holdings.size(); ++i) {
    const bool is_last = i + 1 == holdings.size();
    EXPECT_EQ(IsShared(holdings[i]),
              !SharersOf(holdings[i].details.sharing()).empty());
    if (!holdings[i].end_micros.has_value()) {
      EXPECT_TRUE(is_last) << "two current holders";
      continue;
    }
    EXPECT_GE(*holdings[i].end_micros, holdings[i].start_micros);
    if (is_last) continue;
    EXPECT_GE(holdings[i + 1].start_micros, *holdings[i].end_micros);
    EXPECT_GT(holdings[i + 1].start_micros, holdings[i].start_micros);
  }
}

TEST_F(HoldingRacesTest, EachValueHasOneHolderAndAHistoryWithoutOverlaps) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([this, i] { CallAtRandom(i); });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<std::string> keys;
  for (int i = 0; i < kRacedValues; ++i) {
    keys.push_back(IdentityKey(v1::CHANNEL_EXTERNAL, "crm", NameOf(i)));
  }
  testing::OpenTransaction reader(harness_.database());
  const mysql::TenantTx tx(reader.session(), 1, absl::Now());
  const auto histories = SelectHoldings(tx, keys);
  ASSERT_THAT(histories, IsOk());
  EXPECT_GT(histories->size(), kRacedValues / 3);
  for (const auto& [key, holdings] : *histories) CheckHistory(holdings);
  reader.Commit();
  const testing::LookupTables lookups(harness_.database(), harness_.clock(),
                                      Lookups());
  lookups.ExpectAllClean();
}

}  // namespace
}  // namespace kith::identity
