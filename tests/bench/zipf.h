#ifndef KITH_TESTS_BENCH_ZIPF_H_
#define KITH_TESTS_BENCH_ZIPF_H_

#include <cstdint>
#include <random>
#include <vector>

namespace kith::bench {

using Random = std::mt19937_64;

// Draws from 0 to count - 1, some much more often than others: the k-th most
// frequent with a weight of 1 / k^0.99, as YCSB does. Neighbours in frequency
// are no neighbours in number. Thread-safe.
class Zipf {
 public:
  explicit Zipf(uint64_t count);

  uint64_t Draw(Random& random) const;

 private:
  // The share of the k most frequent.
  std::vector<double> shares_;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_ZIPF_H_
