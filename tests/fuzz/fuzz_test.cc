// Each target on its corpus and on a number of inputs made from it, the same in
// each run. ./dev fuzz goes on from there.

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "common/base/text_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fuzz/mutator.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

// In the order of names, as that of a directory differs from machine to
// machine.
std::vector<std::string> Corpus(const Target& target) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(KITH_FUZZ_CORPUS) /
           std::string(target.name))) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> corpus;
  for (const auto& file : files) corpus.push_back(*base::ReadFile(file));
  return corpus;
}

class FuzzTest : public ::testing::TestWithParam<Target> {};

TEST_P(FuzzTest, PropertiesHold) {
  const Target& target = GetParam();
  const std::vector<std::string> corpus = Corpus(target);
  ASSERT_GE(corpus.size(), 2);
  RunOn(target.run, "");
  for (const std::string& input : corpus) RunOn(target.run, input);
  Mutator mutator(corpus);
  for (int i = 0; i < target.inputs; ++i) RunOn(target.run, mutator.Next());
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzTest, ::testing::ValuesIn(Targets()),
                         [](const auto& tested) {
                           return std::string(tested.param.name);
                         });

TEST(MutatorTest, InputsAreManyAndTheSameInEachRun) {
  const std::vector<std::string> examples = {"abc", std::string(4096, 'x')};
  Mutator one(examples);
  Mutator other(examples);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string input = one.Next();
    EXPECT_EQ(other.Next(), input);
    EXPECT_LE(input.size(), Mutator::kMostBytes);
    seen.insert(input);
  }
  EXPECT_GT(seen.size(), 500);
}

TEST(PropertyDeathTest, ABrokenPropertyIsToldWithItsInput) {
  const auto broken = [](absl::string_view input) {
    Require(input.empty(), "no input");
  };
  RunOn(broken, "");
  EXPECT_DEATH(
      RunOn(broken, "a\x01"),
      ::testing::HasSubstr("Broken: no input\nInput (2 bytes): \"a\\x01\"\n"));
}

}  // namespace
}  // namespace kith::fuzz
