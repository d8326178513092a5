#include "tests/model/holding_model.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace kith::model {

std::string HoldingModel::Claim(const std::vector<Value>& values, int64_t event,
                                int64_t now, const std::string& proposed,
                                std::vector<Claimed>& claimed) {
  std::string contact_id;
  for (const bool account : {true, false}) {
    for (const Value& value : values) {
      kinds_[value.value] = value.kind;
      const Holding* const holding = OfEvent(value.value, event);
      if (contact_id.empty() && value.account == account &&
          holding != nullptr &&
          MayHave(holding->contact_id, value, values, event)) {
        contact_id = holding->contact_id;
      }
    }
  }
  if (contact_id.empty()) contact_id = proposed;
  for (const Value& value : values) {
    Holding* holding = OfEvent(value.value, event);
    const bool is_new = holding == nullptr;
    if (is_new) {
      holding = &Begin(value.value, contact_id, std::min(event, now));
    }
    // In a gap, the next holding begins with the event.
    if (holding->contact_id == contact_id) {
      holding->start = std::min(holding->start, event);
    }
    claimed.push_back({*holding, is_new});
  }
  return contact_id;
}

bool HoldingModel::MayHave(const std::string& contact_id, const Value& found,
                           const std::vector<Value>& values, int64_t event) {
  std::map<std::string, int> held;
  for (const auto& [value, holdings] : holdings_) {
    if (!holdings.empty() && !holdings.back().end.has_value() &&
        holdings.back().contact_id == contact_id) {
      ++held[kinds_[value]];
    }
  }
  return std::all_of(values.begin(), values.end(), [&](const Value& value) {
    if (OfEvent(value.value, event) != nullptr) return true;
    const int count = ++held[value.kind];
    return value.account ? found.account && count == 1
                         : found.account || count <= 3;
  });
}

std::optional<HoldingModel::Holding> HoldingModel::Link(
    const Value& value, const std::string& contact_id,
    const std::set<std::string>& group, int64_t now) {
  kinds_[value.value] = value.kind;
  if (const Holding* const open = Open(value.value); open != nullptr) {
    if (!group.contains(open->contact_id)) return std::nullopt;
    return *open;
  }
  return Begin(value.value, contact_id, now);
}

std::optional<HoldingModel::Holding> HoldingModel::Unlink(
    const std::string& value, const std::set<std::string>& group, int64_t now) {
  Holding* const open = Open(value);
  if (open == nullptr || !group.contains(open->contact_id)) return std::nullopt;
  // It lasts a microsecond at least.
  open->end = std::max(now, open->start == kFromEver ? now : open->start + 1);
  return *open;
}

const HoldingModel::Holding* HoldingModel::At(const std::string& value,
                                              int64_t micros) const {
  const auto it = holdings_.find(value);
  if (it == holdings_.end()) return nullptr;
  for (const Holding& holding : it->second) {
    if (holding.start <= micros &&
        (!holding.end.has_value() || micros < *holding.end)) {
      return &holding;
    }
  }
  return nullptr;
}

std::vector<std::string> HoldingModel::ValuesOf(
    const std::set<std::string>& contacts, int64_t now) const {
  std::vector<std::string> values;
  for (const auto& [value, _] : holdings_) {
    const Holding* const holding = At(value, now);
    if (holding == nullptr || !contacts.contains(holding->contact_id)) continue;
    values.push_back(value);
  }
  return values;
}

std::string HoldingModel::State() const {
  std::string state;
  for (const auto& [value, holdings] : holdings_) {
    for (const Holding& holding : holdings) {
      absl::StrAppend(&state, value, " is held by ", holding.contact_id,
                      " from ", holding.start, " to ", holding.end.value_or(0),
                      "\n");
    }
  }
  return state;
}

HoldingModel::Holding* HoldingModel::OfEvent(const std::string& value,
                                             int64_t event) {
  for (Holding& holding : holdings_[value]) {
    if (!holding.end.has_value() || event < *holding.end) return &holding;
  }
  return nullptr;
}

HoldingModel::Holding& HoldingModel::Begin(const std::string& value,
                                           const std::string& contact_id,
                                           int64_t micros) {
  std::vector<Holding>& holdings = holdings_[value];
  // The first one is from ever, and none overlaps the one before.
  const int64_t start =
      holdings.empty() ? kFromEver : std::max(micros, *holdings.back().end);
  return holdings.emplace_back(Holding{contact_id, start, std::nullopt});
}

HoldingModel::Holding* HoldingModel::Open(const std::string& value) {
  std::vector<Holding>& holdings = holdings_[value];
  return holdings.empty() || holdings.back().end.has_value() ? nullptr
                                                             : &holdings.back();
}

}  // namespace kith::model
