// docs/connectors.md is true: each ready-made connector has a row, its examples
// are without a fault, and its expressions come to what stands beside them.

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/text_file.h"
#include "gateway/hooks/hook_fixture.h"
#include "gateway/hooks/reading/expression.h"
#include "gateway/hooks/reading/expression_validation.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using config::v1::Connector;
using ::testing::IsEmpty;

// What is between two texts of the page, each time that they are there.
std::vector<std::string> AllBetween(const std::string& begin,
                                    const std::string& end) {
  const std::string page = base::ReadFile(KITH_CONNECTORS_PAGE).value();
  std::vector<std::string> found;
  size_t place = page.find(begin);
  while (place != std::string::npos) {
    place += begin.size();
    const size_t behind = page.find(end, place);
    found.push_back(page.substr(place, behind - place));
    place = page.find(begin, behind);
  }
  return found;
}

std::string SectionOf(const std::string& heading) {
  const auto sections =
      AllBetween(absl::StrCat("\n## ", heading, "\n"), "\n## ");
  EXPECT_EQ(sections.size(), 1U) << heading;
  return sections.at(0);
}

// A cell of a table: what is in its backquotes.
std::string CodeIn(absl::string_view cell) {
  cell = absl::StripAsciiWhitespace(cell);
  absl::ConsumePrefix(&cell, "`");
  absl::ConsumeSuffix(&cell, "`");
  return std::string(cell);
}

// The first two cells of the rows of a section that begin with code.
std::vector<std::pair<std::string, std::string>> RowsOf(
    const std::string& heading) {
  std::vector<std::pair<std::string, std::string>> rows;
  const std::string section = SectionOf(heading);
  for (const absl::string_view line : absl::StrSplit(section, '\n')) {
    if (!absl::StartsWith(line, "| `")) continue;
    const std::vector<absl::string_view> cells = absl::StrSplit(line, '|');
    rows.emplace_back(CodeIn(cells.at(1)), CodeIn(cells.at(2)));
  }
  return rows;
}

TEST(ConnectorsPageTest, EachReadyMadeConnectorHasARow) {
  std::set<std::string> named;
  for (const auto& [name, change] : RowsOf("Ready-made sources")) {
    EXPECT_NE(change, "") << name;
    EXPECT_TRUE(named.insert(name).second) << name;
  }
  std::set<std::string> ready;
  for (const auto& [name, text] : ReadyConnectors()) ready.insert(name);
  EXPECT_EQ(named, ready);
}

TEST(ConnectorsPageTest, ExamplesAreWithoutAFault) {
  const auto blocks = AllBetween("```textproto\n", "```");
  ASSERT_EQ(blocks.size(), 2U);
  for (const std::string& block : blocks) {
    auto file = HookProto<config::v1::ConnectorsFile>(block);
    EXPECT_GT(file.connectors_size(), 0) << block;
    for (Connector& connector : *file.mutable_connectors()) {
      EXPECT_TRUE(AddReady(connector).ok()) << block;
      EXPECT_THAT(FaultsOf(connector), IsEmpty()) << block;
    }
  }
}

TEST(ConnectorsPageTest, ExpressionsComeToWhatStandsBesideThem) {
  const auto bodies = AllBetween("```json\n", "```");
  ASSERT_EQ(bodies.size(), 1U);
  Connector connector;
  connector.set_body(config::v1::HOOK_BODY_JSON);
  (*connector.mutable_settings())["topic"] = "lead";
  const Json root = ReadHook(connector, JsonPost(bodies[0]), kHookTime).value();
  HookScope scope = {.root = root, .item = root["body"]};
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Vienna", &scope.zone));
  const auto rows = RowsOf("Expressions");
  EXPECT_GT(rows.size(), 15U);
  for (const auto& [expression, text] : rows) {
    const auto proto = HookProto<config::v1::Expression>(expression);
    ConnectorFaults faults;
    faults.CheckExpression("expression", proto);
    EXPECT_THAT(faults.lines(), IsEmpty()) << expression;
    const auto result = Evaluate(proto, scope);
    ASSERT_TRUE(result.ok()) << expression << result.status();
    EXPECT_EQ(*result, text) << expression;
  }
}

}  // namespace
}  // namespace kith::gateway
