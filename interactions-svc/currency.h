#ifndef KITH_INTERACTIONS_SVC_CURRENCY_H_
#define KITH_INTERACTIONS_SVC_CURRENCY_H_

#include "absl/strings/string_view.h"

namespace kith::interactions {

// Returns true if `code` is a currency of ISO 4217 by ICU's data, today's or
// one of before: a purchase may be reported late. The code by which ISO and ICU
// mean no currency is none. Pure.
bool IsCurrency(absl::string_view code);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_CURRENCY_H_
