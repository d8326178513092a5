#include "tests/bench/merge_scenario.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/status/status_macros.h"
#include "tests/bench/fill.h"

namespace kith::bench {
namespace {

using base::Uuid;
using gateway::v1::CustomerView;
using gateway::v1::GetCustomerViewRequest;
using gateway::v1::MergeContactsRequest;
using gateway::v1::UnmergeContactsRequest;
using GatewayStub = Targets::Gateway::StubInterface;

constexpr int kRounds = 15;
// Of one merge, while a group is made.
constexpr size_t kAbsorbedAtOnce = 100;

constexpr char kCountRows[] = "SET GLOBAL userstat = 1";
constexpr char kRowsWritten[] =
    "SELECT CAST(COALESCE(SUM(rows_changed), 0) AS SIGNED) "
    "FROM information_schema.table_statistics "
    "WHERE table_name NOT IN ('outbox', 'changes', 'leases')";

contacts::v1::Actor BenchActor() {
  contacts::v1::Actor actor;
  actor.set_kind(contacts::v1::ACTOR_KIND_PERSON);
  actor.set_name("bench");
  return actor;
}

// What a view counts, and what a merge adds up: the interactions, and the net
// sales in each currency.
std::map<std::string, int64_t> TotalsOf(const CustomerView& view) {
  std::map<std::string, int64_t> totals;
  for (const auto& count : view.summary().counts()) {
    totals["interactions"] += count.count();
  }
  for (const auto& sales : view.summary().sales()) {
    totals[sales.currency_code()] = sales.net_micros();
  }
  return totals;
}

bool HasMembersOnly(const CustomerView& view) {
  const std::set<std::string> members(view.contact().member_ids().begin(),
                                      view.contact().member_ids().end());
  return std::all_of(view.interactions().begin(), view.interactions().end(),
                     [&](const interactions::v1::Interaction& interaction) {
                       return members.contains(interaction.contact_id());
                     });
}

template <typename Value>
Value Median(std::vector<Value> values) {
  const auto middle = values.begin() + values.size() / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double Millis(absl::Duration duration) {
  return absl::ToDoubleMilliseconds(duration);
}

// 1,000,000.
std::string WithCommas(int64_t number) {
  std::string text = absl::StrCat(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(at, 1, ',');
  }
  return text;
}

}  // namespace

absl::StatusOr<std::vector<MergeResult>> MergeScenario::Run(
    const std::vector<int>& histories, const std::vector<int>& groups) {
  KITH_RETURN_IF_ERROR(administrator_.ExecuteText(kCountRows));
  std::vector<MergeResult> results;
  for (const int interactions : histories) {
    KITH_RETURN_IF_ERROR(MeasureHistories(interactions, results));
    if (results.back().merge_rows != results.front().merge_rows ||
        results.back().unmerge_rows != results.front().unmerge_rows) {
      return absl::InternalError("rows written depend on the history");
    }
  }
  for (const int members : groups) {
    KITH_RETURN_IF_ERROR(MeasureGroup(members, results));
  }
  return results;
}

Population MergeScenario::NextPopulation(uint64_t contacts,
                                         uint64_t interactions) {
  const Population::Size size = {
      .others = first_, .contacts = contacts, .interactions = interactions};
  first_ += contacts;
  return Population(sample_, size, absl::Now());
}

absl::Status MergeScenario::MeasureHistories(
    int interactions, std::vector<MergeResult>& results) {
  const Population pair = NextPopulation(2, interactions);
  KITH_RETURN_IF_ERROR(Fill(databases_, tenant_, pair));
  const std::string what =
      absl::StrCat(WithCommas(interactions), " interactions each");
  KITH_ASSIGN_OR_RETURN(results.emplace_back(),
                        Measure(what, pair.ContactId(0), pair.ContactId(1)));
  return CheckMergedView(pair);
}

absl::Status MergeScenario::MeasureGroup(int members,
                                         std::vector<MergeResult>& results) {
  const Population population = NextPopulation(members, 0);
  KITH_RETURN_IF_ERROR(FillContacts(databases_, tenant_, population));
  const Uuid first = population.ContactId(0);
  const Uuid other = population.ContactId(members - 1);
  std::vector<Uuid> absorbed;
  for (int i = 1; i < members - 1; ++i) {
    absorbed.push_back(population.ContactId(i));
    if (absorbed.size() < kAbsorbedAtOnce && i < members - 2) continue;
    KITH_RETURN_IF_ERROR(Merge(first, absorbed).status());
    absorbed.clear();
  }
  const std::string what = absl::StrCat(WithCommas(members), " members: ");
  KITH_ASSIGN_OR_RETURN(
      results.emplace_back(),
      Measure(absl::StrCat(what, "one to the others"), first, other));
  KITH_ASSIGN_OR_RETURN(
      results.emplace_back(),
      Measure(absl::StrCat(what, "the others to one"), other, first));
  return absl::OkStatus();
}

absl::StatusOr<MergeResult> MergeScenario::Measure(const std::string& what,
                                                   const Uuid& survivor,
                                                   const Uuid& absorbed) {
  std::vector<int64_t> merge_rows, unmerge_rows;
  std::vector<absl::Duration> merge, unmerge, view;
  for (int round = 0; round < kRounds; ++round) {
    KITH_ASSIGN_OR_RETURN(const Change merged, Merge(survivor, {absorbed}));
    merge_rows.push_back(merged.rows);
    merge.push_back(merged.time);
    const absl::Time begin = absl::Now();
    KITH_RETURN_IF_ERROR(View(absorbed).status());
    view.push_back(absl::Now() - begin);
    KITH_ASSIGN_OR_RETURN(const Change unmerged,
                          Unmerge(absorbed, merged.edge_id));
    unmerge_rows.push_back(unmerged.rows);
    unmerge.push_back(unmerged.time);
  }
  const MergeResult result = {.what = what,
                              .merge_rows = Median(merge_rows),
                              .unmerge_rows = Median(unmerge_rows),
                              .merge = Median(merge),
                              .unmerge = Median(unmerge),
                              .view = Median(view)};
  std::cerr << absl::StreamFormat("  %s: merged in %.1f ms\n", what,
                                  Millis(result.merge));
  return result;
}

absl::StatusOr<MergeScenario::Change> MergeScenario::Merge(
    const Uuid& survivor, const std::vector<Uuid>& absorbed) {
  MergeContactsRequest request;
  request.mutable_survivor()->set_contact_id(survivor.ToString());
  for (const Uuid& id : absorbed) {
    request.add_absorbed()->set_contact_id(id.ToString());
  }
  request.mutable_cause()->set_kind(contacts::v1::MERGE_CAUSE_KIND_DECISION);
  request.mutable_cause()->set_value("bench");
  *request.mutable_actor() = BenchActor();
  std::string edge_id;
  const auto call = [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(const auto response,
                          targets_.Ask(&GatewayStub::MergeContacts, request));
    edge_id = response.edges(0).edge_id();
    return absl::OkStatus();
  };
  KITH_ASSIGN_OR_RETURN(Change change, Measured(call));
  change.edge_id = edge_id;
  return change;
}

absl::StatusOr<MergeScenario::Change> MergeScenario::Unmerge(
    const Uuid& customer, const std::string& edge_id) {
  UnmergeContactsRequest request;
  request.mutable_customer()->set_contact_id(customer.ToString());
  request.set_edge_id(edge_id);
  *request.mutable_actor() = BenchActor();
  return Measured([&] {
    return targets_.Ask(&GatewayStub::UnmergeContacts, request).status();
  });
}

absl::StatusOr<MergeScenario::Change> MergeScenario::Measured(
    absl::FunctionRef<absl::Status()> call) {
  KITH_ASSIGN_OR_RETURN(const int64_t before, RowsWritten());
  const absl::Time begin = absl::Now();
  KITH_RETURN_IF_ERROR(call());
  const absl::Duration time = absl::Now() - begin;
  KITH_ASSIGN_OR_RETURN(const int64_t after, RowsWritten());
  return Change{.edge_id = {}, .rows = after - before, .time = time};
}

absl::StatusOr<CustomerView> MergeScenario::View(const Uuid& customer) {
  GetCustomerViewRequest request;
  request.mutable_customer()->set_contact_id(customer.ToString());
  KITH_ASSIGN_OR_RETURN(auto response,
                        targets_.Ask(&GatewayStub::GetCustomerView, request));
  return std::move(*response.mutable_view());
}

absl::Status MergeScenario::CheckMergedView(const Population& pair) {
  const Uuid one = pair.ContactId(0);
  const Uuid other = pair.ContactId(1);
  KITH_ASSIGN_OR_RETURN(const CustomerView apart, View(one));
  KITH_ASSIGN_OR_RETURN(const CustomerView other_apart, View(other));
  KITH_ASSIGN_OR_RETURN(const Change merged, Merge(one, {other}));
  KITH_ASSIGN_OR_RETURN(const CustomerView together, View(other));
  KITH_RETURN_IF_ERROR(Unmerge(other, merged.edge_id).status());
  auto totals = TotalsOf(apart);
  const auto expected = static_cast<int64_t>(pair.interactions());
  const bool whole = totals["interactions"] == expected;
  for (const auto& [name, total] : TotalsOf(other_apart)) totals[name] += total;
  if (!whole || totals["interactions"] != 2 * expected ||
      totals != TotalsOf(together) || !HasMembersOnly(apart) ||
      !HasMembersOnly(together) || together.contact().member_ids_size() != 2) {
    return absl::InternalError(absl::StrCat("a merged view is wrong: ",
                                            together.summary().DebugString()));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> MergeScenario::RowsWritten() {
  int64_t rows = 0;
  KITH_RETURN_IF_ERROR(administrator_.Query(
      kRowsWritten, {}, [&](const mysql::Row& row) { rows = row.Int(0); }));
  return rows;
}

std::string ToTable(const std::vector<MergeResult>& results) {
  std::string table = absl::StrFormat(
      "  %-32s%16s%18s%9s\n  %-32s%7s%9s%9s%9s%9s\n", "", "merge", "unmerge",
      "view", "", "rows", "ms", "rows", "ms", "ms");
  for (const MergeResult& result : results) {
    absl::StrAppendFormat(&table, "  %-32s%7d%9.1f%9d%9.1f%9.1f\n", result.what,
                          result.merge_rows, Millis(result.merge),
                          result.unmerge_rows, Millis(result.unmerge),
                          Millis(result.view));
  }
  return table;
}

nlohmann::ordered_json ToJson(const std::vector<MergeResult>& results) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const MergeResult& result : results) {
    all.push_back({{"what", result.what},
                   {"merge_rows", result.merge_rows},
                   {"merge_ms", Millis(result.merge)},
                   {"unmerge_rows", result.unmerge_rows},
                   {"unmerge_ms", Millis(result.unmerge)},
                   {"view_ms", Millis(result.view)}});
  }
  return {{"merges", all}};
}

}  // namespace kith::bench
