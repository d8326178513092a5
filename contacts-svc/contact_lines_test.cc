#include "contacts-svc/contact_lines.h"

#include <algorithm>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "contacts-svc/contacts_fixture.h"

namespace kith::contacts {
namespace {

using ::kith::testing::IsOk;
using ::testing::HasSubstr;

class ContactLinesTest : public ContactsTest {
 protected:
  // Those of the lines that are copied; or the error.
  std::string Select(ContactIs wanted, const std::string& lines) {
    std::istringstream in(lines);
    std::ostringstream out;
    mysql::Session session(harness_.database().options());
    const auto copied = SelectLines({session, in, out}, wanted);
    if (!copied.ok()) return copied.status().ToString();
    std::string text = out.str();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), *copied);
    return text;
  }

  static std::string LineOf(int tenant_id, const std::string& contact_id) {
    return absl::StrCat(R"({"tenant_id":)", tenant_id, R"(,"contact_id":")",
                        contact_id, R"(","value":"x"})", "\n");
  }
};

TEST_F(ContactLinesTest, TellsMissingContactsFromKnownOnes) {
  const std::string ada = Make();
  const std::string deleted = Make();
  v1::DeleteContactRequest request;
  request.set_contact_id(deleted);
  ASSERT_THAT(harness_.Call(&Stub::DeleteContact, request), IsOk());
  const std::string known = LineOf(1, ada) + LineOf(1, deleted);
  const std::string missing =
      LineOf(1, kAbsentId) + LineOf(2, ada) + LineOf(9, ada);
  EXPECT_EQ(Select(ContactIs::kMissing, known + missing), missing);
  EXPECT_EQ(Select(ContactIs::kKnown, missing + known), known);
  EXPECT_EQ(Select(ContactIs::kMissing, ""), "");
}

TEST_F(ContactLinesTest, CopiesMoreThanOneStatementLists) {
  const std::string ada = Make();
  std::string lines;
  for (int i = 0; i < 1203; ++i) lines += LineOf(1, i % 2 ? ada : kAbsentId);
  const std::string missing = Select(ContactIs::kMissing, lines);
  EXPECT_EQ(std::count(missing.begin(), missing.end(), '\n'), 602);
}

TEST_F(ContactLinesTest, RefusesWhatIsNoLine) {
  EXPECT_THAT(Select(ContactIs::kKnown, "[]\n"), HasSubstr("line 1"));
  EXPECT_THAT(Select(ContactIs::kKnown, LineOf(1, "x")), HasSubstr("a UUID"));
}

}  // namespace
}  // namespace kith::contacts
