#ifndef KITH_TESTS_FUZZ_MUTATOR_H_
#define KITH_TESTS_FUZZ_MUTATOR_H_

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace kith::fuzz {

// Inputs made from examples by small changes: bits, bytes, pieces that are cut
// out, doubled or taken from another example. The same in each run.
class Mutator {
 public:
  // `examples` is not empty.
  explicit Mutator(std::vector<std::string> examples)
      : examples_(std::move(examples)) {}

  // Returns the next input, of at most kMostBytes.
  std::string Next();

  static constexpr size_t kMostBytes = 4096;

 private:
  size_t Below(size_t limit) { return random_() % limit; }
  const std::string& Example() { return examples_[Below(examples_.size())]; }
  // Some bytes of a text, perhaps none.
  std::string Piece(const std::string& text);
  void Change(std::string& input);

  const std::vector<std::string> examples_;
  std::mt19937_64 random_{20261129};
};

}  // namespace kith::fuzz

#endif  // KITH_TESTS_FUZZ_MUTATOR_H_
