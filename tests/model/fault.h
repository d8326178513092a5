#ifndef KITH_TESTS_MODEL_FAULT_H_
#define KITH_TESTS_MODEL_FAULT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace kith::model {

// What is wrong; empty where nothing is.
using Fault = std::string;

// How two messages differ.
Fault Differs(const google::protobuf::Message& got,
              const google::protobuf::Message& want);

// That an answer is not the error wanted: its code, and the reason of its
// ErrorInfo, empty where it has none.
Fault NotRefused(const absl::Status& got, absl::StatusCode code,
                 const std::string& reason);

template <typename T>
Fault WantRefused(const absl::StatusOr<T>& answer, absl::StatusCode code,
                  const std::string& reason = "") {
  return NotRefused(answer.status(), code, reason);
}

template <typename T>
Fault WantOk(const absl::StatusOr<T>& answer) {
  return answer.ok() ? "" : answer.status().ToString();
}

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_FAULT_H_
