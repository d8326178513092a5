#include "gateway/flows/touch_rounds.h"

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kith::gateway {
namespace {

using identity::v1::ChannelValue;

bool IsBrowser(const ChannelValue& value) {
  return value.channel() == identity::v1::CHANNEL_VISITOR;
}

std::string KeyOfValue(const ChannelValue& value) {
  return absl::StrCat(value.channel(), "/",
                      absl::AsciiStrToLower(value.namespace_()), "/",
                      absl::StripAsciiWhitespace(value.value()));
}

std::vector<std::string> KeysOfTouch(const v1::RecordTouchRequest& touch) {
  std::vector<std::string> keys;
  if (!touch.contact_id().empty()) {
    keys.push_back(
        absl::StrCat("contact/", absl::AsciiStrToLower(touch.contact_id())));
  }
  for (const ChannelValue& value : touch.identities()) {
    keys.push_back(KeyOfValue(value));
  }
  return keys;
}

bool IsPurchase(const v1::RecordTouchRequest& touch) {
  return touch.interaction().kind() == interactions::v1::KIND_PURCHASE;
}

// True if the touch identifies a visitor, and no value of it does.
bool IdentifiesByFields(const v1::RecordTouchRequest& touch) {
  const contacts::v1::Contact& contact = touch.contact();
  return !touch.identities().empty() &&
         absl::c_all_of(touch.identities(), IsBrowser) &&
         (IsPurchase(touch) || !contact.display_name().empty() ||
          !contact.given_name().empty() || !contact.family_name().empty() ||
          contact.stage() > contacts::v1::STAGE_ANONYMOUS);
}

bool MustKnowVisitors(const v1::RecordTouchRequest& touch) {
  return absl::c_any_of(touch.identities(), IsBrowser) &&
         !absl::c_all_of(touch.identities(), IsBrowser);
}

// The first rounds in which a touch may come after those before it.
struct After {
  // If it names the same.
  int same = 0;
  // If it must know, too, who is identified.
  int identified = 0;
};

}  // namespace

std::vector<int> RoundsOf(const v1::BatchRecordTouchesRequest& batch) {
  absl::flat_hash_map<std::string, After> by_key;
  int after_purchases = 0;
  std::vector<int> rounds;
  for (const v1::RecordTouchRequest& touch : batch.touches()) {
    const std::vector<std::string> keys = KeysOfTouch(touch);
    const bool must_know = MustKnowVisitors(touch);
    int round = must_know ? after_purchases : 0;
    for (const std::string& key : keys) {
      const After& after = by_key[key];
      round = std::max({round, after.same, must_know ? after.identified : 0});
    }
    for (const std::string& key : keys) {
      After& after = by_key[key];
      after.same = round;
      if (IdentifiesByFields(touch)) after.identified = round + 1;
    }
    if (!touch.contact_id().empty() && IsPurchase(touch)) {
      after_purchases = std::max(after_purchases, round + 1);
    }
    rounds.push_back(round);
  }
  return rounds;
}

}  // namespace kith::gateway
