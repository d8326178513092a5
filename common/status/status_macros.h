#ifndef KITH_COMMON_STATUS_STATUS_MACROS_H_
#define KITH_COMMON_STATUS_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the function if `expression`, an absl::Status, is not OK.
#define KITH_RETURN_IF_ERROR(expression)                              \
  do {                                                                \
    if (absl::Status kith_status = (expression); !kith_status.ok()) { \
      return kith_status;                                             \
    }                                                                 \
  } while (false)

// Assigns the value of `expression`, an absl::StatusOr, to `left`, which may be
// a declaration. If `expression` is not OK, returns its status from the
// function.
#define KITH_ASSIGN_OR_RETURN(left, expression)                             \
  KITH_ASSIGN_OR_RETURN_IMPL_(KITH_CONCAT_(kith_statusor_, __LINE__), left, \
                              expression)

#define KITH_ASSIGN_OR_RETURN_IMPL_(statusor, left, expression) \
  auto statusor = (expression);                                 \
  if (!statusor.ok()) return std::move(statusor).status();      \
  left = *std::move(statusor)

#define KITH_CONCAT_(a, b) KITH_CONCAT_INNER_(a, b)
#define KITH_CONCAT_INNER_(a, b) a##b

#endif  // KITH_COMMON_STATUS_STATUS_MACROS_H_
