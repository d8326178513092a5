#include "identity-svc/touch_owner.h"

#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "identity-svc/claim_plan.h"
#include "identity-svc/sharing/sharing.h"

namespace kith::identity {
namespace {

using base::Uuid;
using ::testing::Ge;
using ::testing::SizeIs;

constexpr int64_t kNowInTable = 1'000'000'000;

// A row of the table in README.md.
struct TouchCase {
  std::string key;
  std::vector<std::string> values;
  std::string owner;
  std::string outcomes;
};

std::vector<TouchCase> ReadTable() {
  std::vector<TouchCase> cases;
  std::ifstream file(KITH_IDENTITY_README);
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells = absl::StrSplit(line, '|');
    if (cells.size() != 6) continue;
    for (std::string& cell : cells) absl::StripAsciiWhitespace(&cell);
    config::v1::Assurance assurance = config::v1::ASSURANCE_UNSPECIFIED;
    if (!config::v1::Assurance_Parse(absl::StrCat("ASSURANCE_", cells[1]),
                                     &assurance)) {
      continue;
    }
    cases.push_back({.key = cells[1],
                     .values = absl::StrSplit(cells[2], ", "),
                     .owner = cells[3],
                     .outcomes = cells[4]});
  }
  return cases;
}

Uuid IdOf(const std::string& name) {
  return Uuid::MakeFrom(absl::UnixEpoch(), name);
}

// The people of the table, with what they hold beside the values of a touch.
FactsByHolder People() {
  const ValueKind email{v1::CHANNEL_EMAIL, ""}, phone{v1::CHANNEL_PHONE, ""},
      handle{v1::CHANNEL_SOCIAL, "x"}, shop{v1::CHANNEL_EXTERNAL, "shop"},
      visitor{v1::CHANNEL_VISITOR, ""};
  FactsByHolder people;
  people[IdOf("Ada")].held = {{email, 1}, {phone, 1}};
  people[IdOf("Bob")].held = {{email, 1}, {phone, 1}};
  people[IdOf("Fay")].held = {{email, 3}, {phone, 3}, {handle, 3}};
  people[IdOf("Sam")].held = {{shop, 1}};
  people[IdOf("Code")].held = {{{v1::CHANNEL_PHONE, "", true}, 1}};
  people[IdOf("Form")].held = {{email, 1}};
  people[IdOf("Guest")] = {.guest = true, .held = {{visitor, 1}}};
  people[IdOf("Vis")] = {.anonymous = true, .held = {{visitor, 1}}};
  return people;
}

// Adds a value such as "EXTERNAL/shop Ada" or "PHONE/text new" to a touch.
void AddValue(const std::string& text, TouchClaim& claim,
              StoredValues& stored) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, ' ');
  const std::pair<std::string, std::string> kind =
      absl::StrSplit(parts.first, absl::MaxSplits('/', 1));
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  ASSERT_TRUE(v1::Channel_Parse(absl::StrCat("CHANNEL_", kind.first), &channel))
      << text;
  const bool is_text = kind.second == "text";
  const std::string name_space = is_text ? "" : kind.second;
  const std::string value =
      absl::StrCat(is_text ? "" : "+", claim.readings.size());
  Reading reading;
  reading.identity.set_channel(channel);
  reading.identity.set_namespace_(name_space);
  reading.identity.set_normalized_value(value);
  reading.identity.set_identity_key(IdentityKey(channel, name_space, value));
  claim.readings.push_back(reading);
  if (parts.second == "new") return;
  Holding holding;
  holding.contact_id = IdOf(parts.second);
  holding.assurance = parts.second == "Form"
                          ? config::v1::ASSURANCE_UNAUTHENTICATED
                          : config::v1::ASSURANCE_REPORTED;
  if (parts.second == "House") {
    AddSharers({IdOf("Ada"), IdOf("Bob")}, kFromEver,
               *holding.details.mutable_sharing());
  }
  stored[reading.identity.identity_key()] = {reading.identity, {holding}};
}

TEST(TouchOwnerTest, EachRowOfTheTableInTheReadmeHolds) {
  const std::vector<TouchCase> cases = ReadTable();
  ASSERT_THAT(cases, SizeIs(Ge(92)));
  for (const TouchCase& row : cases) {
    const std::string name =
        absl::StrCat(row.key, ": ", absl::StrJoin(row.values, ", "));
    TouchClaim claim;
    StoredValues stored;
    claim.proposed_contact_id = IdOf("new");
    claim.event_micros = claim.now_micros = kNowInTable;
    config::v1::Assurance_Parse(absl::StrCat("ASSURANCE_", row.key),
                                &claim.assurance);
    for (const std::string& value : row.values) AddValue(value, claim, stored);
    const ClaimPlan plan = PlanClaim(claim, stored, People());
    EXPECT_EQ(plan.response.contact_id(), IdOf(row.owner).ToString()) << name;
    const std::string outcomes = absl::StrJoin(
        plan.response.values(), ", ",
        [](std::string* text, const v1::ClaimedValue& value) {
          absl::StrAppend(text,
                          v1::ClaimOutcome_Name(value.outcome())
                              .substr(std::string("CLAIM_OUTCOME_").size()));
        });
    EXPECT_EQ(outcomes, row.outcomes) << name;
  }
}

}  // namespace
}  // namespace kith::identity
