#include "tests/bench/fresh_values.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"

namespace kith::bench {
namespace {

constexpr absl::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr size_t kUuidBytes = 16;
constexpr size_t kUuidTimeBytes = 6;

bool HasTime(const std::string& bytes) {
  return bytes.size() == kUuidBytes && (bytes[6] & 0xF0) == 0x70 &&
         (bytes[8] & 0xC0) == 0x80;
}

bool SameShape(const Statements& a, const Statements& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Statement& one, const Statement& other) {
                      return one.schema == other.schema &&
                             one.sql == other.sql &&
                             one.values.size() == other.values.size();
                    });
}

}  // namespace

ReplayedCall::ReplayedCall(Statements statements)
    : statements_(std::move(statements)) {
  for (const Statement& statement : statements_) {
    origins_.emplace_back(statement.values.size(), kKept);
  }
}

absl::StatusOr<ReplayedCall> ReplayedCall::Fresh(Statements call,
                                                 const Statements& second) {
  if (!SameShape(call, second)) {
    return absl::FailedPreconditionError(
        "two calls of one kind executed different statements");
  }
  ReplayedCall replayed(std::move(call));
  std::map<std::string, int> fresh;
  for (size_t s = 0; s < second.size(); ++s) {
    const Statement& statement = replayed.statements_[s];
    if (!absl::StartsWith(statement.sql, "INSERT")) continue;
    for (size_t v = 0; v < statement.values.size(); ++v) {
      const auto* text = absl::get_if<std::string>(&statement.values[v]);
      if (text == nullptr || text->empty()) continue;
      if (statement.values[v] == second[s].values[v]) continue;
      const int next = static_cast<int>(fresh.size());
      if (fresh.emplace(*text, next).second) {
        replayed.originals_.push_back(*text);
      }
    }
  }
  for (size_t s = 0; s < second.size(); ++s) {
    const Statement& statement = replayed.statements_[s];
    for (size_t v = 0; v < statement.values.size(); ++v) {
      const auto* text = absl::get_if<std::string>(&statement.values[v]);
      if (text == nullptr) continue;
      const auto it = fresh.find(*text);
      if (it != fresh.end()) replayed.origins_[s][v] = it->second;
    }
  }
  return replayed;
}

std::vector<std::vector<mysql::Param>> ReplayedCall::Params(
    Random& random, std::vector<std::string>& storage) const {
  storage.clear();
  for (const std::string& original : originals_) {
    storage.push_back(FreshLike(original, random));
  }
  std::vector<std::vector<mysql::Param>> params(statements_.size());
  for (size_t s = 0; s < statements_.size(); ++s) {
    for (size_t v = 0; v < origins_[s].size(); ++v) {
      const int origin = origins_[s][v];
      params[s].push_back(origin == kKept ? ToParam(statements_[s].values[v])
                                          : mysql::Param(storage[origin]));
    }
  }
  return params;
}

std::string FreshLike(const std::string& original, Random& random) {
  const size_t kept = HasTime(original) ? kUuidTimeBytes : 0;
  std::string fresh = original.substr(0, kept);
  while (fresh.size() < original.size()) {
    uint64_t bits = random();
    for (int i = 0; i < 10 && fresh.size() < original.size(); ++i) {
      fresh.push_back(kLetters[bits & 63]);
      bits >>= 6;
    }
  }
  return fresh;
}

}  // namespace kith::bench
