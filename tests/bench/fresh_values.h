#ifndef KITH_TESTS_BENCH_FRESH_VALUES_H_
#define KITH_TESTS_BENCH_FRESH_VALUES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/session.h"
#include "tests/bench/statement.h"
#include "tests/bench/zipf.h"

namespace kith::bench {

// What a call executed, to be executed again any number of times. Immutable.
class ReplayedCall {
 public:
  // Of a call that writes nothing: always the same values.
  explicit ReplayedCall(Statements statements);

  // Of a call that writes, learned from two calls that differ in their ids
  // alone: the values that it inserts, and that are others in the second call,
  // are new ones in each replay, wherever the call uses them.
  // FAILED_PRECONDITION where the two executed different statements.
  static absl::StatusOr<ReplayedCall> Fresh(Statements call,
                                            const Statements& second);

  const Statements& statements() const { return statements_; }

  // The parameters of one replay. View it, and `storage`.
  std::vector<std::vector<mysql::Param>> Params(
      Random& random, std::vector<std::string>& storage) const;

 private:
  // An index into originals_, or kKept.
  static constexpr int kKept = -1;

  Statements statements_;
  // The values that are not kept, each once.
  std::vector<std::string> originals_;
  // For each value of each statement.
  std::vector<std::vector<int>> origins_;
};

// Bytes that look like `original` and are others: of the same length, of
// letters and digits alone, and with the time of a UUID of version 7, so that
// new rows go to the same places.
std::string FreshLike(const std::string& original, Random& random);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_FRESH_VALUES_H_
