#ifndef KITH_GATEWAY_HOOKS_JOURNAL_ATTEMPT_END_H_
#define KITH_GATEWAY_HOOKS_JOURNAL_ATTEMPT_END_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "kith/interactions/v1/journal.pb.h"

namespace kith::gateway {

// Makes the end of an attempt FAILED, unless it is so already.
void FailAttempt(interactions::v1::EntryFailure failure,
                 absl::string_view reason,
                 interactions::v1::SettleEntryRequest& end);

// Adds an error of a touch to the end of an attempt, which is DONE as long as
// nothing was added. An error that passes by itself has the attempt made again;
// any other makes the entry FAILED, whatever else is to be made again. Does
// nothing for OK.
void AddToEnd(const absl::Status& status,
              interactions::v1::SettleEntryRequest& end);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_JOURNAL_ATTEMPT_END_H_
