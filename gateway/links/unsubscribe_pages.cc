#include "gateway/links/unsubscribe_pages.h"

#include <exception>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/ops/log.h"
#include "gateway/calls/task.h"
#include "gateway/links/one_click.h"
#include "gateway/links/refusal.h"

namespace kith::gateway {
namespace {

using edge::Reply;

constexpr char kLinkRoute[] = "/u/{token}";
// No token has a "." in it.
constexpr char kStylePath[] = "/u/page.css";

constexpr size_t kPostedBytes = 64 << 10;

// No script at all, and a form that posts to where it came from.
constexpr char kPagePolicy[] =
    "default-src 'none'; style-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

constexpr char kPageStyle[] = R"(body {
  margin: 15vh auto 0;
  max-width: 26rem;
  padding: 1rem;
  font: 1.1rem/1.5 system-ui, sans-serif;
  color: #1b1b1b;
  background: #fff;
}
h1 { font-size: 1.5rem; line-height: 1.25; }
button {
  border: 0;
  border-radius: 0.4rem;
  padding: 0.75rem 1.5rem;
  font: inherit;
  color: #fff;
  background: #0b57d0;
  cursor: pointer;
}
button:focus-visible { outline: 3px solid #1b1b1b; outline-offset: 2px; }
)";

constexpr char kQuestionPage[] = R"(<h1>Stop these e-mails?</h1>
<p>You will get no more e-mails of this kind at this address.</p>
<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">Unsubscribe</button>
</form>
)";

constexpr char kDonePage[] = R"(<h1>You are unsubscribed</h1>
<p>You will get no more e-mails of this kind at this address.</p>
)";

constexpr char kUnknownPage[] = R"(<h1>This link does not work</h1>
<p>Please open the link as it is in the e-mail.</p>
)";

constexpr char kNothingPage[] = R"(<h1>Nothing was changed</h1>
<p>Please open the link of the e-mail, and press the button there.</p>
)";

constexpr char kLaterPage[] = R"(<h1>Please try again in a minute</h1>
<p>You are not unsubscribed yet.</p>
)";

Reply PageOf(int status, absl::string_view content) {
  return {.status = status,
          .headers = {{"content-type", "text/html; charset=utf-8"},
                      {"content-security-policy", kPagePolicy},
                      {"referrer-policy", "no-referrer"},
                      {"x-robots-tag", "noindex"}},
          .body = absl::StrCat(
              "<!doctype html>\n<html lang=\"en\">\n<head>\n"
              "<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width\">\n"
              "<title>Unsubscribe</title>\n"
              "<link rel=\"stylesheet\" href=\"",
              kStylePath, "\">\n</head>\n<body>\n<main>\n", content,
              "</main>\n</body>\n</html>\n")};
}

Reply OtherMethod(const char* allowed) {
  Reply reply = PageOf(405, kNothingPage);
  reply.headers.emplace_back("allow", allowed);
  return reply;
}

bool IsRead(const edge::Request& request) {
  return request.head.method == "GET" || request.head.method == "HEAD";
}

Reply StyleFor(const edge::Request& request) {
  if (!IsRead(request)) return OtherMethod("GET, HEAD");
  return {.status = 200,
          .headers = {{"content-type", "text/css; charset=utf-8"},
                      {"cache-control", "max-age=3600"}},
          .body = kPageStyle};
}

Reply ReplyTo(const absl::Status& refused) {
  if (refused.ok()) return PageOf(200, kDonePage);
  if (absl::IsNotFound(refused)) return PageOf(404, kUnknownPage);
  ops::Log(ops::Severity::kError, "an unsubscription was not recorded",
           {{"reason", refused.message()}});
  Reply reply = PageOf(503, kLaterPage);
  reply.headers.emplace_back("retry-after", "60");
  return reply;
}

// A refusal goes on though nobody waits for its reply.
class Refusing final : public edge::Exchange {
 public:
  void Cancel() override {}
};

// Records a refusal, and then replies.
Detached RefuseAndReply(const Backends& backends, base::RequestContext context,
                        std::string token,
                        internal::v1::UnsubscribeLinkBody link,
                        edge::Handler::Done done) {
  absl::Status refused;
  try {
    refused = co_await Refuse(backends, context, token, link);
  } catch (const std::exception& e) {
    refused = absl::InternalError(absl::StrCat("exception: ", e.what()));
  }
  done(ReplyTo(refused));
}

}  // namespace

UnsubscribePages::UnsubscribePages(
    std::shared_ptr<const UnsubscribeLinks> links, const Backends& backends,
    std::shared_ptr<const auth::LiveKeys> keys)
    : links_(std::move(links)),
      backends_(backends),
      acting_(backends, std::move(keys)) {}

absl::string_view UnsubscribePages::RouteOf(absl::string_view path) const {
  if (path == kStylePath) return kStylePath;
  return absl::StartsWith(path, kUnsubscribePath) ? kLinkRoute : "";
}

bool UnsubscribePages::TakesBody(absl::string_view path) const {
  return links_->Open(absl::StripPrefix(path, kUnsubscribePath)).has_value();
}

size_t UnsubscribePages::MostBodyBytes(absl::string_view /*path*/) const {
  return kPostedBytes;
}

std::shared_ptr<edge::Exchange> UnsubscribePages::Answer(
    const edge::Request& request, absl::string_view path,
    base::RequestContext trace, edge::Handler::Done done) const {
  if (path == kStylePath) {
    done(StyleFor(request));
    return nullptr;
  }
  const absl::string_view token = absl::StripPrefix(path, kUnsubscribePath);
  auto link = links_->Open(token);
  if (!link.has_value()) {
    done(PageOf(404, kUnknownPage));
    return nullptr;
  }
  if (request.head.method != "POST") {
    done(IsRead(request) ? PageOf(200, kQuestionPage)
                         : OtherMethod("GET, HEAD, POST"));
    return nullptr;
  }
  if (!IsOneClick(edge::FindHeader(request.head.headers, "content-type"),
                  request.body)) {
    done(PageOf(400, kNothingPage));
    return nullptr;
  }
  auto context = acting_.Enter(std::move(trace), link->tenant_id());
  if (!context.ok()) {
    done(ReplyTo(context.status()));
    return nullptr;
  }
  RefuseAndReply(backends_, *std::move(context), std::string(token),
                 *std::move(link), std::move(done));
  return std::make_shared<Refusing>();
}

}  // namespace kith::gateway
