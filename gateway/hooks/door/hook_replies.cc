#include "gateway/hooks/door/hook_replies.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gateway/edge/protocols/content_coding.h"

namespace kith::gateway {
namespace {

using edge::Reply;

constexpr absl::Duration kComeAgain = absl::Seconds(5);

Reply TextReply(int status, absl::string_view text) {
  return {.status = status,
          .headers = {{"content-type", "text/plain; charset=utf-8"}},
          .body = absl::StrCat(text, "\n")};
}

Reply LaterReply(int status, absl::string_view text, absl::Duration wait) {
  Reply reply = TextReply(status, text);
  reply.headers.emplace_back("retry-after", edge::RetryAfter(wait));
  return reply;
}

int StatusOfRefusal(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kUnimplemented:
      return 405;
    case absl::StatusCode::kOutOfRange:
      return 413;
    default:
      return 415;
  }
}

}  // namespace

Reply AnswerReply(const v1::HookAnswer& answer) {
  Reply reply = {.status = answer.status(), .body = answer.body()};
  if (!answer.content_type().empty()) {
    reply.headers.emplace_back("content-type", answer.content_type());
  }
  if (!answer.location().empty()) {
    reply.headers.emplace_back("location", answer.location());
  }
  return reply;
}

Reply RefusalReply(const absl::Status& refusal, const std::string& methods) {
  Reply reply = TextReply(StatusOfRefusal(refusal.code()), refusal.message());
  if (reply.status == 405) reply.headers.emplace_back("allow", methods);
  return reply;
}

Reply TooManyReply(absl::Duration wait) {
  return LaterReply(429, "too many requests; come again later", wait);
}

Reply NotKeptReply(const absl::Status& fault) {
  // The tenant is gone, or nobody can keep such a request ever.
  if (absl::IsNotFound(fault)) {
    return TextReply(404, "there is no such address");
  }
  if (absl::IsInvalidArgument(fault)) {
    return TextReply(400, "the request cannot be kept");
  }
  return LaterReply(503, "the request was not kept; come again later",
                    kComeAgain);
}

}  // namespace kith::gateway
