#include "identity-svc/holding.h"

#include <algorithm>

#include "common/base/times.h"

namespace kith::identity {

bool IsVoid(const Holding& holding) {
  return holding.end_micros == holding.start_micros;
}

const Holding* VoidBefore(const Holdings& holdings, const Holding& holding) {
  const Holding* before = nullptr;
  for (const Holding& one : holdings) {
    if (one.start_micros >= holding.start_micros) break;
    before = &one;
  }
  return before != nullptr && IsVoid(*before) ? before : nullptr;
}

const Holding* HolderOfEvent(const Holdings& holdings, int64_t micros) {
  const auto it = std::find_if(
      holdings.begin(), holdings.end(), [&](const Holding& holding) {
        return !holding.end_micros.has_value() ||
               (*holding.end_micros > micros && !IsVoid(holding));
      });
  return it == holdings.end() ? nullptr : &*it;
}

const Holding* HolderAt(const Holdings& holdings, int64_t micros) {
  const Holding* const holding = HolderOfEvent(holdings, micros);
  const bool holds =
      holding != nullptr && (holding->start_micros <= micros ||
                             VoidBefore(holdings, *holding) != nullptr);
  return holds ? holding : nullptr;
}

const Holding* OpenHolding(const Holdings& holdings) {
  return !holdings.empty() && !holdings.back().end_micros.has_value()
             ? &holdings.back()
             : nullptr;
}

int64_t StartOfNext(const Holdings& holdings, int64_t micros) {
  return holdings.empty() ? kFromEver
                          : std::max(micros, *holdings.back().end_micros);
}

int64_t HeldSince(const Holding& holding, int64_t create_micros) {
  return holding.start_micros == kFromEver ? create_micros
                                           : holding.start_micros;
}

bool MayBeInTheMaking(const Holding& holding, int64_t create_micros,
                      int64_t now_micros) {
  return HeldSince(holding, create_micros) + kMakingMicros > now_micros;
}

bool RaiseAssurance(config::v1::Assurance assurance, const std::string& source,
                    Holding& holding) {
  if (holding.end_micros.has_value() ||
      holding.assurance != config::v1::ASSURANCE_UNAUTHENTICATED ||
      assurance <= holding.assurance) {
    return false;
  }
  holding.assurance = assurance;
  holding.source = source;
  return true;
}

void Show(const Holding& holding, v1::Identity& identity) {
  identity.set_contact_id(holding.contact_id.ToString());
  identity.clear_start_time();
  identity.clear_end_time();
  if (holding.start_micros != kFromEver) {
    *identity.mutable_start_time() = base::ToProto(holding.start_micros);
  }
  if (holding.end_micros.has_value()) {
    *identity.mutable_end_time() = base::ToProto(*holding.end_micros);
  }
  identity.set_assurance(holding.assurance);
  identity.set_claimed_by(holding.source);
}

}  // namespace kith::identity
