#include "tests/bench/usage.h"

#include <unistd.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/text_file.h"
#include "common/status/status_macros.h"

namespace kith::bench {
namespace {

constexpr absl::string_view kReads =
    "SHOW GLOBAL STATUS WHERE Variable_name LIKE 'Handler\\_read\\_%' "
    "OR Variable_name = 'Innodb_buffer_pool_read_requests'";
constexpr absl::string_view kPages = "Innodb_buffer_pool_read_requests";
// In /proc/<pid>/stat, from the one after the name.
constexpr size_t kUserTime = 11;
constexpr size_t kSystemTime = 12;

absl::StatusOr<absl::Duration> CpuTime(int pid) {
  KITH_ASSIGN_OR_RETURN(const std::string stat,
                        base::ReadFile(absl::StrCat("/proc/", pid, "/stat")));
  // The name, in brackets, may hold anything.
  const std::vector<std::string> fields =
      absl::StrSplit(stat.substr(stat.rfind(')') + 2), ' ');
  int64_t user = 0;
  int64_t system = 0;
  if (fields.size() <= kSystemTime ||
      !absl::SimpleAtoi(fields[kUserTime], &user) ||
      !absl::SimpleAtoi(fields[kSystemTime], &system)) {
    return absl::InternalError("/proc has another format");
  }
  return absl::Seconds(static_cast<double>(user + system) /
                       static_cast<double>(sysconf(_SC_CLK_TCK)));
}

}  // namespace

Usage& Usage::operator+=(const Usage& other) {
  rows += other.rows;
  pages += other.pages;
  for (const auto& [name, time] : other.cpu) cpu[name] += time;
  return *this;
}

Usage Usage::operator-(const Usage& other) const {
  Usage difference = *this;
  difference.rows -= other.rows;
  difference.pages -= other.pages;
  for (const auto& [name, time] : other.cpu) difference.cpu[name] -= time;
  return difference;
}

UsageMeter::UsageMeter(const mysql::SessionOptions& database,
                       Processes processes)
    : session_(std::make_unique<mysql::Session>(database)),
      processes_(std::move(processes)) {}

absl::StatusOr<UsageMeter> UsageMeter::Make(
    const mysql::SessionOptions& database, Processes processes) {
  UsageMeter meter(database, std::move(processes));
  // The first one opens the session, too.
  KITH_RETURN_IF_ERROR(meter.ReadAll().status());
  KITH_ASSIGN_OR_RETURN(const Usage before, meter.ReadAll());
  KITH_ASSIGN_OR_RETURN(const Usage after, meter.ReadAll());
  meter.own_.rows = after.rows - before.rows;
  meter.own_.pages = after.pages - before.pages;
  return meter;
}

absl::StatusOr<Usage> UsageMeter::Read() {
  KITH_ASSIGN_OR_RETURN(Usage usage, ReadAll());
  usage.rows -= readings_ * own_.rows;
  usage.pages -= readings_ * own_.pages;
  ++readings_;
  return usage;
}

absl::StatusOr<Usage> UsageMeter::ReadAll() {
  Usage usage;
  KITH_RETURN_IF_ERROR(session_->Query(kReads, {}, [&](const mysql::Row& row) {
    double value = 0;
    if (!absl::SimpleAtod(row.Bytes(1), &value)) return;
    (row.Bytes(0) == kPages ? usage.pages : usage.rows) += value;
  }));
  for (const auto& [name, pid] : processes_) {
    KITH_ASSIGN_OR_RETURN(usage.cpu[name], CpuTime(pid));
  }
  return usage;
}

}  // namespace kith::bench
