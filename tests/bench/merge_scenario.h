#ifndef KITH_TESTS_BENCH_MERGE_SCENARIO_H_
#define KITH_TESTS_BENCH_MERGE_SCENARIO_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "kith/config/v1/config.pb.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "tests/bench/databases.h"
#include "tests/bench/population.h"
#include "tests/bench/sample.h"
#include "tests/bench/targets.h"

namespace kith::bench {

// What merging and unmerging costs: medians over all rounds.
struct MergeResult {
  std::string what;

  // Rows that all services wrote, without those that the feed writes by itself.
  int64_t merge_rows = 0;
  int64_t unmerge_rows = 0;

  absl::Duration merge;
  absl::Duration unmerge;

  // A view of the merged customer.
  absl::Duration view;
};

// Merges and unmerges customers that it adds to the databases, while nobody
// else calls the suite. Not thread-safe.
class MergeScenario {
 public:
  // What is given outlives it. `first` is the number of its first contact: the
  // other populations have those below.
  MergeScenario(const Targets& targets, const Databases& databases,
                const config::v1::Tenant& tenant, const Sample& sample,
                uint64_t first)
      : targets_(targets),
        databases_(databases),
        tenant_(tenant),
        sample_(sample),
        first_(first),
        administrator_(databases.administrator) {}

  // Measures two customers with so many interactions each, then groups of so
  // many members and one more contact. INTERNAL if a view is wrong, or if the
  // rows depend on the history.
  absl::StatusOr<std::vector<MergeResult>> Run(
      const std::vector<int>& histories, const std::vector<int>& groups);

 private:
  // One merge or unmerge.
  struct Change {
    std::string edge_id;
    int64_t rows = 0;
    absl::Duration time;
  };

  Population NextPopulation(uint64_t contacts, uint64_t interactions);

  absl::Status MeasureHistories(int interactions,
                                std::vector<MergeResult>& results);
  absl::Status MeasureGroup(int members, std::vector<MergeResult>& results);
  absl::StatusOr<MergeResult> Measure(const std::string& what,
                                      const base::Uuid& survivor,
                                      const base::Uuid& absorbed);

  absl::StatusOr<Change> Merge(const base::Uuid& survivor,
                               const std::vector<base::Uuid>& absorbed);
  absl::StatusOr<Change> Unmerge(const base::Uuid& customer,
                                 const std::string& edge_id);
  absl::StatusOr<gateway::v1::CustomerView> View(const base::Uuid& customer);
  absl::Status CheckMergedView(const Population& pair);

  // Makes a call; the edge is left empty.
  absl::StatusOr<Change> Measured(absl::FunctionRef<absl::Status()> call);

  // Up to now.
  absl::StatusOr<int64_t> RowsWritten();

  const Targets& targets_;
  const Databases& databases_;
  const config::v1::Tenant& tenant_;
  const Sample& sample_;
  uint64_t first_;
  mysql::Session administrator_;
};

// As people read it.
std::string ToTable(const std::vector<MergeResult>& results);

// All figures, times in milliseconds.
nlohmann::ordered_json ToJson(const std::vector<MergeResult>& results);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_MERGE_SCENARIO_H_
