#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_CURRENCY_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_CURRENCY_H_

#include "absl/strings/string_view.h"

namespace kith::interactions {

// Returns what is wrong with `code` as the currency of a sale, as a sentence
// without a full stop; empty if it is one of ISO 4217, today's or one of
// before: a purchase may be reported late. Codes of metals, of funds and units
// of account, of tests and of no currency are none. Thread-safe.
absl::string_view CurrencyFault(absl::string_view code);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_CURRENCY_H_
