#include "tests/bench/capture.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/text_file.h"
#include "common/status/status_macros.h"

namespace kith::bench {
namespace {

constexpr uint64_t kSeed = 4711;

}  // namespace

absl::Status Capture::Start() {
  KITH_RETURN_IF_ERROR(administrator_.ExecuteText(
      absl::StrCat("SET GLOBAL general_log_file = '", log_file_, "'")));
  // Those that are open already, as a worker's that has read a page of changes
  // for the gateway, are not opened in the log.
  KITH_RETURN_IF_ERROR(administrator_.Query(
      "SELECT id, db FROM information_schema.processlist WHERE db IS NOT NULL",
      {}, [&](const mysql::Row& row) {
        log_.push_back(
            {.session = row.Int(0),
             .command = "Connect",
             .argument = absl::StrCat("it was on ", row.Bytes(1), " before")});
      }));
  return administrator_.ExecuteText("SET GLOBAL general_log = ON");
}

absl::Status Capture::Add(const Scenario& scenario, int samples,
                          std::atomic<uint64_t>& serial) {
  Part part{.name = scenario.name, .pairs = scenario.writes, .begin = calls_};
  for (int i = 0; i < samples; ++i) {
    KITH_RETURN_IF_ERROR(CallOnce(scenario, kSeed + i, ++serial));
    if (!part.pairs) continue;
    KITH_RETURN_IF_ERROR(CallOnce(scenario, kSeed + i, ++serial));
  }
  part.end = calls_;
  parts_.push_back(part);
  return absl::OkStatus();
}

absl::Status Capture::CallOnce(const Scenario& scenario, uint64_t seed,
                               uint64_t serial) {
  KITH_RETURN_IF_ERROR(administrator_.ExecuteText(CallMarker(calls_++)));
  Random random(seed);
  absl::Notification answered;
  absl::Status status;
  scenario.start(random, serial, [&](const absl::Status& ended) {
    status = ended;
    answered.Notify();
  });
  answered.WaitForNotification();
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(scenario.name, ": ", status.message()));
}

absl::StatusOr<std::vector<std::vector<ReplayedCall>>> Capture::Finish() {
  KITH_RETURN_IF_ERROR(
      administrator_.ExecuteText("SET GLOBAL general_log = OFF"));
  KITH_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(log_file_));
  for (LogEntry& entry : ParseGeneralLog(text)) {
    log_.push_back(std::move(entry));
  }
  KITH_ASSIGN_OR_RETURN(std::vector<Statements> calls,
                        StatementsOfCalls(log_, calls_));
  std::vector<std::vector<ReplayedCall>> all;
  for (const Part& part : parts_) {
    std::vector<ReplayedCall>& replayed = all.emplace_back();
    for (size_t i = part.begin; i < part.end; i += part.pairs ? 2 : 1) {
      if (calls[i].empty()) {
        return absl::InternalError(
            absl::StrCat("no statements of ", part.name, " in the log"));
      }
      if (!part.pairs) {
        replayed.emplace_back(std::move(calls[i]));
        continue;
      }
      auto fresh = ReplayedCall::Fresh(std::move(calls[i]), calls[i + 1]);
      // As where a contact's first touch makes a row that its second updates.
      if (!fresh.ok()) continue;
      replayed.push_back(*std::move(fresh));
    }
    if (replayed.empty()) {
      return absl::InternalError(
          absl::StrCat("no two calls of ", part.name, " are alike"));
    }
  }
  return all;
}

}  // namespace kith::bench
