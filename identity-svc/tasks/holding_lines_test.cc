#include "identity-svc/tasks/holding_lines.h"

#include <algorithm>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class HoldingLinesTest : public IdentityServiceTest {
 protected:
  using Work = absl::Status (*)(const server::TaskContext&, const base::Clock&);

  // What the work prints, given these lines; or its error.
  std::string Run(Work work, const std::string& lines = "") {
    std::istringstream in(lines);
    std::ostringstream out;
    mysql::Session session(harness_.database().options());
    const absl::Status status = work({session, in, out}, harness_.clock());
    return status.ok() ? out.str() : status.ToString();
  }

  int64_t OpenHoldings() {
    return harness_.database().SelectInt(
        "SELECT COUNT(*) FROM holdings WHERE end_micros IS NULL");
  }

  const v1::ChannelValue email_ = Email("ada@example.com");
};

TEST_F(HoldingLinesTest, ListsEachOpenHoldingOfAllTenantsInWords) {
  ASSERT_THAT(Claim(kAda, {email_}), IsOk());
  ASSERT_THAT(Link(kBob, Handle("x", "bob"), "", kOther), IsOk());
  ASSERT_THAT(Link(kCleo, Phone("+14155552671")), IsOk());
  ASSERT_THAT(Unlink(kCleo, Phone("+14155552671")), IsOk());
  Pass(absl::Hours(2));
  const std::string lines = Run(ListHoldings);
  EXPECT_THAT(
      lines,
      AllOf(HasSubstr(absl::StrCat(R"("contact_id":")", kAda,
                                   R"(","value":"e-mail ada@example.com",)",
                                   R"("held_for":"2h"})")),
            HasSubstr(R"({"tenant_id":2,)"), HasSubstr(R"("x handle bob")"),
            Not(HasSubstr(kCleo))));
}

TEST_F(HoldingLinesTest, ListsAllPages) {
  for (int i = 0; i < 230; ++i) {
    ASSERT_THAT(Link(kAda, External("shop", absl::StrCat("c-", i))), IsOk());
  }
  Pass(absl::Minutes(1));
  const std::string lines = Run(ListHoldings);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 230);
}

TEST_F(HoldingLinesTest, LeavesWhatATouchMayStillBeMaking) {
  ASSERT_THAT(Claim(kAda, {email_}), IsOk());
  Pass(absl::Seconds(9));
  EXPECT_EQ(Run(ListHoldings), "");
  Pass(absl::Seconds(1));
  const std::string line = Run(ListHoldings);
  EXPECT_NE(line, "");
  // Whoever has the value since has it as briefly.
  ASSERT_THAT(Unlink(kAda, email_), IsOk());
  ASSERT_THAT(Claim(kAda, {email_}), IsOk());
  EXPECT_EQ(Run(FreeHoldings, line), "");
  EXPECT_EQ(OpenHoldings(), 1);
}

TEST_F(HoldingLinesTest, FreesOnceAndTellsTheFeed) {
  ASSERT_THAT(Claim(kAda, {email_}), IsOk());
  ASSERT_THAT(Claim(kBob, {Email("bob@example.com")}), IsOk());
  Pass(absl::Minutes(1));
  std::string line = Run(ListHoldings);
  line = line.substr(absl::StrContains(line.substr(0, line.find('\n')), kAda)
                         ? 0
                         : line.find('\n') + 1);
  line.resize(line.find('\n') + 1);
  const int64_t noted = Rows("outbox");
  EXPECT_THAT(Run(FreeHoldings, line), HasSubstr(R"("end_micros":)"));
  EXPECT_EQ(HolderOf(email_), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(HolderAt(email_, Now() - absl::Seconds(1)), kAda);
  EXPECT_EQ(HolderOf(Email("bob@example.com")), kBob);
  EXPECT_EQ(Rows("outbox"), noted + 1);
  Pass(absl::Seconds(1));
  EXPECT_EQ(Run(FreeHoldings, line), "");
  EXPECT_EQ(Rows("contact_identities"), 1);
}

TEST_F(HoldingLinesTest, FreesNothingOfAnother) {
  ASSERT_THAT(Claim(kAda, {email_}), IsOk());
  Pass(absl::Minutes(1));
  const std::string line = Run(ListHoldings);
  ASSERT_THAT(Unlink(kAda, email_), IsOk());
  ASSERT_THAT(Link(kBob, email_), IsOk());
  Pass(absl::Minutes(1));
  EXPECT_EQ(Run(FreeHoldings, line), "");
  EXPECT_EQ(HolderOf(email_), kBob);
}

TEST_F(HoldingLinesTest, ReturnsAHoldingAsItWas) {
  ASSERT_THAT(Claim(kAda, {email_}), IsOk());
  Pass(absl::Minutes(1));
  const std::string line = Run(ListHoldings);
  const std::string freed = Run(FreeHoldings, line);
  Pass(absl::Seconds(10));
  EXPECT_EQ(Run(ReturnHoldings, freed), line);
  EXPECT_EQ(HolderOf(email_), kAda);
  EXPECT_EQ(HolderAt(email_, Now() - absl::Seconds(5)), kAda);
  EXPECT_EQ(Rows("holdings"), 1);
  EXPECT_EQ(Rows("contact_identities"), 1);
  EXPECT_EQ(Run(ReturnHoldings, freed), "");
}

// The next touch by it makes the stand-in that was cut off.
TEST_F(HoldingLinesTest, FreesNothingThatPeopleShare) {
  v1::ShareIdentityRequest request;
  *request.mutable_value() = email_;
  request.add_contact_ids(kAda);
  request.add_contact_ids(kBob);
  request.set_proposed_stand_in_contact_id(kCleo);
  const auto shared = harness_.Call(&Stub::ShareIdentity, request);
  ASSERT_THAT(shared, IsOk());
  Pass(absl::Minutes(1));
  EXPECT_EQ(Run(ListHoldings), "");
  const std::string line = absl::StrCat(R"({"tenant_id":1,"identity_key":")",
                                        shared->identity().identity_key(),
                                        R"(","contact_id":")", kCleo, "\"}\n");
  EXPECT_EQ(Run(FreeHoldings, line), "");
  EXPECT_EQ(Rows("contact_identities"), 3);
  EXPECT_EQ(HolderOf(email_), "RESOLVE_OUTCOME_MANY");
}

TEST_F(HoldingLinesTest, ReturnsNothingThatAnotherHasSinceOrThatWasNotFreed) {
  ASSERT_THAT(Claim(kAda, {email_}), IsOk());
  Pass(absl::Minutes(1));
  const std::string line = Run(ListHoldings);
  EXPECT_EQ(Run(ReturnHoldings, line), "");
  const std::string freed = Run(FreeHoldings, line);
  Pass(absl::Seconds(1));
  ASSERT_THAT(Claim(kBob, {email_}), IsOk());
  EXPECT_EQ(Run(ReturnHoldings, freed), "");
  EXPECT_EQ(HolderOf(email_), kBob);
  ASSERT_THAT(Unlink(kBob, email_), IsOk());
  EXPECT_EQ(Run(ReturnHoldings, freed), "");
}

TEST_F(HoldingLinesTest, RefusesWhatIsNoLine) {
  const std::string id =
      absl::StrCat(R"({"tenant_id":1,"contact_id":")", kAda, R"(")");
  EXPECT_THAT(Run(FreeHoldings, "{}\nx\n"), HasSubstr("UUID as contact_id"));
  EXPECT_THAT(Run(FreeHoldings, "x\n"), HasSubstr("line 1 of the input"));
  EXPECT_THAT(Run(FreeHoldings, id + "}\n"), HasSubstr("as identity_key"));
}

}  // namespace
}  // namespace kith::identity
