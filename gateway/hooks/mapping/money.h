#ifndef KITH_GATEWAY_HOOKS_MAPPING_MONEY_H_
#define KITH_GATEWAY_HOOKS_MAPPING_MONEY_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kith/common/v1/common.pb.h"

namespace kith::gateway {

// Reads an amount, exactly: "12.50" and "eur" are 12,500,000 micros of EUR.
// With `minor_units` the amount counts cents, or what is the smallest unit of
// the currency (ISO 4217). INVALID_ARGUMENT if the amount is no decimal number
// from 0 on with at most 6 places, is too great, or if the currency has no
// three letters.
absl::StatusOr<common::v1::Money> ReadMoney(absl::string_view amount,
                                            absl::string_view currency,
                                            bool minor_units);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_MAPPING_MONEY_H_
