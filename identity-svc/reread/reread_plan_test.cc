#include "identity-svc/reread/reread_plan.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace kith::identity {
namespace {

Holding HoldingOf(char contact, bool open) {
  Holding holding;
  holding.contact_id = base::Uuid::FromBytes(std::string(16, contact));
  if (!open) holding.end_micros = 7;
  return holding;
}

// Holdings as a word: a small letter is an open holding of that contact, a
// capital one that has ended.
Holdings HoldingsOf(const std::string& word) {
  Holdings holdings;
  for (const char c : word) {
    const bool open = c >= 'a';
    holdings.push_back(HoldingOf(open ? c : static_cast<char>(c + 32), open));
  }
  return holdings;
}

struct RereadCase {
  const char* value;
  const char* stored_as;
  const char* holdings;
  const char* there;
  const char* want;
};

const RereadCase kRereadCases[] = {
    {"alice", "alice", "a", "", "unchanged"},
    {"@Alice", "alice", "a", "", "unchanged"},
    {"@Alice", "@alice", "a", "", "moves"},
    {"@Alice", "@alice", "Ba", "", "moves"},
    {"@Alice", "@alice", "A", "", "moves"},
    {"@Alice", "@alice", "", "", "moves"},
    {"@Alice", "@alice", "a", "a", "joins"},
    {"@Alice", "@alice", "Ba", "a", "joins"},
    {"@Alice", "@alice", "a", "B", "joins"},
    {"@Alice", "@alice", "a", "b", "collides"},
    {"@Alice", "@alice", "a", "Ab", "collides"},
    {"@Alice", "@alice", "A", "b", "past"},
    {"@Alice", "@alice", "A", "B", "past"},
    {"null", "null", "a", "", "refused"},
};

TEST(RereadPlanTest, SaysWhatBecomesOfAnIdentity) {
  for (const RereadCase& one : kRereadCases) {
    SCOPED_TRACE(std::string(one.value) + " " + one.stored_as + " " +
                 one.holdings + " " + one.there);
    StoredValue stored;
    stored.holdings = HoldingsOf(one.holdings);
    stored.identity.set_channel(v1::CHANNEL_SOCIAL);
    stored.identity.set_namespace_("x");
    stored.identity.set_value(one.value);
    stored.identity.set_normalized_value(one.stored_as);
    stored.identity.set_identity_key(
        IdentityKey(v1::CHANNEL_SOCIAL, "x", one.stored_as));
    const Reading today = ReadAgain(stored.identity, config::v1::Tenant());
    EXPECT_EQ(Name(PlanRereading(stored, today, HoldingsOf(one.there))),
              one.want);
  }
}

}  // namespace
}  // namespace kith::identity
