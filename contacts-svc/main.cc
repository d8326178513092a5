#include <cstdint>
#include <string>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/server/service_main.h"
#include "common/status/status_macros.h"
#include "contacts-svc/contact_lines.h"
#include "contacts-svc/service_definition.h"

ABSL_FLAG(
    std::string, contacts, "",
    "missing or known: copy those lines of standard input, from "
    "identity-svc --holdings=list, whose contact is missing or known, and "
    "exit; with 1 where any is missing.");

namespace kith::contacts {
namespace {

absl::Status RunContacts(const server::TaskContext& task) {
  const std::string work = absl::GetFlag(FLAGS_contacts);
  if (work != "missing" && work != "known") {
    return absl::InvalidArgumentError("--contacts: want missing or known");
  }
  const bool known = work == "known";
  KITH_ASSIGN_OR_RETURN(
      const int64_t copied,
      SelectLines(task, known ? ContactIs::kKnown : ContactIs::kMissing));
  if (known || copied == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      copied,
      " values are held by contacts that do not exist; identity-svc "
      "--holdings=free frees them"));
}

server::DatabaseService Definition() {
  server::DatabaseService service = ServiceDefinition();
  service.tasks = {
      {.flag = "contacts",
       .asked = [] { return !absl::GetFlag(FLAGS_contacts).empty(); },
       .run = RunContacts}};
  return service;
}

}  // namespace
}  // namespace kith::contacts

int main(int argc, char** argv) {
  return kith::server::RunDatabaseService(argc, argv,
                                          kith::contacts::Definition());
}
