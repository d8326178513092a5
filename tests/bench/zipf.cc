#include "tests/bench/zipf.h"

#include <algorithm>
#include <cmath>

namespace kith::bench {
namespace {

constexpr double kExponent = 0.99;
// A prime, so that ranks are spread over all numbers below any smaller count.
constexpr uint64_t kScatter = 2'654'435'761;

}  // namespace

Zipf::Zipf(uint64_t count) {
  double sum = 0;
  shares_.reserve(count);
  for (uint64_t k = 1; k <= count; ++k) {
    sum += std::pow(static_cast<double>(k), -kExponent);
    shares_.push_back(sum);
  }
  for (double& share : shares_) share /= sum;
}

uint64_t Zipf::Draw(Random& random) const {
  const double at = std::uniform_real_distribution<double>()(random);
  const auto it = std::upper_bound(shares_.begin(), shares_.end() - 1, at);
  const auto rank = static_cast<uint64_t>(it - shares_.begin());
  return rank * kScatter % shares_.size();
}

}  // namespace kith::bench
