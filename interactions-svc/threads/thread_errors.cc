#include "interactions-svc/threads/thread_errors.h"

#include "absl/strings/str_cat.h"

namespace kith::interactions {

using base::Uuid;

absl::Status NoThreadError(absl::string_view field, const Uuid& id) {
  return absl::NotFoundError(
      absl::StrCat(field, ": no thread ", id.ToString()));
}

absl::Status NotInThreadError(absl::string_view field,
                              const Uuid& interaction_id) {
  return absl::NotFoundError(absl::StrCat(
      field, ": the thread has no interaction ", interaction_id.ToString()));
}

absl::Status CheckNotJoined(absl::string_view field, const ThreadRow& row) {
  const std::string& into = row.stored.thread().joined_into_thread_id();
  if (into.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(field, ": thread ", row.thread_id.ToString(),
                   " was joined into thread ", into));
}

absl::Status OtherContactError() {
  return absl::FailedPreconditionError(
      "joined_thread_id: the thread is of another contact; it can only "
      "continue one of this contact, not be joined into it");
}

absl::Status ChainedError() {
  return absl::FailedPreconditionError(
      "joined_thread_id: the thread continues another one of the contact, or "
      "is continued by one");
}

absl::Status TooManyMovedError(absl::string_view field, size_t most) {
  return absl::FailedPreconditionError(
      absl::StrCat(field, ": more than ", most, " interactions would move"));
}

absl::Status NothingStaysError(absl::string_view field) {
  return absl::FailedPreconditionError(absl::StrCat(
      field, ": these are all of the thread, at least one must stay"));
}

absl::Status NoChangeError(absl::string_view field, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(field, ": ", what));
}

absl::Status MovedOnError(absl::string_view field, const Uuid& interaction_id) {
  return absl::FailedPreconditionError(
      absl::StrCat(field, ": a later change has moved interaction ",
                   interaction_id.ToString(), "; take that back first"));
}

}  // namespace kith::interactions
