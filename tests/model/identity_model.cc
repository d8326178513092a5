#include "tests/model/identity_model.h"

#include "absl/strings/str_cat.h"
#include "common/base/times.h"

namespace kith::model {

HoldingModel::Value IdentityModel::ValueOf(
    const identity::v1::ChannelValue& value) {
  return {.value = value.value(),
          .kind = absl::StrCat(value.channel(), "/", value.namespace_()),
          .account = value.channel() == identity::v1::CHANNEL_EXTERNAL};
}

void IdentityModel::Learn(const std::string& value,
                          const identity::v1::Identity& shown) {
  const auto [it, is_new] = identities_.try_emplace(value, shown);
  if (!is_new) return;
  it->second.clear_contact_id();
  it->second.clear_start_time();
  it->second.clear_end_time();
}

identity::v1::Identity IdentityModel::Show(
    const std::string& value, const HoldingModel::Holding& holding) const {
  identity::v1::Identity shown;
  if (const auto it = identities_.find(value); it != identities_.end()) {
    shown = it->second;
  }
  shown.set_contact_id(holding.contact_id);
  if (holding.start != HoldingModel::kFromEver) {
    *shown.mutable_start_time() = base::ToProto(holding.start);
  }
  if (holding.end.has_value()) {
    *shown.mutable_end_time() = base::ToProto(*holding.end);
  }
  return shown;
}

}  // namespace kith::model
