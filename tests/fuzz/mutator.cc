#include "tests/fuzz/mutator.h"

#include <algorithm>

namespace kith::fuzz {
namespace {

constexpr int kMostChanges = 6;

}  // namespace

std::string Mutator::Next() {
  std::string input = Example();
  const size_t changes = 1 + Below(kMostChanges);
  for (size_t i = 0; i < changes; ++i) Change(input);
  input.resize(std::min(input.size(), kMostBytes));
  return input;
}

std::string Mutator::Piece(const std::string& text) {
  const size_t begin = Below(text.size() + 1);
  return text.substr(begin, Below(text.size() - begin + 1));
}

void Mutator::Change(std::string& input) {
  const size_t at = Below(input.size() + 1);
  switch (Below(6)) {
    case 0:
      if (at < input.size()) input[at] ^= static_cast<char>(1 << Below(8));
      return;
    case 1:
      if (at < input.size()) input[at] = static_cast<char>(Below(256));
      return;
    case 2:
      input.insert(at, 1, static_cast<char>(Below(256)));
      return;
    case 3:
      input.erase(at, Below(input.size() - at + 1));
      return;
    case 4:
      input.insert(at, Piece(input));
      return;
    default:
      input.insert(at, Piece(Example()));
  }
}

}  // namespace kith::fuzz
